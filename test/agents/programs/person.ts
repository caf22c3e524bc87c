import type { InstanceStateName } from '../../../src/state/instances.ts';
import { type Place, until } from './place.ts';

/** Presses keys as a person who is attached does. */
export const press = ({ swarm, id }: Place, ...keys: string[]): string =>
  swarm.tmux('send-keys', '-t', `=r-${id}:`, ...keys);

/** Types as a person who is attached does. */
export const type = (place: Place, text: string): string => press(place, '-l', '--', text);

/** The states that it went through, each with where that is known from. */
export const went = async ({ swarm, id }: Place): Promise<string[]> =>
  (await swarm.state()).instances[id]!.transitions.map(({ kind, source }) => `${kind} ${source}`);

export const stateIs = async ({ swarm, id }: Place, kind: InstanceStateName, evidence: RegExp): Promise<void> => {
  await until(
    swarm,
    ({ instances }) => instances[id]?.state.kind === kind && evidence.test(instances[id].state.evidence ?? ''),
  );
};
