import { z } from 'zod';
import { shown } from '../../lib/text.ts';
import type { Task } from '../../state/tasks.ts';
import { defineCommand } from '../define.ts';
import { notFound } from '../errors.ts';
import { idsParam, requireOne } from '../selection.ts';
import { type Failure, failureSchema, failuresOf } from './failures.ts';

const dataSchema = failureSchema.extend({
  title: z.string().nullable().describe('What its task is'),
  branch: z.string().nullable().describe('Where the work of that run is'),
  next: z.string().nullable().describe('The command that tries it again'),
});
type Data = z.infer<typeof dataSchema>;

/** The run of an attempt, where the task still has its record. */
const runOf = (task: Task | undefined, attempt: number | null) =>
  [task?.run, ...(task?.history ?? [])].find((run) => run?.attempt === attempt);

const nextFor = (one: Failure): string | null => {
  if (!one.open) return null;
  return one.kind === 'run' ? `retry task ${one.task}` : `restart instance ${one.instance}`;
};

const drawFailure = (one: Data): string => {
  const fields: [string, string | null][] = [
    ['class', one.class],
    ['task', one.task === null ? null : `${one.task} ${one.title ?? '(removed)'}, attempt ${one.attempt ?? '?'}`],
    ['instance', one.instance],
    ['branch', one.branch],
    ['when', one.at],
    ['what', one.message],
    ['state', one.open ? 'open' : 'over'],
    ['next', one.next],
  ];
  const lines = fields.flatMap(([key, value]) => (value === null ? [] : [`${`${key}:`.padEnd(10)} ${value}`]));
  return shown([one.id, ...lines].join('\n'));
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
    const all = await failuresOf(context);
    const one = all.find((failure) => failure.id === name);
    if (!one) throw notFound({ noun: 'failure', id: name, known: all.map((failure) => failure.id) });
    const task = one.task === null ? undefined : context.store.state.tasks[one.task];
    const data: Data = {
      ...one,
      title: task?.title ?? null,
      branch: runOf(task, one.attempt)?.branch ?? null,
      next: nextFor(one),
    };
    return { message: `${one.id}: ${one.task ?? one.instance} ${one.class}: ${one.message}`, data };
  },
  draw: drawFailure,
});
