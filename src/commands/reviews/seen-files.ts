import { z } from 'zod';
import { parsePatch } from '../../text/patch.ts';
import { plural } from '../../text/wording.ts';
import type { Context, Outcome } from '../define.ts';
import { notFound } from '../errors.ts';
import { idsParam } from '../selection.ts';
import { workOf } from './reviewed.ts';

export const seenParams = z.object({
  id: idsParam.describe('The task'),
  file: z.string().optional().describe('Path of the file; without it, all files of the work'),
});
export const seenSchema = z.object({ task: z.string(), files: z.array(z.string()) });

/** Marks files of the work as seen as they are now, or takes the marks away. */
export const markFiles = async (
  context: Context,
  { id, file }: z.infer<typeof seenParams>,
  isSeen: boolean,
): Promise<Outcome> => {
  const { task, from, to } = await workOf(context, context.store.state, id);
  const { patch } = await context.git.diff(from, to);
  const all = parsePatch(patch);
  const meant = file === undefined ? all : all.filter(({ path }) => path === file);
  if (meant.length === 0)
    throw notFound({ noun: 'changed file', id: file ?? 'all', known: all.map(({ path }) => path) });
  const files = Object.fromEntries(meant.map(({ path, content }) => [path, isSeen ? content : null]));
  await context.decide(() => [{ type: 'review.seen', data: { task: task.id, files } }]);
  const paths = meant.map(({ path }) => path);
  const which = paths.length === 1 ? paths[0]! : plural(paths.length, 'file');
  return { message: `${which} of ${task.id}: ${isSeen ? 'seen' : 'not seen'}.`, data: { task: task.id, files: paths } };
};
