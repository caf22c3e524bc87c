import { z } from 'zod';
import type { Spec } from '../../state/specs.ts';
import { tasksOf } from '../../tasks/select.ts';
import { outlineOf } from '../../tasks/spec/outline.ts';
import { type Cell, drawTable } from '../../text/table.ts';
import { defineCommand } from '../define.ts';
import { idsParam, lookUp } from '../selection.ts';
import {
  PROGRESS_HEAD,
  type ProgressContext,
  progressCells,
  progressRow,
  progressSchema,
  progressText,
} from './spec-progress.ts';

const statusSchema = z.object({
  spec: z.string(),
  progress: progressSchema,
  groups: z.array(z.object({ number: z.string(), title: z.string(), progress: progressSchema })),
});
type Status = z.infer<typeof statusSchema>;

/** How far a plan and each of its parts is. */
const statusOf = (context: ProgressContext, spec: Spec): Status => {
  const all = context.store.state.tasks;
  return {
    spec: spec.name,
    progress: progressRow(context, tasksOf(spec, all)),
    groups: outlineOf(spec, all).map(({ number, title, tasks }) => ({
      number,
      title,
      progress: progressRow(context, tasks),
    })),
  };
};

const rowsOf = ({ spec, progress, groups }: Status): Cell[][] => [
  [{ text: spec }, ...progressCells(progress), { text: '' }],
  ...groups.map((group) => [{ text: `· ${group.number}` }, ...progressCells(group.progress), { text: group.title }]),
];

export const statusSpec = defineCommand({
  verb: 'status',
  noun: 'spec',
  summary: 'How far plans and their parts are: done, percent, time so far and time left',
  example: 'status spec demo',
  role: 'viewer',
  modifiers: [],
  target: 'optional',
  reads: true,
  params: z.object({ id: idsParam.optional().describe('Which plans'), scope: z.literal('all').optional() }),
  result: z.array(statusSchema),
  run: async (context, { id }) => {
    const { state } = context.store;
    const names = id ?? Object.keys(state.specs);
    const data = names.map((name) => statusOf(context, lookUp(state.specs, name, 'spec')));
    const message = data.map(({ spec, progress }) => `${spec}: ${progressText(progress)}.`).join(' ');
    return { message: message || 'There is no spec.', data };
  },
  draw: (data: readonly Status[], view) =>
    drawTable(
      {
        head: ['spec', ...PROGRESS_HEAD, 'title'],
        rows: data.flatMap(rowsOf),
        empty: 'No spec.',
        next: [['Import one', 'import spec PATH']],
      },
      view,
    ),
});
