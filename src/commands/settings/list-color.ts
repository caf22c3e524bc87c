import { z } from 'zod';
import type { State } from '../../state/index.ts';
import { themeSchema } from '../../state/instances.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';

export const colorSchema = themeSchema.extend({
  instance_id: z.string(),
  workspace_path: z.string(),
  tasks: z.array(z.string()),
});
export type ColorRow = z.infer<typeof colorSchema>;

/** Which colour belongs to which instance. */
export const colorsOf = (state: State): readonly ColorRow[] =>
  Object.values(state.instances).map((one) => ({
    ...one.peacock_theme,
    instance_id: one.instance_id,
    workspace_path: one.workspace_path,
    tasks: one.task_assignments,
  }));

export const listColor = defineCommand({
  verb: 'list',
  noun: 'color',
  summary: 'List which colour belongs to which instance, worktree and tasks',
  example: 'list colors',
  role: 'viewer',
  modifiers: [],
  reads: true,
  target: 'optional',
  params: z.object({ scope: z.literal('all').optional() }),
  result: z.array(colorSchema),
  run: async ({ store: { state } }) => {
    const data = colorsOf(state);
    return { message: plural(data.length, 'color'), data };
  },
  draw: (data: readonly ColorRow[], view) =>
    drawTable(
      {
        head: ['color', 'hex', 'instance', 'tasks', 'worktree'],
        rows: data.map((one) => [
          { text: `■ ${one.color_name}`, tone: { hex: one.primary_color } },
          { text: one.primary_color },
          { text: one.instance_id },
          { text: one.tasks.join(' ') },
          { text: one.workspace_path, tone: 'dim' },
        ]),
        empty: 'No instance has a colour yet.',
      },
      view,
    ),
});
