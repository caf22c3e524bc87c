import { z } from 'zod';
import { blockedOf } from '../../attention/blocked.ts';
import { helpForInstance, waysOn } from '../../attention/failure-help.ts';
import { asSentence } from '../../lib/errors.ts';
import { shown, withoutControls } from '../../lib/text.ts';
import { saidId, saidName, saidOption } from '../../protocol/say.ts';
import type { State } from '../../state/index.ts';
import { splitNote } from '../../tasks/check-problem.ts';
import { agoText, timeIn } from '../../text/since-text.ts';
import { type Suggestion, suggestionsSchema, withSuggestions } from '../../text/suggestions.ts';
import type { Drawing } from '../../text/table.ts';
import { type Context, defineCommand, type Standing } from '../define.ts';
import { notFound, nothingToDo } from '../errors.ts';
import { hasPlaceFor } from '../instances/launch-facts.ts';
import { idsParam, requireOne } from '../selection.ts';
import { type Failure, failureSchema, failuresOf, runOf } from './failures.ts';

const dataSchema = failureSchema.extend({
  title: z.string().nullable().describe('What its task is'),
  branch: z.string().nullable().describe('Where the work of that run is'),
  output: z
    .string()
    .nullable()
    .describe('The end of what the check printed that failed; null where it printed nothing'),
  last_lines: z
    .array(z.string())
    .describe(
      'What its agent had printed last by then, where its program broke or nothing was committed; empty where that is not known',
    ),
  note: z.string().nullable().describe('What has to be known of how the check ran; null where nothing has'),
  next: z.string().nullable().describe('The command that helps first; null where none is of use'),
  suggestions: suggestionsSchema,
});
type Data = z.infer<typeof dataSchema>;

/** Classes of failures of which the last lines of the agent tell more than anything else. */
const BROKEN: readonly Failure['class'][] = [
  ...(['crash', 'hang', 'session-lost', 'agent', 'memory', 'failed', 'lost'] as const),
  // Why it did nothing is told by itself alone.
  'no-commit',
];
/** So much of the end of a log is read, in bytes, and so many of its last lines are told. */
const TAIL_BYTES = 64 * 1024;
const LAST_LINES = 20;

/** What an agent had printed last when its program broke: what it printed since is of something else. */
const lastLinesOf = async (
  { store, readTimedLog }: Pick<Context, 'store' | 'readTimedLog'>,
  { class: kind, instance, at }: Failure,
  most: number,
): Promise<string[]> => {
  if (instance === null || !BROKEN.includes(kind) || !Object.hasOwn(store.state.instances, instance)) return [];
  const lines = (await readTimedLog(instance, TAIL_BYTES)).filter(({ after }) => after === null || after <= at);
  const texts = lines.map(({ text }) => withoutControls(text).trimEnd());
  return texts.slice(0, texts.findLastIndex((text) => text !== '') + 1).slice(-most);
};

/** The agent whose program failed, and those that are installed and could be launched beside it. */
type Agents = { readonly failed: string | undefined; readonly others: readonly string[] };

const helpForProgram = ({ failed, others }: Agents): readonly Suggestion[] => [
  ...(failed === undefined
    ? []
    : [{ command: `show adapter ${saidName(failed)}`, what: 'see how its program is installed' }]),
  ...others.map((agent) => ({
    command: `launch 1 instance ${saidOption('agent', agent)}`,
    what: `have ${agent}, which is installed, take tasks instead, on its own account`,
  })),
];

/** What has to be put right before another try is of any use. */
const remedyFor = ({ class: kind, instance }: Failure, agents: Agents): readonly Suggestion[] => {
  if (kind === 'no-program') return helpForProgram(agents);
  if (kind === 'disk') return [{ command: 'clean worktrees force', what: 'make room: what is merged, or nobody uses' }];
  if (kind === 'memory') return [{ command: 'top instances', what: 'see who takes the memory, and pause one of them' }];
  if (kind !== 'login' || instance === null) return [];
  return [{ command: `attach instance ${saidId(instance)}`, what: 'log in there' }];
};

/** What can be done about an instance that is broken: to start it again, where that was not of no use before. */
const waysOnWith = ({ settings, state }: Pick<Standing, 'settings' | 'state'>, id: string): readonly Suggestion[] => {
  const restart = `restart instance ${saidId(id)}`;
  const one = state.instances[id];
  const help = one ? helpForInstance(one, restart) : null;
  if (help === null) return [];
  if (help !== restart) return [{ command: help, what: 'see how it broke before' }];
  return hasPlaceFor({ settings }, state, one!)
    ? [{ command: help, what: 'start it again' }]
    : [{ command: `show instance ${saidId(id)}`, what: 'see what makes room for it' }];
};

