import { expect, test } from 'vitest';
import type { Context } from '../../../src/commands/define.ts';
import { listSpec } from '../../../src/commands/plans/list-spec.ts';
import { statusSpec } from '../../../src/commands/plans/status-spec.ts';
import { statusSwarm } from '../../../src/commands/swarm/status-swarm.ts';
import { partOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created, imported, started, unchecked } from '../../tasks/journal.ts';

const plan = [imported('demo', ['1', '2']), created('1', { spec: 'demo' }, true), created('2', { spec: 'demo' })];

test('specs are listed with how far each is', async () => {
  const { message, data, text } = await openDesk(listSpec, plan).say('list specs');
  expect(message).toBe('1 spec');
  expect(data).toMatchObject([{ name: 'demo', tasks: ['1', '2'], progress: { total: 2, done: 1, percent: 50 } }]);
  expect(text).toMatch(/^demo +1\/2 +50%.* siblings +yes +\/repo\/spec$/m);
});

test('what was given up is counted beside what is to be done, as everywhere', async () => {
  const facts = [
    imported('demo', ['1', '2', '3', '4']),
    ...[created('1', { spec: 'demo' }, true), ...['2', '3', '4'].map((id) => created(id, { spec: 'demo' }))],
    { type: 'task.cancelled', data: { id: '3' } } as const,
    { type: 'task.archived', data: { id: '4', archived: true } } as const,
  ];
  const { data, text } = await openDesk(listSpec, facts).say('list specs');
  expect(data).toMatchObject([{ progress: { total: 2, done: 1, cancelled: 1, archived: 1, percent: 50 } }]);
  expect(text).toMatch(/^demo +1\/2, 1 cancelled, 1 archived +50%/m);
  const shown = await openDesk(statusSpec, facts).say('status spec demo');
  expect(shown.message).toContain('demo: 1 of 2 done, 1 cancelled, 1 archived, 50%');
  const agents = partOf<Context['agents']>({ workers: async () => [] });
  const status = await openDesk(statusSwarm, facts, { agents, resources: () => [] }).say('status');
  expect(status.message).toContain('Tasks: 1 of 2 done, 1 cancelled, 1 archived.');
});

test('what is done and no check has looked at is counted apart', async () => {
  const facts = [...plan, started('2', 'a'), unchecked('2')];
  const { data, text } = await openDesk(listSpec, facts).say('list specs');
  expect(data).toMatchObject([{ progress: { total: 2, done: 2, unchecked: 1 } }]);
  expect(text).toMatch(/^demo +2\/2 \(1 unchecked\) +100%/m);
  const shown = await openDesk(statusSpec, facts).say('status spec demo');
  expect(shown.message).toContain('demo: 2 of 2 done (1 unchecked), 100%');
});

test('without a spec the list says how to get one, and a state is no word for it', async () => {
  expect((await openDesk(listSpec).say('list specs')).text).toBe('No spec. Import one: import spec PATH');
  expect((await openDesk(listSpec, plan).say('list failed specs')).exit).toBe(2);
});
