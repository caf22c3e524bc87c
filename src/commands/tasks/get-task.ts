import { z } from 'zod';
import { oneLine, shorten } from '../../lib/text.ts';
import { taskRowSchema, withWord } from '../../text/task-rows.ts';
import { defineCommand } from '../define.ts';
import { badParameter } from '../errors.ts';
import { idsParam, oneTask } from '../selection.ts';

const FIELDS = Object.keys(taskRowSchema.shape);

const fieldOf = (said: string): string => {
  const field = said
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/gu, '_');
  if (FIELDS.includes(field)) return field;
  const issue = `there is no field "${shorten(oneLine(said), 60)}"; there are ${FIELDS.join(', ')}`;
  throw badParameter({ command: 'get task', key: 'field', issue });
};

const textOf = (value: unknown): string => {
  if (value === null) return '';
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join('\n');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

export const getTask = defineCommand({
  verb: 'get',
  noun: 'task',
  summary: 'Give the record of a task, or one field of it',
  example: 'get task 3.1 priority',
  role: 'viewer',
  modifiers: [],
  target: 'required',
  one: 'task',
  text: 'field',
  reads: true,
  params: z.object({ id: idsParam.describe('Which task'), field: z.string().optional().describe('Which field') }),
  result: z.unknown().describe('The record, or the value of the field'),
  refuses: (_standing, { field }) => void (field === undefined || fieldOf(field)),
  run: async ({ store: { state } }, { id, field }) => {
    const task = withWord(oneTask(state, id), state);
    if (field === undefined) return { message: JSON.stringify(task, null, 2), data: task };
    const value = task[fieldOf(field) as keyof typeof task];
    return { message: textOf(value), data: value };
  },
});
