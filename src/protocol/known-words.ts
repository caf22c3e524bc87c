import type { State } from '../state/index.ts';
import { eventSchemas } from '../state/model.ts';
import { settingKeys } from '../state/setting-layers.ts';
import { type KnownIds, knownIdsIn } from './known-ids.ts';

const eventWords = (): readonly string[] => {
  const types = Object.keys(eventSchemas);
  return [...new Set(types.map((type) => type.split('.', 1)[0]!)), ...types];
};

/**
 * The names that a state knows, and those that the program has itself. The page, which is to be small, goes without these; each
 * kind is looked for only where it is asked for. `plans` are the paths of those that lie here and are not imported.
 */
export const knownIn = (state: State | undefined, plans: readonly string[] = []): KnownIds =>
  Object.create(state ? knownIdsIn(state) : {}, {
    settings: { get: () => settingKeys().map(({ key }) => key) },
    events: { get: eventWords },
    plans: { value: plans },
  }) as KnownIds;
