import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import { blockedOf } from '../../attention/blocked.ts';
import { helpForInstance, waysOn } from '../../attention/failure-help.ts';
import { asSentence } from '../../lib/errors.ts';
import { shown } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import { agoText, timeIn } from '../../text/since-text.ts';
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
  next: z.string().nullable().describe('The command that tries it again; null where that is of no use'),
  suggestions: suggestionsSchema,
});
type Data = z.infer<typeof dataSchema>;

/** What can be done about an instance that is broken: to start it again, where that was not of no use before. */
const waysOnWith = ({ instances }: State, id: string): readonly Suggestion[] => {
  const restart = `restart instance ${saidId(id)}`;
  const one = instances[id];
  const help = one ? helpForInstance(one, restart) : null;
  if (help === null) return [];
  return [{ command: help, what: help === restart ? 'start it again' : 'see how it broke before' }];
};

/** What can be done about a failure that nothing has mended. */
const suggestionsFor = (state: State, { open, kind, task, instance }: Failure): readonly Suggestion[] => {
  if (!open) return [];
  if (kind === 'instance') return waysOnWith(state, instance!);
  const failed = state.tasks[task!];
  return failed ? waysOn(failed) : [];
};

const drawFailure = (one: Data, view: Drawing): string => {
  const fields: [string, string | null][] = [
    ['class', one.class],
    ['task', one.task === null ? null : `${one.task} ${one.title ?? '(removed)'}, attempt ${one.attempt ?? '?'}`],
    ['instance', one.instance],
    ['branch', one.branch],
    ['when', agoText(one.at, timeIn(view))],
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
    const { state } = context.store;
    const task = one.task === null ? undefined : state.tasks[one.task];
    const suggestions = suggestionsFor(state, one);
    const run = task && runOf(task, one.attempt);
    const data: Data = {
      ...one,
      title: task?.title ?? null,
      branch: run?.branch ?? null,
      output: run?.failure?.output ?? null,
      next: suggestions.find(({ command }) => /^(?:retry|restart) /u.test(command))?.command ?? null,
      suggestions: [...suggestions],
    };
    return { message: `${one.id}: ${one.task ?? one.instance} ${one.class}: ${one.message}`, data };
  },
  draw: drawFailure,
});
