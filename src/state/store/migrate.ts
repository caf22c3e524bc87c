import { STATE_FORMAT } from '../index.ts';
import { isShutIn } from '../instances.ts';
import { emptyUsage } from '../usage.ts';

/** The format of `db.json` that this version writes. */
export const PROJECTION_VERSION = STATE_FORMAT;

type Fields = Readonly<Record<string, unknown>>;

const each = (records: unknown, edit: (record: Fields) => Fields): Fields =>
  Object.fromEntries(Object.entries(records as Record<string, Fields>).map(([id, record]) => [id, edit(record)]));

const withRestarts = (run: unknown): unknown => (run === null ? null : { restarts: 0, ...(run as Fields) });

const withMode = (run: unknown): unknown => (run === null ? null : { ...(run as Fields), mode: null });

const NEW_OF_BATCHES = {
  ...{ strategy: 'merge', resolves: false, reasons: {} },
  ...{ step: null, publishing: null, cancelled: null, delivery: null },
};

// Each entry takes the state from its version to the next one. Never remove one: with its help, what a projection
// knows survives even when the journal that led to it is not there any more.
const MIGRATIONS: Readonly<Record<number, (state: Fields) => Fields>> = {
  // Version 0 had no alerts, and no commands to be recognised when they are repeated.
  0: (state) => ({ ...state, alerts: {}, swarm: { ...(state['swarm'] as Fields), commands: [] } }),
  // Version 1 had no groups, run profiles, pauses and archive.
  1: (state) => ({
    ...state,
    groups: {},
    swarm: { ...(state['swarm'] as Fields), paused: false },
    instances: each(state['instances'], (instance) => ({
      ...instance,
      group: null,
      mode: null,
      launch_mode: null,
      prepared_for: null,
      hold: null,
      paused_from: null,
    })),
    tasks: each(state['tasks'], (task) => ({
      ...task,
      run: withMode(task['run']),
      history: (task['history'] as unknown[]).map(withMode),
      mode: null,
      fresh: false,
      run_group: null,
      held: false,
      archived: false,
    })),
  }),
  // Version 2 did not know what an instance was started with, nor who may do a task and how often it was tried again.
  2: (state) => ({
    ...state,
    instances: each(state['instances'], (instance) => ({ argv: [], ...instance })),
    tasks: each(state['tasks'], (task) => ({ run_agent: null, retries: 0, ...task })),
  }),
  // Version 3 let a run end with the program that did it, and counted neither tokens nor money.
  3: (state) => ({
    usage: emptyUsage,
    ...state,
    instances: each(state['instances'], (instance) => ({ recovery: null, ...instance })),
    tasks: each(state['tasks'], (task) => ({
      ...task,
      run: withRestarts(task['run']),
      history: (task['history'] as unknown[]).map(withRestarts),
    })),
  }),
  // Version 4 knew of one machine only.
  4: (state) => ({ ...state, instances: each(state['instances'], (instance) => ({ host: 'local', ...instance })) }),
  // Version 5 could not take a batch back, and did not keep how its checks went.
  5: (state) => ({ ...state, batches: each(state['batches'], (batch) => ({ checks: [], rollback: null, ...batch })) }),
  // Version 6 had one way to merge, checked every merge by itself, and brought nothing onto another branch.
  6: (state) => ({ ...state, batches: each(state['batches'], (batch) => ({ ...NEW_OF_BATCHES, ...batch })) }),
  // Version 7 kept nothing of what people say to the work of a task, and foresaw no conflicts.
  7: (state) => ({ reviews: {}, predicted: {}, ...state }),
  // Version 8 knew of conflicts by their files alone.
  8: (state) => ({
    conflicts: {},
    ...state,
    batches: each(state['batches'], (batch) => ({ side: null, ...batch })),
  }),
  // Version 9 did not remember that somebody was shut in: of those who were removed nothing is known.
  9: (state) => ({
    ...state,
    swarm: {
      had_shut_in: Object.values(state['instances'] as Record<string, Fields>).some(isShutIn),
      ...(state['swarm'] as Fields),
    },
  }),
};

/** The state of an older projection in the present shape; the caller checks the result against the schema. */
export const migrateState = (state: Fields, version: number): Fields => {
  let result = state;
  for (let from = version; from < PROJECTION_VERSION; from += 1) result = MIGRATIONS[from]!(result);
  return result;
};
