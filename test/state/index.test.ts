import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type EventDraft, emptyState, reduce, reduceAll, type State, stateSchema } from '../../src/state/index.ts';
import { instanceCreated, numbered, taskCreated } from './story.ts';

const INSTANCES = ['claude-1', 'claude-2', 'kiro-1'];
const TASKS = ['1', '2', '3', 't1'];
const instance = fc.constantFrom(...INSTANCES);
const id = fc.constantFrom(...TASKS);
const reason = 'because';

// Any order, also senseless ones: the fold must stand whatever it is given.
const anyDraft: fc.Arbitrary<EventDraft> = fc.oneof(
  id.map((id) => taskCreated(id)),
  instance.map((id) => instanceCreated(id, INSTANCES.indexOf(id))),
  fc.record({ id, instance }).map(
    (data): EventDraft => ({
      type: 'task.assigned',
      data: { ...data, pinned: false, reason },
    }),
  ),
  fc.record({ id, instance }).map(
    (data): EventDraft => ({
      type: 'run.started',
      data: { ...data, branch: 'b', start_commit: 'c' },
    }),
  ),
  fc
    .constantFrom('task.unassigned', 'task.blocked', 'task.reopened')
    .chain((type) => id.map((id): EventDraft => ({ type, data: { id, reason } }) as EventDraft)),
  fc
    .constantFrom('task.cancelled', 'task.removed')
    .chain((type) => id.map((id): EventDraft => ({ type, data: { id } }))),
  id.map((id): EventDraft => ({ type: 'run.claimed', data: { id, summary: null } })),
  id.map((id): EventDraft => ({ type: 'run.failed', data: { id, failure: { class: 'crash', message: reason } } })),
  id.map((task): EventDraft => ({ type: 'batch.merged', data: { id: 'batch-1', task, branch: 'b', commit: 'c' } })),
  instance.map((instance_id): EventDraft => ({ type: 'instance.removed', data: { instance_id } })),
);
const anyDrafts = fc.array(anyDraft, { maxLength: 60, size: 'max' });

const fold = (drafts: readonly EventDraft[], from: State = emptyState): State => numbered(drafts).reduce(reduce, from);

test('events that were seen already change nothing', () => {
  fc.assert(
    fc.property(anyDrafts, (drafts) => {
      const state = fold(drafts);
      expect(fold(drafts, state)).toBe(state);
    }),
  );
});

/** Whether a daemon could have written the fact: it makes nothing twice and gives tasks only to instances that exist. */
const makesSense = ({ tasks, instances }: State, draft: EventDraft): boolean => {
  if (draft.type === 'task.created') return !tasks[draft.data.task.id];
  if (draft.type === 'instance.created') return false;
  if (draft.type === 'task.assigned' || draft.type === 'run.started')
    return instances[draft.data.instance] !== undefined;
  return true;
};

test('the queue of an instance has just the tasks that it is to work on or works on', () => {
  fc.assert(
    fc.property(anyDrafts, (drafts) => {
      let kept = INSTANCES.map((id) => instanceCreated(id));
      for (const draft of drafts) if (makesSense(fold(kept), draft)) kept = [...kept, draft];
      const { instances, tasks } = fold(kept);
      for (const { instance_id, task_assignments } of Object.values(instances)) {
        const held = Object.values(tasks).filter(
          ({ assignee, state }) => assignee === instance_id && ['assigned', 'running', 'verifying'].includes(state),
        );
        expect(task_assignments.toSorted()).toEqual(held.map(({ id }) => id).toSorted());
      }
    }),
  );
});

test('a number that an id has used is never free again', () => {
  fc.assert(
    fc.property(anyDrafts, (drafts) => {
      let state = emptyState;
      for (const event of numbered(drafts)) {
        const before = state.swarm;
        state = reduce(state, event);
        for (const [name, next] of Object.entries(before.next))
          expect(state.swarm.next[name]).toBeGreaterThanOrEqual(next);
        for (const id of Object.keys(state.instances)) {
          const { name, n } = /^(?<name>.+)-(?<n>\d+)$/.exec(id)!.groups!;
          expect(state.swarm.next[name!]).toBeGreaterThan(Number(n));
        }
      }
    }),
  );
});

test('whatever happens, the state fits its schema and survives JSON', () => {
  fc.assert(
    fc.property(anyDrafts, (drafts) => {
      const state = fold(drafts);
      expect(stateSchema.parse(state)).toEqual(state);
      expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    }),
  );
});

test('the number of a record’s last change grows with the events', () => {
  fc.assert(
    fc.property(anyDrafts, (drafts) => {
      const state = fold(drafts);
      for (const { revision } of [...Object.values(state.tasks), ...Object.values(state.instances)])
        expect(revision).toBeLessThanOrEqual(state.seq);
    }),
  );
});

test('many events folded at once give what they give one after the other, and leave what was there before alone', () => {
  fc.assert(
    fc.property(anyDrafts, anyDrafts, (drafts, more) => {
      const before = fold(drafts);
      const kept = structuredClone(before);
      const events = numbered([...drafts, ...more]);
      const after = reduceAll(before, events);
      expect(after).toEqual(events.reduce(reduce, before));
      expect(JSON.stringify(after)).toBe(JSON.stringify(events.reduce(reduce, before)));
      expect(before).toEqual(kept);
    }),
  );
});
