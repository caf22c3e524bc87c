import { z } from 'zod';

export const RACE_WINNERS = ['ask', 'first-green', 'smallest'] as const;
/** Who takes the winner of a race: a person, or a rule. */
export type RaceWinner = (typeof RACE_WINNERS)[number];

const racer = z.object({
  /** The task of its own that it runs as. */
  id: z.string(),
  instance: z.string(),
  agent: z.string(),
});

/** One task given to several instances at once. Each runs a task of its own, which lists leave out. */
export const raceSchema = z.object({
  started_at: z.string(),
  ended_at: z.string().nullable(),
  winner_by: z.enum(RACE_WINNERS),
  /** The id of the racer that won; null while it runs, and where nobody won. */
  winner: z.string().nullable(),
  /** Why it ended as it did. */
  reason: z.string().nullable(),
  racers: z.array(
    racer.extend({
      /** Its work was put away, if it had any. */
      settled: z.boolean(),
      /** The ref that keeps the work of one that did not win. */
      archive: z.string().nullable(),
    }),
  ),
});
export type Race = z.infer<typeof raceSchema>;

const id = { id: z.string() };

/** Facts about races, by the task that is raced for. */
export const raceEvents = {
  'race.started': z.object({
    ...id,
    winner_by: z.enum(RACE_WINNERS),
    mode: z.string().nullable(),
    racers: z.array(racer),
  }),
  'race.ended': z.object({ ...id, winner: z.string().nullable(), reason: z.string() }),
  'race.settled': z.object({ ...id, racer: z.string(), archive: z.string().nullable() }),
};
