import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import { shownLine } from '../../lib/text.ts';
import { type Suggestion, suggestionsSchema, withSuggestions } from '../../text/suggestions.ts';
import { drawTable } from '../../text/table.ts';
import { type RaceReport, raceReport, raceReportSchema, raceTable } from '../../text/race-report.ts';
import { defineCommand } from '../define.ts';
import { idsParam } from '../selection.ts';
import { racedTask } from './racing-task.ts';

/** What to say next while a winner is to be chosen: by the racer that changed least. */
const suggestionsFor = ({ state, racers }: RaceReport): readonly Suggestion[] => {
  const [first, ...others] = state === 'over' ? [] : racers.filter((one) => one.passed);
  if (!first) return [];
  return [
    { command: `review task ${saidId(first.id)}`, what: 'look at its work' },
    ...[first, ...others].map(({ id }) => ({ command: `choose task ${saidId(id)}`, what: 'take it as the winner' })),
  ];
};

const shownSchema = raceReportSchema.extend({ suggestions: suggestionsSchema });

export const showRace = defineCommand({
  verb: 'show',
  noun: 'race',
  summary: 'The racers for a task side by side: gates, size of the change, time, tokens, money',
  example: 'show race 3.1',
  role: 'viewer',
  modifiers: [],
  target: 'required',
  one: 'task',
  reads: true,
  params: z.object({ id: idsParam.describe('The task, or one of its racers') }),
  result: shownSchema,
  refuses: ({ state }, { id }) => void racedTask(state, id),
  run: async ({ store: { state }, settings, now }, { id }) => {
    const data = raceReport(state, racedTask(state, id), { now: now(), budget: settings.budgets.task });
    return {
      message: `${data.task} ${shownLine(data.title)}, ${data.word}.`,
      data: { ...data, suggestions: [...suggestionsFor(data)] },
    };
  },
  draw: (data: z.infer<typeof shownSchema>, view, message) =>
    withSuggestions([message, '', drawTable(raceTable(data), view)].join('\n'), data.suggestions, view),
});
