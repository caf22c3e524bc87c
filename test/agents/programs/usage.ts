import { expect } from 'vitest';
import type { Spending, Tokens } from '../../../src/state/usage.ts';
import { type Place, until } from './place.ts';

export const MAKE = '%%write made.txt hi %%bash git add -A && git commit -qm made';

/** What the agent asked its model for the work itself; titles and topics are asked beside it. */
const answers = ({ model }: Place): number => model.calls.filter(({ kind }) => kind === 'main').length;

/** What the scripted model said of that many answers. */
const times = (each: Tokens, count: number): Tokens => ({
  input_tokens: each.input_tokens * count,
  output_tokens: each.output_tokens * count,
  cache_read_tokens: each.cache_read_tokens * count,
  cache_write_tokens: each.cache_write_tokens * count,
});

/** Waits until what was counted is what the model said, and checks that instance, task and swarm say the same. */
export const usageIs = async (place: Place, each: Tokens, task = 't1'): Promise<Spending> => {
  const { swarm, id } = place;
  const state = await until(
    swarm,
    ({ usage }) => usage.swarm.output_tokens === times(each, answers(place)).output_tokens,
  );
  const { context, ...own } = state.usage.instances[id]!;
  expect(own).toMatchObject(times(each, answers(place)));
  expect(state.usage.tasks[task]).toEqual(own);
  expect(state.usage.swarm).toEqual(own);
  expect(context!.used_tokens).toBeGreaterThan(0);
  return own;
};
