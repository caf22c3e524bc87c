import { vi } from 'vitest';
import type { State } from '../../src/state/index.ts';
import type { Swarm } from '../helpers/swarm.ts';

/** The first state, now or soon, that satisfies the condition; says what the state was when it never does. */
export const until = async (swarm: Pick<Swarm, 'state'>, condition: (state: State) => boolean): Promise<State> => {
  let seen: State | undefined;
  const look = async () => {
    seen = await swarm.state();
    return condition(seen);
  };
  await vi.waitUntil(look, { timeout: 90_000, interval: 30 }).catch((error: unknown) => {
    const tasks = Object.values(seen?.tasks ?? {}).map((task) => [task.id, task.state, task.run?.failure]);
    const instances = Object.values(seen?.instances ?? {}).map((one) => [one.instance_id, one.state]);
    throw new Error(JSON.stringify({ tasks, instances, alerts: seen?.alerts }, null, 1), { cause: error });
  });
  return seen!;
};
