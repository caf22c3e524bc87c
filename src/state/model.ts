import { z } from 'zod';
import { type Alerts, alertEvents, alertSchema } from './alerts.ts';
import { type Batches, batchEvents, batchSchema } from './batches.ts';
import { type ConflictRecords, conflictRecordEvents, conflictRecordSchema } from './conflict-records.ts';
import { conflictEvents, type Predicted, predictedSchema } from './conflicts.ts';
import { type Groups, groupEvents, groupSchema } from './groups.ts';
import { type Instances, instanceEvents, instanceSchema } from './instances.ts';
import { raceEvents } from './races.ts';
import type { DraftOf, EventOf } from './reducer.ts';
import { type Reviews, reviewEvents, reviewSchema } from './reviews.ts';
import { type Specs, specEvents, specSchema } from './specs.ts';
import { emptySwarm, type Swarm, swarmEvents, swarmSchema } from './swarm.ts';
import { type Tasks, taskEvents, taskSchema } from './tasks.ts';
import { emptyUsage, type Usage, usageEvents, usageSchema } from './usage.ts';

/**
 * The number of this shape of the state. Raise it with every change that a stored state has to be migrated for
 * (`store/migrate.ts`); a client follows only a daemon whose state has the same.
 */
export const STATE_FORMAT = 10;

/** Everything that is known, as of event `seq`. */
export type State = {
  readonly seq: number;
  readonly instances: Instances;
  readonly groups: Groups;
  readonly tasks: Tasks;
  readonly specs: Specs;
  readonly batches: Batches;
  readonly reviews: Reviews;
  readonly alerts: Alerts;
  /** Conflicts that are foreseen between worktrees. */
  readonly predicted: Predicted;
  readonly usage: Usage;
  readonly swarm: Swarm;
  readonly conflicts: ConflictRecords;
};

/** Records under their own ids: a damaged key would otherwise pass for another record. */
const byId = <Schema extends z.ZodType>(schema: Schema, idOf: (record: z.infer<Schema>) => string) =>
  z
    .record(z.string(), schema)
    .refine((all) => Object.entries(all).every(([id, one]) => idOf(one) === id), 'a record lies under another id');

export const stateSchema = z.object({
  seq: z.number().int(),
  instances: z.record(z.string(), instanceSchema),
  groups: z.record(z.string(), groupSchema),
  tasks: byId(taskSchema, ({ id }) => id),
  specs: z.record(z.string(), specSchema),
  batches: byId(batchSchema, ({ id }) => id),
  reviews: byId(reviewSchema, ({ task }) => task),
  alerts: byId(alertSchema, ({ id }) => id),
  predicted: byId(predictedSchema, ({ id }) => id),
  usage: usageSchema,
  swarm: swarmSchema,
  conflicts: byId(conflictRecordSchema, ({ id }) => id),
});

/** Every event there is, by type. */
export const eventSchemas = {
  ...instanceEvents,
  ...groupEvents,
  ...taskEvents,
  ...raceEvents,
  ...specEvents,
  ...batchEvents,
  ...reviewEvents,
  ...conflictRecordEvents,
  ...alertEvents,
  ...conflictEvents,
  ...usageEvents,
  ...swarmEvents,
};

export type AppEvent = EventOf<typeof eventSchemas>;
export type EventDraft = DraftOf<typeof eventSchemas>;

export const emptyState: State = {
  seq: 0,
  instances: {},
  groups: {},
  tasks: {},
  specs: {},
  batches: {},
  reviews: {},
  alerts: {},
  predicted: {},
  usage: emptyUsage,
  swarm: emptySwarm,
  conflicts: {},
};
