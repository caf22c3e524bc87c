import { expect, test } from 'vitest';
import { sidesOf } from '../../../src/daemon/watch/conflict-sides.ts';
import type { SeenWork } from '../../../src/daemon/watch/follow-works.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { mergesBySaying } from '../../../src/tasks/mergeable.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated } from '../../state/story.ts';
import { after, created, resultAt, started } from '../../tasks/journal.ts';

const verified = (id: string, commit: string): EventDraft => ({
  type: 'run.verified',
  data: { id, result: resultAt(commit) },
});
const BEFORE = '2025-12-31T23:59:59.000Z';
const LATER = '2026-02-01T00:00:00.000Z';
const look = (head: string, tree: string | null = null, seen_at = LATER): SeenWork => ({
  ...{ head, tree, objects: null, unwatched: null, left_out: 0, seen_at },
});
const done = stateOf(instanceCreated('a-1'), created('t1'), started('t1', 'a-1'), verified('t1', 'c1'));
const next = after(done, created('t2'), started('t2', 'a-1'));
const works = (...looks: readonly (readonly [string, SeenWork])[]) => ({
  looks: new Map(looks),
  gone: new Set<string>(),
});
const named = (state: typeof done, seen: ReturnType<typeof works>) =>
  sidesOf(state, seen).sides.map(({ id, task, look: { head } }) => [id, task, head]);

test('[GIT-4] finished work stands for itself as soon as its agent is at something else, and never twice', () => {
  expect(named(done, works(['a-1', look('c1')]))).toEqual([['a-1', 't1', 'c1']]);
  // The look is still one at what is finished.
  expect(named(next, works(['a-1', look('c1')]))).toEqual([['t1', 't1', 'c1']]);
  expect(named(next, works(['a-1', look('c2')]))).toEqual([
    ['a-1', 't2', 'c2'],
    ['t1', 't1', 'c1'],
  ]);
  expect(named(next, works(['a-1', look('c1', 'edited')]))).toEqual([
    ['a-1', 't2', 'c1'],
    ['t1', 't1', 'c1'],
  ]);
});

test('finished work that is archived is compared as long as a merge of all takes it', () => {
  const archived = after(next, { type: 'task.archived', data: { id: 't1', archived: true } });
  const ofTasks = (state: typeof done) => sidesOf(state, works(['a-1', look('c2')])).sides.map(({ task }) => task);
  expect(mergesBySaying(archived, false).map(({ id }) => id)).toEqual(['t1']);
  expect(ofTasks(archived)).toEqual(['t2', 't1']);
  expect(named(archived, { ...works(), gone: new Set(['a-1']) })).toEqual([['t1', 't1', 'c1']]);
});

test('nothing is known of finished work whose worktree was not looked at, and all of it where that is gone', () => {
  expect(sidesOf(next, works())).toEqual({ sides: [], unseen: new Set(['a-1', 't1']) });
  expect(named(next, { ...works(), gone: new Set(['a-1']) })).toEqual([['t1', 't1', 'c1']]);
});

test('finished work that is called as an instance has the name of its branch', () => {
  const state = after(next, instanceCreated('t1'));
  const { branch } = state.tasks['t1']!.run!;
  expect(named(state, works(['a-1', look('c2')])).at(-1)).toEqual([branch, 't1', 'c1']);
});

test('work tells where it began, in a worktree as well as finished, so that nobody is blamed for what it is built on', () => {
  const since = (state: typeof done, seen: ReturnType<typeof works>) =>
    sidesOf(state, seen).sides.map(({ id, look: { since: begin } }) => [id, begin]);
  expect(since(done, works(['a-1', look('c1')]))).toEqual([['a-1', 'c0ffee']]);
  expect(since(next, works(['a-1', look('c2', 'edited')]))).toEqual([
    ['a-1', 'c0ffee'],
    ['t1', 'c0ffee'],
  ]);
  const further = after(next, {
    type: 'run.started',
    data: { id: 't2', instance: 'a-1', branch: 'b2', start_commit: 'c3', goes_on_from: 'b1' },
  });
  expect(since(further, works(['a-1', look('c2')]))[0]).toEqual(['a-1', undefined]);
});

test('the look of what an agent was at before does not begin where its new task does, which would blame it for what others merged', () => {
  const since = (state: typeof done, seen: SeenWork) => sidesOf(state, works(['a-1', seen])).sides[0]!.look.since;
  // The worktree was not looked at since the task was begun.
  expect(since(next, look('c2', null, BEFORE))).toBeUndefined();
  expect(since(next, look('c2', 'edited', BEFORE))).toBeUndefined();
  // A branch is made just before its run begins.
  expect(since(next, look('c0ffee', null, BEFORE))).toBe('c0ffee');
  expect(since(next, look('c2', null, LATER))).toBe('c0ffee');
});
