import { defineCommand } from '../define.ts';
import { reviewedTask } from './reviewed.ts';
import { markFiles, seenParams, seenSchema } from './seen-files.ts';

export const markTask = defineCommand({
  verb: 'mark',
  noun: 'task',
  summary: 'Mark files of the work of a task as seen; a file that changes again is unseen again',
  example: 'mark task 3.1 file=src/a.ts',
  role: 'operator',
  modifiers: [],
  target: 'required',
  one: 'task',
  reads: false,
  effects: 'notes what you have looked at',
  params: seenParams,
  result: seenSchema,
  refuses: ({ state }, { id }) => void reviewedTask(state, id),
  unsure: (_standing, { file }) => file !== undefined,
  run: (context, params) => markFiles(context, params, true),
});
