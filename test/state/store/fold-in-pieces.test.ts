import { expect, test } from 'vitest';
import { type AppEvent, emptyState, reduceAll } from '../../../src/state/index.ts';
import { foldInPieces } from '../../../src/state/store/fold-in-pieces.ts';
import { AT } from '../story.ts';

test('while many events are folded others have their turn again and again, and the state is that of all of them', async () => {
  const events = Array.from(
    { length: 9500 },
    (_, n): AppEvent => ({
      ...{ v: 1, seq: n + 1, at: AT, actor: 'cli', corr: 'k1' },
      ...{ type: 'daemon.stopped', data: { pid: n + 1 } },
    }),
  );
  // Nothing here waits for a disk: between two of these turns stands what is folded at once, and nothing else.
  let turns = 0;
  let isDone = false;
  const takeTurns = (): void => {
    turns += 1;
    if (!isDone) setImmediate(takeTurns);
  };
  setImmediate(takeTurns);
  const folded = await foldInPieces(
    emptyState,
    (async function* () {
      yield* events;
    })(),
  );
  isDone = true;
  expect(turns).toBeGreaterThanOrEqual(9);
  expect(folded).toEqual(reduceAll(emptyState, events));
});
