import { z } from 'zod';
import { POLICIES } from '../state/specs.ts';

/** What the commands that plan answer with: who would do what and when. */
export const planSchema = z.object({
  waves: z
    .array(z.array(z.string()))
    .describe('Tasks that can run together, round after round; without those that nobody begins as they are'),
  critical_path: z.array(z.string()).describe('The longest chain'),
  strategy: z.string(),
  unit: z.enum(['ms', 'points']).describe('What lengths count: points of complexity while no run has finished'),
  length: z
    .number()
    .nullable()
    .describe('How long it takes with these instances; null without any, and where nobody can tell'),
  least: z.number().describe('The length of the longest chain: no number of instances makes it shorter'),
  instances: z.array(z.string()).describe('Where it runs'),
  assumed: z.boolean().describe('The instances are assumed and not those that are there'),
  runs: z.number().int().describe('Of how many finished runs the speed is known'),
  applied: z.array(z.string()).describe('What was given to instances now'),
  policies: z
    .array(
      z.object({
        policy: z.enum(POLICIES),
        waves: z.array(z.number().int()).describe('How many tasks each has'),
        critical_path: z.array(z.string()),
        length: z.number().nullable(),
        least: z.number(),
      }),
    )
    .optional()
    .describe('What each policy would give for the plan, in the same unit'),
  graph_set_aside: z.literal(true).optional().describe('The plan’s own graph is not looked at by this order'),
  tasks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      wave: z
        .number()
        .int()
        .nullable()
        .describe('Null where nobody begins it as it is: it waits, maybe through others, for one that was given up'),
      waits_for: z.array(z.string()).describe('Tasks; a gate:… stands for all tasks that open it'),
      because: z
        .record(z.string(), z.string())
        .optional()
        .describe('The rule by which it waits for each; none where a person said so'),
      given_up: z
        .record(z.string(), z.string())
        .optional()
        .describe('Those of them that nobody does any more, each with what was done with it'),
      steps: z.array(z.string()).optional().describe('What the workflow adds to it'),
      instance: z.string().nullable().describe('Where it would run, or runs; with manual, who it is assigned to'),
      start: z.number().nullable(),
      end: z
        .number()
        .nullable()
        .describe('Null where nobody can tell: it failed, takes far too long, or waits for what does'),
    }),
  ),
});
export type PlanData = z.infer<typeof planSchema>;

/** A task that one of a plan waits for, in words: one that was given up is named as that. */
export const neededText = ({ given_up = {} }: Pick<PlanData['tasks'][number], 'given_up'>, id: string): string =>
  given_up[id] === undefined ? id : `${id}, which ${given_up[id]}`;
