import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import { blockedOf } from '../../attention/blocked.ts';
import { asSentence } from '../../lib/errors.ts';
import { shown } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { type Suggestion, suggestionsSchema, withSuggestions } from '../../text/suggestions.ts';
import type { Drawing } from '../../text/table.ts';
import { defineCommand } from '../define.ts';
import { notFound, nothingToDo } from '../errors.ts';
import { idsParam, requireOne } from '../selection.ts';
import { type Failure, failureSchema, failuresOf, runOf } from './failures.ts';

const dataSchema = failureSchema.extend({
  title: z.string().nullable().describe('What its task is'),
  branch: z.string().nullable().describe('Where the work of that run is'),
  output: z.string().nullable().describe('The end of what the check printed that failed'),
  next: z.string().nullable().describe('The command that tries it again'),
  suggestions: suggestionsSchema,
});
type Data = z.infer<typeof dataSchema>;

const nextFor = (one: Failure): string | null => {
  if (!one.open) return null;
  return one.kind === 'run' ? `retry task ${saidId(one.task!)}` : `restart instance ${saidId(one.instance!)}`;
};

/** What can be done about a failure that nothing has mended. */
const suggestionsFor = (one: Failure, task: Task | undefined): readonly Suggestion[] => {
  if (!one.open) return [];
  if (one.kind === 'instance')
    return [{ command: `restart instance ${saidId(one.instance!)}`, what: 'start it again' }];
  const id = one.task!;
  const isChecked = one.class === 'check' || one.class === 'gate';
  return [
    ...(task?.run ? [{ command: `show diff ${saidId(id)}`, what: 'see what it changed' }] : []),
    { command: `retry task ${saidId(id)}`, what: 'let an agent try it once more' },
    ...(isChecked ? [{ command: `set task ${saidId(id)} check="…"`, what: 'give it another check' }] : []),
    { command: `cancel task ${saidId(id)}`, what: 'leave it undone' },
  ];
};

const drawFailure = (one: Data, view: Drawing): string => {
  const fields: [string, string | null][] = [
    ['class', one.class],
    ['task', one.task === null ? null : `${one.task} ${one.title ?? '(removed)'}, attempt ${one.attempt ?? '?'}`],
    ['instance', one.instance],
    ['branch', one.branch],
    ['when', one.at],
    ['what', one.message],
    ['state', one.open ? 'open' : 'over'],
  ];
  const lines = fields.flatMap(([key, value]) => (value === null ? [] : [`${`${key}:`.padEnd(10)} ${value}`]));
  const output = one.output === null ? [] : ['', 'what the check printed:', one.output.trimEnd()];
  return withSuggestions(shown([one.id, ...lines, ...output].join('\n')), one.suggestions, view);
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
  summary: 'One failure: what failed, where its work is, and what tries it again',
  example: 'show failure f-12',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'required',
  reads: true,
  params: z.object({ id: idsParam }),
  result: dataSchema,
  run: async (context, { id }) => {
    const name = requireOne(id, 'failure');
    const { failures: all } = await failuresOf(context);
    // A task stands for the last failure of its runs.
    const one = all.find((failure) => failure.id === name) ?? all.findLast(({ task }) => task === name);
    if (!one && Object.hasOwn(context.store.state.tasks, name)) throw notFailed(context.store.state, name);
    if (!one) throw notFound({ noun: 'failure', id: name, known: all.map((failure) => failure.id) });
    const task = one.task === null ? undefined : context.store.state.tasks[one.task];
    const run = task && runOf(task, one.attempt);
    const data: Data = {
      ...one,
      title: task?.title ?? null,
      branch: run?.branch ?? null,
      output: run?.failure?.output ?? null,
      next: nextFor(one),
      suggestions: [...suggestionsFor(one, task)],
    };
    return { message: `${one.id}: ${one.task ?? one.instance} ${one.class}: ${one.message}`, data };
  },
  draw: drawFailure,
});
