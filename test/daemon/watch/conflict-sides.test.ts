import { expect, test } from 'vitest';
import { sidesOf } from '../../../src/daemon/watch/conflict-sides.ts';
import type { WorkLook } from '../../../src/ports/radar.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated } from '../../state/story.ts';
import { after, created, resultAt, started } from '../../tasks/journal.ts';

const verified = (id: string, commit: string): EventDraft => ({
  type: 'run.verified',
  data: { id, result: resultAt(commit) },
});
const look = (head: string, tree: string | null = null): WorkLook => ({
  ...{ head, tree, objects: null, unwatched: null, left_out: 0 },
});
const done = stateOf(instanceCreated('a-1'), created('t1'), started('t1', 'a-1'), verified('t1', 'c1'));
const next = after(done, created('t2'), started('t2', 'a-1'));
const works = (...looks: readonly (readonly [string, WorkLook])[]) => ({
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
  const archived: EventDraft = { type: 'task.archived', data: { id: 't1', archived: true } };
  expect(named(after(next, archived), works(['a-1', look('c2')]))).toEqual([['a-1', 't2', 'c2']]);
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
