import { setImmediate as turn } from 'node:timers/promises';
import { type AppEvent, reduceAll, type State } from '../index.ts';

/** So many events are folded at once where a long journal is read beside other work, which has its turn in between. */
const AT_ONCE = 1000;

/** The state to which events lead from another one, for who has other work that must not wait until a long journal is folded. */
export const foldInPieces = async (from: State, events: AsyncIterable<AppEvent>): Promise<State> => {
  let state = from;
  let some: AppEvent[] = [];
  const foldSome = (): void => {
    state = reduceAll(state, some);
    some = [];
  };
  for await (const event of events) {
    some.push(event);
    if (some.length < AT_ONCE) continue;
    foldSome();
    await turn();
  }
  foldSome();
  return state;
};
