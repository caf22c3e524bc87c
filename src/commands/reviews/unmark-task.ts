import { defineCommand } from '../define.ts';
import { reviewedTask } from './reviewed.ts';
import { markFiles, seenParams, seenSchema } from './seen-files.ts';

export const unmarkTask = defineCommand({
  verb: 'unmark',
  noun: 'task',
  summary: 'Take the marks of seen files away',
  example: 'unmark task 3.1 file=src/a.ts',
  role: 'operator',
  modifiers: [],
  target: 'required',
  one: 'task',
  reads: false,
  effects: 'forgets that you have looked at it',
  params: seenParams,
  result: seenSchema,
  refuses: ({ state }, { id }) => void reviewedTask(state, id),
  unsure: (_standing, { file }) => file !== undefined,
  run: (context, params) => markFiles(context, params, false),
});
