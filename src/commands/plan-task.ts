import { z } from 'zod';
import { criticalPath, waves } from '../tasks/graph.ts';
import { graphOf, waitingFor } from '../tasks/select.ts';
import { defineCommand } from './define.ts';
import { drawTable } from './table.ts';
import { plural } from './wording.ts';

type Data = {
  waves: string[][];
  critical_path: string[];
  tasks: { id: string; title: string; wave: number; waits_for: string[]; instance: string | null }[];
};

export const planTask = defineCommand({
  verb: 'plan',
  noun: 'task',
  summary: 'Show which tasks can run together, in which order, and what decides the length of it all',
  example: 'plan tasks',
  role: 'viewer',
  modifiers: ['auto'],
  target: 'none',
  reads: true,
  params: z.object({ scope: z.literal('all').optional() }),
  run: async ({ store: { state } }) => {
    const open = Object.values(state.tasks).filter((task) => !['done', 'cancelled'].includes(task.state));
    const all = graphOf(Object.keys(state.tasks), state.tasks);
    const closed = Object.keys(state.tasks).filter((id) => !open.some((task) => task.id === id));
    const order = waves(all, closed);
    const left = new Map([...all].filter(([id]) => !closed.includes(id)));
    const { path } = criticalPath(left, (id) => state.tasks[id]?.complexity_score ?? 0);
    const data: Data = {
      waves: order,
      critical_path: [...path],
      tasks: order.flatMap((wave, i) =>
        wave.map((id) => {
          const task = state.tasks[id]!;
          return {
            id,
            title: task.title,
            wave: i + 1,
            waits_for: waitingFor(task, state.tasks),
            instance: task.assignee,
          };
        }),
      ),
    };
    return {
      message: `${plural(open.length, 'open task')} in ${plural(order.length, 'wave')}: ${order.map((wave) => wave.length).join('/') || '0'}; longest chain ${path.join(' → ') || 'none'}.`,
      data,
    };
  },
  draw: (data: Data, view) =>
    `${drawTable(
      {
        head: ['wave', 'task', 'title', 'waits for', 'instance'],
        rows: data.tasks.map((task) => [
          { text: String(task.wave) },
          { text: task.id },
          { text: task.title },
          { text: task.waits_for.join(' '), tone: 'dim' },
          { text: task.instance ?? '' },
        ]),
        empty: 'No open task.',
      },
      view,
    )}\nWaves ${data.waves.map((wave) => wave.length).join('/') || '0'}; longest chain ${data.critical_path.join(' → ') || 'none'}.`,
});