/** What can be done about a failure that nothing has mended; what has to come first stands before the others. */
const suggestionsFor = (
  standing: Pick<Standing, 'settings' | 'state'>,
  failure: Failure,
  agents: Agents,
): readonly Suggestion[] => {
  const { open, kind, task, instance } = failure;
  if (!open) return [];
  const remedy = remedyFor(failure, agents);
  if (kind === 'instance') return [...remedy, ...waysOnWith(standing, instance!)];
  const failed = standing.state.tasks[task!];
  return [...remedy, ...(failed ? waysOn(failed) : [])];
};

/** The command that helps first: what puts the cause right, else another try where that is of use. */
const nextFor = (failure: Failure, agents: Agents, suggestions: readonly Suggestion[]): string | null => {
  const remedy = failure.open ? remedyFor(failure, agents)[0] : undefined;
  const again = suggestions.find(({ command }) => /^(?:retry|restart) /u.test(command));
  return (remedy ?? again)?.command ?? null;
};

/** What is known of agents, where the program of one is missing: nobody looks for programs otherwise. */
const agentsFor = async (context: Context, { class: kind, instance }: Failure): Promise<Agents> => {
  const failed = context.store.state.instances[instance ?? '']?.agent;
  if (kind !== 'no-program') return { failed, others: [] };
  return { failed, others: (await context.agents.workers()).filter((agent) => agent !== failed) };
};

const drawFailure = (one: Data, view: Drawing): string => {
  const fields: [string, string | null][] = [
    ['class', one.class],
    ['task', one.task === null ? null : `${one.task} ${one.title ?? '(removed)'}, attempt ${one.attempt ?? '?'}`],
    ['instance', one.instance],
    ['branch', one.branch],
    ['when', agoText(one.at, timeIn(view))],
    ['what', one.message],
    ['note', one.note],
    ['state', one.open ? 'open' : 'over'],
  ];
  const lines = fields.flatMap(([key, value]) => (value === null ? [] : [`${`${key}:`.padEnd(10)} ${value}`]));
  const output = one.output === null ? [] : ['', 'what the check printed:', one.output.trimEnd()];
  const last = one.last_lines.length === 0 ? [] : ['', `the last lines of ${one.instance}:`, ...one.last_lines];
  return withSuggestions(shown([one.id, ...lines, ...output, ...last].join('\n')), one.suggestions, view);
};

/** A task that has no failure of its own: what keeps it from being done, where something does. */
const notFailed = (state: State, id: string) => {
  const blocked = blockedOf(state, state.tasks[id]!);
  if (!blocked) return nothingToDo({ message: `${id} has not failed.`, hint: `Look at it: show task ${saidId(id)}` });
  return nothingToDo({ message: asSentence(blocked.text), hint: `Suggested: ${blocked.help.join(', or ')}` });
};

export const showFailure = defineCommand({
  verb: 'show',
  noun: 'failure',
  summary: 'One failure: what failed, where its work is, and what helps',
  example: 'show failure f-12',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'required',
  one: 'failure',
  reads: true,
  params: z.object({ id: idsParam }),
  result: dataSchema,
  run: async (context, { id }, modifiers) => {
    const name = requireOne(id, 'failure');
    const { failures: all, twins } = await failuresOf(context);
    // A task stands for the last failure at it, of its runs or of the instance that was at one.
    const one = [...all, ...twins].find((failure) => failure.id === name) ?? all.findLast(({ task }) => task === name);
    if (!one && Object.hasOwn(context.store.state.tasks, name)) throw notFailed(context.store.state, name);
    if (!one) throw notFound({ noun: 'failure', id: name, known: all.map((failure) => failure.id) });
    const { state } = context.store;
    const task = one.task === null ? undefined : state.tasks[one.task];
    const run = task && runOf(task, one.attempt);
    const agents = await agentsFor(context, one);
    const suggestions = suggestionsFor({ settings: context.settings, state }, one, agents);
    // What this program put behind it was not printed by the check.
    const { printed, note } = splitNote(run?.failure?.output ?? '');
    const data: Data = {
      ...one,
      title: task?.title ?? null,
      branch: run?.branch ?? null,
      output: printed.trim() === '' ? null : printed,
      last_lines: await lastLinesOf(context, one, modifiers.includes('detailed') ? Infinity : LAST_LINES),
      note,
      next: nextFor(one, agents, suggestions),
      suggestions: [...suggestions],
    };
    return { message: `${one.id}: ${one.task ?? one.instance} ${one.class}: ${one.message}`, data };
  },
  draw: drawFailure,
});
