import { expect, test } from 'vitest';
import type { EventDraft } from '../../src/state/index.ts';
import { stateOf } from './fold.ts';
import { instanceCreated, planOf, story, taskCreated, timeOf } from './story.ts';

const task = (...drafts: readonly EventDraft[]) => stateOf(taskCreated('1'), ...drafts).tasks['1']!;
const started: EventDraft = {
  type: 'run.started',
  data: { id: '1', instance: 'claude-1', branch: 'feature/1', start_commit: 'c0' },
};
const assigned: EventDraft = {
  type: 'task.assigned',
  data: { id: '1', instance: 'claude-1', pinned: true, reason: 'asked for' },
};
const failed: EventDraft = {
  type: 'run.failed',
  data: { id: '1', failure: { class: 'check', message: 'ended with 1' } },
};
const result = { head_commit: 'c1', commits: 1, files: 1, insertions: 1, deletions: 0, check_ms: 5, check_output: '' };
const requested: EventDraft = { type: 'task.requested', data: { ids: ['1', 'unknown'] } };

test('a task of a plan is open, or done when its box was ticked', () => {
  expect(task()).toMatchObject({ state: 'open', since: timeOf(1), assignee: null, attempts: 0, revision: 1 });
  expect(stateOf({ type: 'task.created', data: { task: planOf('1'), done: true } }).tasks['1']?.state).toBe('done');
});

test('an edit changes what the plan says and nothing that happened', () => {
  const edited = task(started, {
    type: 'task.edited',
    data: { id: '1', changes: { title: 'New', priority: 'urgent' } },
  });
  expect(edited).toMatchObject({ title: 'New', priority: 'urgent', state: 'running', attempts: 1, revision: 3 });
});

test('a task goes from request to run to claim to done', () => {
  const steps: readonly EventDraft[] = [
    requested,
    assigned,
    started,
    { type: 'run.progressed', data: { id: '1', progress: 50, note: 'half' } },
    { type: 'run.claimed', data: { id: '1', summary: 'ready' } },
    { type: 'run.verified', data: { id: '1', result } },
  ];
  const states = steps.map((_step, index) => task(...steps.slice(0, index + 1)).state);
  expect(states).toEqual(['open', 'assigned', 'running', 'running', 'verifying', 'done']);
  expect(task(...steps)).toMatchObject({
    requested: false,
    assignee: 'claude-1',
    pinned: true,
    run: {
      attempt: 1,
      progress: 100,
      note: 'half',
      summary: 'ready',
      claimed_at: timeOf(6),
      ended_at: timeOf(7),
      result,
    },
  });
});

test('a verified run that fails its gate later had ended when it was verified', () => {
  const verified: EventDraft = { type: 'run.verified', data: { id: '1', result } };
  const failure = { class: 'gate', message: 'coverage fell' } as const;
  const gated = task(started, verified, { type: 'run.failed', data: { id: '1', failure } });
  expect(gated).toMatchObject({ state: 'failed', since: timeOf(4), run: { ended_at: timeOf(3), failure } });
});

test('what somebody does by hand after an agent is neither its work nor its time', () => {
  const verified: EventDraft = { type: 'run.verified', data: { id: '1', result } };
  const claimed: EventDraft = { type: 'run.claimed', data: { id: '1', summary: null, by_hand: 'ada' } };
  const { run } = task(started, verified, claimed, verified);
  expect(run).toMatchObject({ instance: 'claude-1', by_hand: 'ada', ended_at: timeOf(3) });
});

test('the run before stays readable when a new one starts', () => {
  const again = task(started, failed, assigned, started);
  expect(again).toMatchObject({ state: 'running', attempts: 2, run: { attempt: 2 } });
  expect(again.history).toMatchObject([{ attempt: 1, failure: { class: 'check' } }]);
});

test('a task keeps its last twenty runs', () => {
  const many = Array.from({ length: 25 }, () => [started, failed]).flat();
  expect(task(...many)).toMatchObject({ attempts: 25, history: { length: 20 } });
});

test('a failed, blocked or reopened task belongs to nobody any more where that is so', () => {
  expect(task(requested, started, failed)).toMatchObject({ state: 'failed', requested: false, assignee: 'claude-1' });
  const blocked: EventDraft = { type: 'task.blocked', data: { id: '1', reason: 'failed twice' } };
  expect(task(started, failed, blocked)).toMatchObject({
    state: 'blocked',
    assignee: null,
    blocked_by: 'failed twice',
  });
  const reopened: EventDraft = { type: 'task.reopened', data: { id: '1', reason: 'said so' } };
  expect(task(started, failed, blocked, reopened)).toMatchObject({
    state: 'open',
    blocked_by: null,
    run: null,
    history: { length: 1 },
  });
  const unassigned: EventDraft = { type: 'task.unassigned', data: { id: '1', reason: 'it stops' } };
  expect(task(assigned, unassigned)).toMatchObject({ state: 'open', assignee: null, pinned: false });
});

test('a cancelled task is not wanted any more and a removed one is gone', () => {
  expect(task(requested, { type: 'task.cancelled', data: { id: '1' } })).toMatchObject({
    state: 'cancelled',
    requested: false,
  });
  expect(stateOf(taskCreated('1'), { type: 'task.removed', data: { id: '1' } }).tasks).toEqual({});
});

test('facts about a run that is not there, or a task that is not there, change nothing', () => {
  const progressed: EventDraft = { type: 'run.progressed', data: { id: '1', progress: 1, note: null } };
  expect(task(progressed)).toMatchObject({ state: 'open', run: null });
  expect(stateOf(progressed).tasks).toEqual({});
});

test('a merge marks the task with its batch and commit', () => {
  expect(stateOf(...story).tasks['1']).toMatchObject({ batch: 'batch-1', merge_commit: 'c3' });
  const merged: EventDraft = { type: 'batch.merged', data: { id: 'batch-1', task: 'gone', branch: 'b', commit: 'c' } };
  expect(stateOf(taskCreated('1'), merged).tasks['1']?.batch).toBeNull();
});

test('an instance has the tasks it works on in its queue, in the order they came', () => {
  const second = 'kiro-1';
  const drafts: readonly EventDraft[] = [
    instanceCreated('claude-1'),
    instanceCreated(second),
    taskCreated('1'),
    taskCreated('2'),
    { type: 'task.assigned', data: { id: '2', instance: 'claude-1', pinned: false, reason: '' } },
    assigned,
  ];
  expect(stateOf(...drafts).instances['claude-1']?.task_assignments).toEqual(['2', '1']);
  const handedOver = stateOf(...drafts, {
    type: 'task.assigned',
    data: { id: '2', instance: second, pinned: false, reason: '' },
  });
  expect(handedOver.instances['claude-1']?.task_assignments).toEqual(['1']);
  expect(handedOver.instances[second]?.task_assignments).toEqual(['2']);
  const removed = stateOf(...drafts, { type: 'task.removed', data: { id: '2' } });
  expect(removed.instances['claude-1']?.task_assignments).toEqual(['1']);
});
