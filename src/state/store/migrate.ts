/** The format of `db.json` that this version writes. */
export const PROJECTION_VERSION = 1;

type Fields = Readonly<Record<string, unknown>>;

// Each entry takes the state from its version to the next one. Never remove one: with its help, what a projection
// knows survives even when the journal that led to it is not there any more.
const MIGRATIONS: Readonly<Record<number, (state: Fields) => Fields>> = {
  // Version 0 had no alerts, and no commands to be recognised when they are repeated.
  0: (state) => ({ ...state, alerts: {}, swarm: { ...(state['swarm'] as Fields), commands: [] } }),
};

/** The state of an older projection in the present shape; the caller checks the result against the schema. */
export const migrated = (state: Fields, version: number): Fields => {
  let result = state;
  for (let from = version; from < PROJECTION_VERSION; from += 1) result = MIGRATIONS[from]!(result);
  return result;
};
