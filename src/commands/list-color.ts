import { z } from 'zod';
import { defineCommand } from './define.ts';
import { drawTable } from './table.ts';
import { plural } from './wording.ts';

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
  run: async ({ store: { state } }) => {
    const data = Object.values(state.instances).map((one) => ({
      ...one.peacock_theme,
      instance_id: one.instance_id,
      workspace_path: one.workspace_path,
      tasks: one.task_assignments,
    }));
    return { message: plural(data.length, 'color'), data };
  },
  draw: (
    data: readonly {
      color_name: string;
      primary_color: string;
      instance_id: string;
      workspace_path: string;
      tasks: string[];
    }[],
    view,
  ) =>
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
