import { expect, test } from 'vitest';
import { raceTask } from '../../../src/commands/races/race-task.ts';
import { assignTask } from '../../../src/commands/tasks/assign-task.ts';
import { runTask } from '../../../src/commands/tasks/run-task.ts';
import { stopTask } from '../../../src/commands/tasks/stop-task.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instanceCreated, taskCreated } from '../../state/story.ts';

const result = { head_commit: 'c2', commits: 1, files: 1, insertions: 1, deletions: 0, check_ms: 5, check_output: '' };
const run: EventDraft = {
  type: 'run.started',
  data: { id: 't1', instance: 'claude-1', branch: 'b', start_commit: 'c0' },
};
const started: EventDraft = {
  type: 'instance.started',
  data: { instance_id: 'claude-1', session: 's', pane: '%1', pid: 7 },
};
const idle: EventDraft = { type: 'instance.moved', data: { instance_id: 'claude-1', state: 'idle', source: 'hook' } };
const merged: readonly EventDraft[] = [
  run,
  { type: 'run.verified', data: { id: 't1', result } },
  { type: 'batch.merged', data: { id: 'batch-1', task: 't1', commit: 'c3', conflicted: false } as never },
];

const chain = [
  taskCreated('t1'),
  taskCreated('t2', { dependencies: ['t1'] }),
  taskCreated('t3', { dependencies: ['t2'] }),
];
const openRunDesk = (facts: readonly EventDraft[] = []) =>
  openDesk(
    [runTask, assignTask, raceTask, stopTask],
    [...chain, instanceCreated('claude-1'), started, idle, ...facts],
    {
      settings: settingsSchema.parse({ agent: 'rehearsal' }),
    },
  );

test('a task that cannot be run as it is names what helps in its state', async () => {
  const desk = openRunDesk([run]);
  expect(await desk.say('run task t1')).toMatchObject({ exit: 6, hint: 'To begin it anew, first: stop task t1' });
  expect(await desk.say('stop task t1')).toMatchObject({ exit: 0 });
  const redo = 'It is merged; to take that back: rollback integration batch-1';
  const done = openRunDesk(merged);
  for (const line of ['run task t1', 'assign task t1 to claude-1'])
    expect(await done.say(line)).toMatchObject({ exit: 6, hint: redo });
  const cancelled = openRunDesk([{ type: 'task.cancelled', data: { id: 't1' } }]);
  expect(await cancelled.say('run task t1')).toMatchObject({ exit: 6, hint: 'To do it once more: retry task t1' });
});

test('a task is run with all that it needs, however far back, and as it was asked for', async () => {
  const desk = openRunDesk();
  expect(await desk.say('run task t3')).toMatchObject({
    exit: 6,
    message: 't3 is blocked; it waits for t2.',
    hint: 'To run what it needs as well, say: run task t1, t2, t3',
  });
  desk.add(taskCreated('t4'));
  expect((await desk.say('run tasks t3, t4 group=g')).hint).toBe(
    'To run what it needs as well, say: run task t1, t2, t3, t4 group=g',
  );
  expect((await desk.say('race task t3 agents=claude,codex')).hint).toBe('Run these first: run task t1, t2');
  desk.add({ type: 'task.requested', data: { ids: ['t1', 't2'] } });
  expect((await desk.say('race task t3 agents=claude,codex')).hint).toBe(
    'Wait until they are done: they are on their way.',
  );
  desk.add({ type: 'task.cancelled', data: { id: 't1' } }, { type: 'task.reopened', data: { id: 't2', reason: 'x' } });
  expect((await desk.say('run task t3')).hint).toBe('To do it once more: retry task t1');
});

test('what waits for a task that was cancelled is not said to follow', async () => {
  const facts = [taskCreated('t4'), { type: 'task.cancelled', data: { id: 't2' } } as EventDraft];
  expect(await openRunDesk(facts).say('run all tasks')).toMatchObject({
    message: expect.stringContaining('1 task starts, 1 queued. t3 does not begin: it waits for t2 (cancelled).'),
  });
});
