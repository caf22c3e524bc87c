import { z } from 'zod';
import { shownLine } from '../../lib/text.ts';
import { drawTable } from '../../text/table.ts';
import { type RaceReport, raceReport, raceReportSchema, raceTable } from '../../text/race-report.ts';
import { defineCommand } from '../define.ts';
import { idsParam } from '../selection.ts';
import { racedTask } from './racing-task.ts';

/** What to say next while a winner is to be chosen: by the racer that changed least. */
const choiceText = ({ state, racers }: RaceReport): string => {
  const passed = racers.filter((one) => one.passed);
  if (state === 'over' || passed.length === 0) return '';
  return `Look: review task ${passed[0]!.id}. Take a winner: ${passed.map(({ id }) => `choose task ${id}`).join(' or ')}`;
};

export const showRace = defineCommand({
  verb: 'show',
  noun: 'race',
  summary: 'The racers for a task side by side: gates, size of the change, time, tokens, money',
  example: 'show race 3.1',
  role: 'viewer',
  modifiers: [],
  target: 'required',
  reads: true,
  params: z.object({ id: idsParam.describe('The task, or one of its racers') }),
  result: raceReportSchema,
  run: async ({ store: { state }, settings, now }, { id }) => {
    const data = raceReport(state, racedTask(state, id), { now: now(), budget: settings.budgets.task });
    return { message: `${data.task} ${shownLine(data.title)}, ${data.word}.`, data };
  },
  draw: (data: RaceReport, view, message) =>
    [message, '', drawTable(raceTable(data), view), ...(choiceText(data) === '' ? [] : ['', choiceText(data)])].join(
      '\n',
    ),
});
