import { expect, test } from 'vitest';
import { listAdapter } from '../../../src/commands/settings/list-adapter.ts';
import { openDesk } from '../../helpers/desk.ts';

const agents = {
  found: async () => [
    {
      agent: 'rehearsal',
      title: 'Rehearsal',
      found: true,
      version: '1.0',
      program: 'node',
      install: '',
      untrusted: false,
    },
    {
      agent: 'kiro',
      title: 'Kiro',
      found: false,
      version: null,
      program: 'kiro-cli',
      install: 'see kiro.dev',
      untrusted: false,
    },
  ],
  assertStartable: () => expect.unreachable('nothing is started'),
  workers: async () => [],
  assertRoom: () => expect.unreachable('nothing is started'),
  firstQuestion: () => expect.unreachable('nothing is started'),
};

test('the agents are listed with whether their programs are installed', async () => {
  const { message, data, text } = await openDesk(listAdapter, [], { agents }).say('list adapters');
  expect([message, data]).toMatchObject([
    '2 agents',
    [
      { agent: 'rehearsal', found: true },
      { agent: 'kiro', found: false },
    ],
  ]);
  expect(text).toMatch(/^rehearsal +yes +1\.0 +Rehearsal\nkiro +no +Kiro +see kiro\.dev$/m);
});

test('a state is no word for an agent', async () => {
  expect((await openDesk(listAdapter, [], { agents }).say('list failed adapters')).exit).toBe(2);
});
