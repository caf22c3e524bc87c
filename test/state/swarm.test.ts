import { expect, test } from 'vitest';
import type { EventDraft } from '../../src/state/index.ts';
import { stateOf } from './fold.ts';
import { instanceCreated, taskCreated, timeOf } from './story.ts';

const started: EventDraft = { type: 'daemon.started', data: { pid: 1, version: '0.1.0' } };
const finished = (n: number): EventDraft => ({
  type: 'command.finished',
  data: { id: `k${n}`, text: 'status', verb: 'status', noun: 'swarm', exit: 0, message: 'fine' },
});

test('the swarm knows its daemon until that stops', () => {
  expect(stateOf(started).swarm.daemon).toEqual({ pid: 1, version: '0.1.0', started_at: timeOf(1) });
  expect(stateOf(started, { type: 'daemon.stopped', data: { pid: 1 } }).swarm.daemon).toBeNull();
});

test('the latest two hundred commands are remembered, oldest first', () => {
  const { commands } = stateOf(...Array.from({ length: 205 }, (_, n) => finished(n))).swarm;
  expect([commands.length, commands[0]?.id, commands.at(-1)?.id]).toEqual([200, 'k5', 'k204']);
});

test('a command that is told twice is remembered as it was told last; those without an id are all kept', () => {
  const nameless: EventDraft = { ...finished(0), data: { ...finished(0).data, id: '' } } as EventDraft;
  const again = { ...finished(1), data: { ...finished(1).data, message: 'at last' } } as EventDraft;
  const { commands } = stateOf(finished(1), finished(2), nameless, nameless, again).swarm;
  expect(commands.map(({ id, message }) => [id, message])).toEqual([
    ['k2', 'fine'],
    ['', 'fine'],
    ['', 'fine'],
    ['k1', 'at last'],
  ]);
});

test('the next free numbers follow from the ids that were used', () => {
  const { swarm } = stateOf(
    instanceCreated('claude-1', 0),
    instanceCreated('claude-7', 4),
    instanceCreated('my-agent-2', 2),
    instanceCreated('nameless', 1),
    taskCreated('3.1'),
    taskCreated('t4'),
    { type: 'batch.started', data: { id: 'batch-3', target: 'main', base_commit: 'c', tasks: [] } },
    { type: 'batch.started', data: { id: 'by-hand', target: 'main', base_commit: 'c', tasks: [] } },
  );
  expect(swarm).toMatchObject({
    next: { claude: 8, 'my-agent': 3 },
    next_theme: 5,
    next_task: 5,
    next_batch: 4,
  });
});

test('a number that was used is not given again after its instance is gone', () => {
  const { swarm } = stateOf(instanceCreated('claude-1'), {
    type: 'instance.removed',
    data: { instance_id: 'claude-1' },
  });
  expect(swarm.next).toEqual({ claude: 2 });
});

test('[SEC-9] that an agent was shut in is remembered when it is gone, and when it is started again without a sandbox', () => {
  const start = (sandbox?: 'worktree' | 'strict' | 'missing'): EventDraft => ({
    type: 'instance.started',
    data: { instance_id: 'claude-1', session: 's', pane: '%1', pid: 1, ...(sandbox && { sandbox }) },
  });
  const removed: EventDraft = { type: 'instance.removed', data: { instance_id: 'claude-1' } };
  const remembers = (...facts: readonly EventDraft[]) =>
    stateOf(instanceCreated('claude-1'), ...facts).swarm.had_shut_in;
  expect([remembers(start(), removed), remembers(start('missing'), removed)]).toEqual([false, false]);
  expect([remembers(start('worktree'), removed), remembers(start('strict'), start())]).toEqual([true, true]);
});

test('a repair of the journal changes nothing but the number of the last event', () => {
  const state = stateOf(started, { type: 'journal.repaired', data: { message: 'dropped' } });
  expect(state).toEqual({ ...stateOf(started), seq: 2 });
});
