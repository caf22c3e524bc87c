import { z } from 'zod';
import { valuesOf } from '../../lib/records.ts';
import { shown } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import { INSTANCE_LOOK } from '../../text/instance-rows.ts';
import { taskWord } from '../../text/task-rows.ts';
import { plural } from '../../text/wording.ts';
import { UNREADABLE, type WorktreeRow, worktreeSchema } from '../../text/worktree-row.ts';
import { defineCommand } from '../define.ts';
import { idsParam } from '../selection.ts';
import { worktreeRows } from './worktree-rows.ts';

const taskSchema = z.object({
  id: z.string(),
  title: z.string(),
  word: z.string().describe('Its state in words'),
  branch: z.string().nullable().describe('Where its run works, or worked'),
});
const nodeSchema = worktreeSchema.extend({ tasks: z.array(taskSchema).describe('What it has, and what it did') });
type Node = z.infer<typeof nodeSchema>;

/** What an instance has in its queue, and what it did last. */
const tasksOf = (state: State, { instance, branch }: WorktreeRow): z.infer<typeof taskSchema>[] =>
  valuesOf(state.tasks)
    .filter((task) =>
      instance === null
        ? branch !== null && task.run?.branch === branch
        : task.assignee === instance || task.run?.instance === instance,
    )
    .map((task) => ({
      id: task.id,
      title: task.title,
      word: taskWord(task, state),
      branch: task.run?.branch ?? null,
    }));

const linesOf = (node: Node): string[] => {
  const look = INSTANCE_LOOK[(node.instance_state ?? 'unknown') as keyof typeof INSTANCE_LOOK];
  const head =
    node.instance === null ? `${node.name} (${node.kind})` : `${node.name} ${look.glyph} ${node.instance_state}`;
  const children = [
    `branch ${node.branch ?? 'none'}, +${node.ahead} −${node.behind}${node.dirty > 0 ? `, ${node.dirty} uncommitted` : ''}`,
    ...(node.problem === null ? [] : [`${UNREADABLE}: ${node.problem}`]),
    ...(node.session === null ? [] : [`session ${node.session}`]),
    ...node.tasks.map((task) => `task ${task.id} ${task.title} (${task.word})`),
  ];
  return [head, ...children.map((line, i) => `${i === children.length - 1 ? '└─' : '├─'} ${line}`)];
};

const drawTree = (nodes: readonly Node[]): string => {
  if (nodes.length === 0) return 'No worktree.';
  const lines = nodes.flatMap((node, at) => {
    const last = at === nodes.length - 1;
    return linesOf(node).map((line, i) => {
      if (i === 0) return `${last ? '└─' : '├─'} ${line}`;
      return `${last ? '  ' : '│ '} ${line}`;
    });
  });
  return shown(lines.join('\n'));
};

export const treeWorktree = defineCommand({
  verb: 'tree',
  noun: 'worktree',
  summary: 'Show which worktree, branch, session and tasks belong together',
  example: 'tree worktrees',
  role: 'viewer',
  modifiers: [],
  target: 'optional',
  reads: true,
  params: z.object({ id: idsParam.optional().describe('Only these, by their names') }),
  result: z.array(nodeSchema),
  run: async (context, { id }) => {
    const { rows } = await worktreeRows(context, id);
    const { state } = context.store;
    return {
      message: `${plural(rows.length, 'worktree')}.`,
      data: rows.map((row): Node => ({ ...row, tasks: tasksOf(state, row) })),
    };
  },
  draw: drawTree,
});
