import { expect, test } from 'vitest';
import { isAtRest, makeLookPace } from '../../../src/daemon/watch/watch-panes.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated, taskCreated } from '../../state/story.ts';

const ID = 'claude-1';
const moved = (state: 'starting' | 'idle' | 'working' | 'failed'): EventDraft => ({
  type: 'instance.moved',
  data: { instance_id: ID, state, source: 'hook' },
});
const given: readonly EventDraft[] = [
  taskCreated('1'),
  { type: 'task.assigned', data: { id: '1', instance: ID, pinned: false, reason: 'x' } },
  { type: 'run.started', data: { id: '1', instance: ID, branch: 'b', start_commit: 'c' } },
];

test('the looks come more and more seldom while all rests and nothing happens, and once a second as soon as anything does', () => {
  const [one, other] = [stateOf(instanceCreated(ID)), stateOf(instanceCreated(ID), moved('starting'))];
  const pace = makeLookPace();
  expect([1, 2, 3, 4].map(() => pace.next(one, true))).toEqual([1000, 2000, 4000, 4000]);
  expect(pace.isLong()).toBe(true);
  expect(pace.next(other, true)).toBe(1000);
  expect([pace.isLong(), pace.next(other, true)]).toEqual([false, 2000]);
  // Something rang, a look failed, or an agent is at work.
  expect([pace.next(other, false), pace.next(other, false), pace.next(other, true)]).toEqual([1000, 1000, 2000]);
});

test('an agent is at rest that has nothing to do, or has ended: not one that starts, works, or was given something', () => {
  const isResting = (...drafts: readonly EventDraft[]): boolean => {
    const state = stateOf(instanceCreated(ID), moved('starting'), ...drafts);
    return isAtRest(state, state.instances[ID]!);
  };
  expect(isResting(moved('idle'))).toBe(true);
  expect(isResting(moved('failed'))).toBe(true);
  expect(isResting()).toBe(false);
  expect(isResting(moved('idle'), moved('working'))).toBe(false);
  expect(isResting(moved('idle'), ...given)).toBe(false);
});
