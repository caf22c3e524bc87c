import { z } from 'zod';
import { shownLine } from '../../lib/text.ts';
import { type ConflictTrial, conflictTrialSchema, TRIAL_STRATEGIES } from '../../text/conflict-trial.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';

export const testIntegration = defineCommand({
  verb: 'test',
  noun: 'integration',
  summary: 'Try how conflicts made on purpose are resolved, by each strategy, in a repository that removes itself',
  example: 'test integration merge-conflicts',
  role: 'operator',
  modifiers: ['resolution-strategy'],
  target: 'none',
  reads: false,
  effects: 'builds a scratch repository with rehearsal agents and removes it',
  params: z.object({
    op: z.enum(['merge-conflicts']).default('merge-conflicts'),
    'resolution-strategy': z.enum(TRIAL_STRATEGIES).optional().describe('One strategy; without it each of them'),
  }),
  result: conflictTrialSchema,
  run: async (context, { 'resolution-strategy': strategy }) => {
    const argv = ['rehearse', '--conflicts', ...(strategy === undefined ? [] : [strategy]), '--json'];
    const data = conflictTrialSchema.parse(await context.rehearse(argv));
    const count = (outcome: ConflictTrial['rows'][number]['outcome']): number =>
      data.rows.filter((row) => row.outcome === outcome).length;
    const resolved = count('by itself') + count('resolved');
    const marked = data.markers === 0 ? 'no commit has a marker' : `${plural(data.markers, 'commit')} with a marker`;
    const message = `${resolved} of ${data.rows.length} conflicts were resolved, ${count('by itself')} of them by themselves, ${count('handed over')} handed over; ${marked}.`;
    return data.markers === 0 ? { message, data } : { message, data, exit: 1 };
  },
  draw: ({ rows }: ConflictTrial, view, message) =>
    `${message}\n${drawTable(
      {
        head: ['strategy', 'fixture', 'outcome', 'how'],
        rows: rows.map(({ strategy, fixture, outcome, how }) => [
          { text: strategy },
          { text: fixture },
          { text: outcome, tone: outcome === 'handed over' ? 'busy' : 'good' },
          { text: shownLine(how), tone: 'dim' },
        ]),
        empty: 'No conflict was tried.',
      },
      view,
    )}`,
});
