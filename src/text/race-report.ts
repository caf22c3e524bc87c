import { z } from 'zod';
import { formatDuration } from '../lib/duration.ts';
import { instantOf } from '../lib/instant.ts';
import { oneLine, shorten } from '../lib/text.ts';
import type { Budget } from '../state/cost-settings.ts';
import type { State } from '../state/index.ts';
import { RACE_WINNERS, type Race } from '../state/races.ts';
import { runsOf } from '../state/runs.ts';
import type { Run, Task } from '../state/tasks.ts';
import { hasPassed, isRacing, raceWord, runOfRacer, waitsForChoice } from '../tasks/race.ts';
import { isUnchecked, isUncheckedResult } from '../tasks/select.ts';
import { costRowSchema, moneyText, taskCost, tokensText } from './cost-rows.ts';
import type { Cell, Table, Tone } from './table.ts';
import { taskWord } from './task-rows.ts';

const racerRowSchema = z.object({
  id: z.string().describe('The task of its own that it runs as'),
  instance: z.string(),
  agent: z.string(),
  word: z.string().describe('Its state in words'),
  passed: z.boolean().describe('It is done, and no check and no gate failed'),
  gate: z.string().describe('What they said'),
  check_ms: z.number().nullable(),
  commits: z.number().int().nullable(),
  files: z.number().int().nullable(),
  insertions: z.number().int().nullable(),
  deletions: z.number().int().nullable(),
  elapsed_ms: z.number().nullable().describe('How long its run took, or takes so far'),
  cost: costRowSchema,
  branch: z.string().nullable(),
  archive: z.string().nullable().describe('The ref that keeps its work, where it did not win'),
});
type RacerRow = z.infer<typeof racerRowSchema>;

/** A race with its racers side by side. */
export const raceReportSchema = z.object({
  task: z.string(),
  title: z.string(),
  state: z.enum(['running', 'choose', 'over']).describe('choose: all have finished, and a person takes the winner'),
  word: z.string().describe('The same in words'),
  winner_by: z.enum(RACE_WINNERS),
  winner: z.string().nullable(),
  reason: z.string().nullable().describe('Why it ended as it did'),
  racers: z.array(racerRowSchema),
});
export type RaceReport = z.infer<typeof raceReportSchema>;

type Entry = Race['racers'][number];

/** The run that a racer has made: the one of the winner is that of the task since. */
const runOf = (task: Task, entry: Entry, own: Task | undefined): Run | undefined => {
  const left = own && runOfRacer(own);
  if (left || task.race!.winner !== entry.id) return left;
  return runsOf(task).findLast((run) => run.started_at >= task.race!.started_at && run.result !== null);
};

const gateText = (run: Run | undefined): string => {
  if (run?.failure) return `${run.failure.class}: ${run.failure.message}`;
  if (!run?.result) return '';
  return isUncheckedResult(run.result) ? 'nothing ran on it' : 'passed';
};

const wordOf = (state: State, task: Task, entry: Entry, own: Task | undefined): string => {
  if (task.race!.winner === entry.id) return 'winner';
  if (!own) return 'gone';
  return own.state === 'done' && !isUnchecked(own) ? 'passed' : taskWord(own, state);
};

type Known = { readonly now: string; readonly budget: Budget };

const rowOf = (state: State, task: Task, entry: Entry, { now, budget }: Known): RacerRow => {
  const { id, instance, agent, archive } = entry;
  const own = state.tasks[id];
  const run = runOf(task, entry, own);
  const { commits = null, files = null, insertions = null, deletions = null, check_ms = null } = run?.result ?? {};
  const { title: _title, ...cost } = taskCost(state, id, budget);
  return {
    ...{ id, instance: run?.instance ?? instance, agent, archive, cost },
    word: wordOf(state, task, entry, own),
    passed: task.race!.winner === id || (own !== undefined && hasPassed(own)),
    gate: gateText(run),
    ...{ commits, files, insertions, deletions, check_ms },
    elapsed_ms: run ? Math.max(0, instantOf(run.ended_at ?? now) - instantOf(run.started_at)) : null,
    branch: run?.branch ?? null,
  };
};

const overWord = ({ winner, reason }: Race): string =>
  winner === null ? `over, nobody won: ${reason ?? 'it was given up'}` : `over, won by ${winner}: ${reason ?? ''}`;

/** How a race stands, or went. */
export const raceReport = (state: State, task: Task, known: Known): RaceReport => {
  const race = task.race!;
  const now = isRacing(task) ? (waitsForChoice(task, state.tasks) ? 'choose' : 'running') : 'over';
  return {
    task: task.id,
    title: task.title,
    state: now,
    word: now === 'over' ? overWord(race) : raceWord(task, state.tasks),
    winner_by: race.winner_by,
    winner: race.winner,
    reason: race.reason,
    racers: race.racers.map((entry) => rowOf(state, task, entry, known)),
  };
};

const GATE_WIDTH = 48;

const diffText = ({ files, insertions, deletions }: RacerRow): string =>
  files === null ? '' : `${files} ${files === 1 ? 'file' : 'files'} +${insertions} −${deletions}`;

const toneOf = ({ passed, gate }: RacerRow): Tone => (passed ? 'good' : gate === '' ? 'busy' : 'bad');

const timeText = (ms: number | null): string => (ms === null ? '' : formatDuration(ms));

/** The racers side by side; `archive` is there as soon as anything is in it. */
export const raceTable = ({ racers }: RaceReport): Table => {
  const isAnyArchived = racers.some(({ archive }) => archive !== null);
  return {
    head: ['racer', 'state', 'gates', 'change', 'time', 'tokens', 'money', ...(isAnyArchived ? ['archive'] : [])],
    rows: racers.map((row): Cell[] => [
      { text: row.id },
      { text: row.word, tone: toneOf(row) },
      { text: shorten(oneLine(row.gate), GATE_WIDTH) },
      { text: diffText(row) },
      { text: timeText(row.elapsed_ms) },
      { text: row.cost.tokens === 0 ? '-' : tokensText(row.cost.tokens) },
      { text: row.cost.tokens === 0 ? '-' : moneyText(row.cost) },
      ...(isAnyArchived ? [{ text: row.archive ?? '' }] : []),
    ]),
    least: ['tokens', 'money', 'time', 'gates'],
    empty: 'No racer.',
  };
};
