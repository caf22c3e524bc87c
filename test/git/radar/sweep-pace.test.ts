import { expect, test } from 'vitest';
import { makeSweepPace } from '../../../src/git/radar/work.ts';

test('a worktree in which the system tells of everything is gone through more and more seldom, and as before after news', () => {
  const pace = makeSweepPace();
  const after = (isForNothing: boolean): number => {
    pace.note(isForNothing);
    return pace.ms() / 60_000;
  };
  expect([pace.ms(), ...[true, true, true, false, true].map(after)]).toEqual([60_000, 2, 4, 4, 1, 2]);
});
