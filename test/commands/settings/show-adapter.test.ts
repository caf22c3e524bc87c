import { expect, test } from 'vitest';
import { showAdapter } from '../../../src/commands/settings/show-adapter.ts';
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

test('an agent is shown with its program, how a task reaches it and how it is followed', async () => {
  const desk = openDesk(showAdapter, [], { agents });
  const { message, data } = await desk.say('show adapter rehearsal');
  expect(message).toBe(
    [
      'rehearsal: Rehearsal, 1.0',
      'program:   node, installed',
      'task:      typed into its terminal',
      'followed:  it tells by itself, through hooks',
    ].join('\n'),
  );
  expect(data).toMatchObject({ prompt: 'typed', follows: 'hooks' });
  expect((await desk.say('show adapter kiro')).message).toContain('kiro-cli, not installed: see kiro.dev');
});

test('an agent that is not known is an error that names the nearest one', async () => {
  expect(await openDesk(showAdapter, [], { agents }).say('show adapter kira')).toMatchObject({
    exit: 3,
    hint: 'Did you mean kiro? Known: rehearsal, kiro.',
  });
});
