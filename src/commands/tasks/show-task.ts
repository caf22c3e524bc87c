import { z } from 'zod';
import { type Blocked, blockedOf } from '../../attention/blocked.ts';
import { helpForTask, waysOn } from '../../attention/failure-help.ts';
import { type Need, needsOf } from '../../attention/needs.ts';
import { untakenOf } from '../../attention/undone.ts';
import { instantOf } from '../../lib/instant.ts';
import { someOf } from '../../lib/names.ts';
import { valuesOf } from '../../lib/records.ts';
import { shown } from '../../lib/text.ts';
import { saidId } from '../../protocol/say.ts';
import type { State } from '../../state/index.ts';
import { runsOf } from '../../state/runs.ts';
import type { Run, Task } from '../../state/tasks.ts';
import { weightBasis } from '../../tasks/estimate.ts';
import { estimateOf, lateOf, leftToTell, runElapsed, speedOf } from '../../tasks/forecast.ts';
import { waitsForChoice } from '../../tasks/race.ts';
import { dependants, waitingFor } from '../../tasks/select.ts';
import { isAsking } from '../../tasks/stranded.ts';
import { mergedIn } from '../../text/built-on-text.ts';
import { needsText } from '../../text/order-text.ts';
import { agoText, forText, periodText, timeIn } from '../../text/since-text.ts';
import { plainSuggestion, type Suggestion, suggestionsSchema, withSuggestions } from '../../text/suggestions.ts';
import type { Drawing } from '../../text/table.ts';
import { percentText, taskRowSchema, taskWord, withWord } from '../../text/task-rows.ts';
import { doneBy, plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { idsParam, oneTask } from '../selection.ts';
import { durationText } from './task-fields.ts';

const shownSchema = taskRowSchema.extend({
  waits_for: z
    .array(z.object({ id: z.string(), title: z.string(), word: z.string() }))
    .describe('Prerequisites that are not done, with what they are'),
  blocked: z
    .string()
    .nullable()
    .describe('Why it does not begin that is blocked, waits for one that failed, or is queued with nobody to take it'),
  asks: z.string().nullable().describe('What its agent asks a person in the middle of it, and waits for'),
  merged_in: z
    .record(z.string(), z.string())
    .describe(
      'By attempt whose work is merged, the batch, and the task along with which it came where that is another',
    ),
  suggestions: suggestionsSchema,
  after: z.string().describe('All prerequisites with their rules, in words; very many of them as one'),
  weight: z.object({
    basis: z.enum(['text', 'said']).describe('It is made of its text, or somebody said it'),
    words: z.number().int(),
    details: z.number().int().describe('Points of its list'),
    requirements: z.number().int().describe('A task for all of them counts ten'),
  }),
  needed_by: z.array(z.string()).describe('Tasks that wait for this one'),
  elapsed_ms: z.number().nullable().describe('How long its run took, or takes so far'),
  left_ms: z.number().nullable().describe('How long it still takes; null when nothing is known'),
  estimate: z.object({
    ms: z.number().nullable(),
    basis: z.enum(['said', 'runs', 'unknown']).describe('A person said it, finished runs tell it, or nothing is known'),
    runs: z.number().int().describe('Of how many finished runs it is known'),
    exceeded: z.boolean().describe('It is at work for longer'),
  }),
});
type Shown = z.infer<typeof shownSchema>;

const resultText = (run: Run | null | undefined): string => {
  const result = run?.result;
  if (!result) return '';
  return `${plural(result.commits, 'commit')}, ${plural(result.files, 'file')}, +${result.insertions} −${result.deletions}`;
};

const BASIS = { said: 'as said', runs: 'as finished runs tell', unknown: '' } as const;

const estimateText = ({ estimate, left_ms, percent }: Shown): string => {
  if (estimate.ms === null) return '';
  const runs = estimate.basis === 'runs' ? ` (${plural(estimate.runs, 'run')})` : '';
  const left = percent > 0 && percent < 100 && left_ms !== null ? `, ${durationText(left_ms)} left` : '';
  const late = estimate.exceeded ? ', it takes longer than estimated' : '';
  return `${durationText(estimate.ms)} ${BASIS[estimate.basis]}${runs}${left}${late}`;
};

/** How a run ended that came to nothing; what a person stopped has not failed. */
const endText = ({ class: kind, message }: NonNullable<Run['failure']>): string =>
  kind === 'stopped' ? `stopped: ${message}` : `failed: ${kind}, ${message}`;

const runLine = (run: Run, merged: string | undefined, now: string): string => {
  const how = run.failure
    ? endText(run.failure)
    : run.result
      ? `${resultText(run)}${merged === undefined ? '' : `, merged in ${merged}`}`
      : `${run.progress}%`;
  return `- ${run.attempt}. ${doneBy(run)} on ${run.branch}, ${periodText(run.started_at, run.ended_at, now)}: ${how}`;
};

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', `${title}:`, ...lines];

/** How a person wanted the task to be run, beside the mode. */
const wishText = ({ fresh, run_group, run_agent }: Shown): string =>
  [
    ...(fresh ? ['a new conversation'] : []),
    ...(run_group === null ? [] : [`group ${run_group}`]),
    ...(run_agent === null ? [] : [`agent ${run_agent}`]),
  ].join(', ');

/** How a run has failed, where one word of it says less. */
const FAILED: Readonly<Record<string, string>> = {
  check: 'failed its check',
  gate: 'failed a gate',
  dependency: 'has to be done again',
};

/** Words for what is so beside the state of a task, and began some time after that. */
const UNTIMED: readonly string[] = ['archived', 'held back', 'paused'];

/** The time is that of the state: a task that is merged was done then, and merged later. */
const sinceText = (task: Shown, now: string): string => {
  // The state that it is in since then is another one.
  if (UNTIMED.includes(task.word)) return task.word;
  const ago = agoText(task.since, now);
  if (task.state === 'done')
    return `${task.batch === null ? '' : 'merged, '}done ${ago}${task.unchecked ? ', unchecked' : ''}`;
  if (task.state === 'failed') return `${FAILED[task.run?.failure?.class ?? ''] ?? task.word} ${ago}`;
  return task.state === 'cancelled' ? `${task.word} ${ago}` : `${task.word} ${forText(task.since, now)}`;
};

const stateText = (task: Shown, now: string): string =>
  `${sinceText(task, now)}${task.asks === null ? '' : `, asks: ${task.asks}`}${task.archived && task.word !== 'archived' ? ', archived' : ''}${task.held && task.word !== 'held back' ? ', held' : ''}`;

/** What its agent noted last is told only while the run goes on. */
const progressText = (task: Shown): string => {
  const note = task.state === 'running' ? (task.run?.note ?? null) : null;
  return [percentText(task), ...(note === null ? [] : [note])].join(', ');
};

/** The state of the task and what its runs made of it. */
const runFields = (task: Shown, now: string): [string, string][] => [
  ['state', stateText(task, now)],
  ['progress', progressText(task)],
  [
    'instance',
    `${task.assignee ?? task.run?.instance ?? ''}${task.pinned && task.assignee !== null ? ' (pinned)' : ''}`,
  ],
  ['branch', task.run?.branch ?? ''],
  ['mode', (task.run ? task.run.mode : task.mode) ?? ''],
  ['asked for', wishText(task)],
  ['failure', task.run?.failure?.message ?? ''],
  ['blocked', task.blocked ?? ''],
  ['result', resultText(task.run)],
  [
    'race',
    task.race ? `${plural(task.race.racers.length, 'racer')}, see: show race ${saidId(task.id)}` : (task.race_of ?? ''),
  ],
  ['batch', (task.batch && task.merged_in[task.run?.attempt ?? '']) ?? task.batch ?? ''],
];

/** So many tasks are named one by one where not all that is known is wanted. */
const NAMED = 20;

const weightText = ({ complexity_score, weight }: Shown): string => {
  if (weight.basis === 'said') return `${complexity_score} of 10 as said`;
  const parts = [
    plural(weight.words, 'word'),
    ...(weight.details > 0 ? [plural(weight.details, 'point')] : []),
    ...(weight.requirements > 0 ? [plural(weight.requirements, 'requirement')] : []),
  ];
  return `${complexity_score} of 10 by its text (${parts.join(', ')})`;
};

const waitsLines = (waits: Shown['waits_for'], most: number): readonly string[] => {
  const rest = waits.length - most;
  return [
    ...waits.slice(0, rest > 1 ? most : waits.length).map(({ id, title, word }) => `- ${id} ${title}: ${word}`),
    ...(rest > 1 ? [`- and ${rest} more`] : []),
  ];
};

/** What the plan says of the task. */
const planFields = (task: Shown, most: number): [string, string][] => [
  ['after', task.after],
  ['before', someOf(task.needed_by, most)],
  ['check', task.check ?? ''],
  ['priority', task.priority],
  ['plan', task.spec ?? ''],
  ['group', task.group ?? ''],
  ['serves', task.requirements.join(', ')],
  ['needs', task.required_capabilities.join(', ')],
  ['workflow', task.workflow ?? ''],
  ['weight', weightText(task)],
  ['estimate', estimateText(task)],
  ['elapsed', durationText(task.elapsed_ms)],
  ['attempts', String(task.attempts)],
];

const drawTask = (task: Shown, view: Drawing): string => {
  const now = timeIn(view);
  const most = view.detailed ? Infinity : NAMED;
  const head = [...runFields(task, now), ...planFields(task, most)].flatMap(([key, value]) =>
    value === '' ? [] : [`${`${key}:`.padEnd(10)} ${value}`],
  );
  const details = [...(task.description === '' ? [] : [task.description]), ...task.details.map((line) => `- ${line}`)];
  const runs = runsOf(task);
  const text = shown(
    [
      `${task.id} ${task.title}`,
      ...head,
      ...section('waits for', waitsLines(task.waits_for, most)),
      ...(details.length > 0 ? ['', ...details] : []),
      ...section(
        'criteria',
        task.acceptance_criteria.map((text) => `- ${text}`),
      ),
      ...section(
        'runs',
        runs.map((run) => runLine(run, task.merged_in[run.attempt], now)),
      ),
    ].join('\n'),
  );
  return withSuggestions(text, task.suggestions, view);
};

const waitRow = (state: State, id: string) => {
  const task = state.tasks[id];
  return { id, title: task?.title ?? '', word: task ? taskWord(task, state) : 'not there any more' };
};

/** What helps with a task that failed, is blocked, or waits for one that is so. */
const suggestionsFor = (task: Task, blocked: Blocked | null): Suggestion[] => {
  if (blocked) return blocked.help.map(plainSuggestion);
  if (task.state !== 'failed') return [];
  const help = helpForTask(task);
  // It is looked at here: what is left is to choose.
  return help === `show task ${saidId(task.id)}` ? [...waysOn(task)] : [plainSuggestion(help)];
};

/** The question at which a task stands still; undefined where it does not. */
const questionIn = (state: State, task: Task): Need | undefined =>
  isAsking(task, state)
    ? needsOf(state).needs.find(({ kind, instance }) => kind === 'question' && instance === task.run!.instance)
    : undefined;

const taskDetails = (state: State, task: Task, now: string): Shown => {
  const question = questionIn(state, task);
  const speed = speedOf(valuesOf(state.tasks));
  const blocked = blockedOf(state, task) ?? untakenOf(state, task);
  const moment = { speed, instances: state.instances, now: instantOf(now) };
  return {
    ...withWord(task, state),
    waits_for: waitingFor(task, state.tasks).map((id) => waitRow(state, id)),
    blocked: blocked?.text ?? null,
    asks: question ? (state.instances[task.run!.instance]!.question ?? '') : null,
    merged_in: Object.fromEntries(
      runsOf(task).flatMap((run) => {
        const merged = mergedIn(state, task, run);
        return merged === undefined ? [] : [[run.attempt, merged]];
      }),
    ),
    suggestions: question?.help ? [plainSuggestion(question.help)] : suggestionsFor(task, blocked),
    after: needsText(task, state.tasks),
    weight: weightBasis(task),
    needed_by: dependants(task.id, state.tasks),
    elapsed_ms: runElapsed(task, now),
    left_ms: waitsForChoice(task, state.tasks) ? null : leftToTell(task, moment),
    estimate: { ...estimateOf(task, speed), runs: speed?.runs ?? 0, exceeded: lateOf(task, moment) !== null },
  };
};

export const showTask = defineCommand({
  verb: 'show',
  noun: 'task',
  summary: 'Everything about one task: what is asked, what it waits for, what its runs did',
  example: 'show task 3.1',
  role: 'viewer',
  agents: true,
  modifiers: ['detailed'],
  target: 'required',
  one: 'task',
  reads: true,
  params: z.object({ id: idsParam }),
  result: shownSchema,
  run: async ({ store: { state }, now }, { id }) => {
    const data = taskDetails(state, oneTask(state, id), now());
    return { message: `${data.id} ${data.title}: ${data.word}.`, data };
  },
  draw: drawTask,
});
