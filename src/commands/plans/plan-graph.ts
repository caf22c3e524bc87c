import { z } from 'zod';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { planOrder, tasksOf } from '../../tasks/select.ts';
import { drawGraph } from '../../text/graph/draw-graph.ts';
import { GRAPH_FORMATS, type GraphData, graphSchema } from '../../text/graph/graph-data.ts';
import { dotOf, mermaidOf } from '../../text/graph/graph-documents.ts';
import { drawnOf, graphDataOf } from '../../text/graph/graph-of.ts';
import { svgOf } from '../../text/graph/graph-svg.ts';
import { chainText } from '../../text/order-text.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { idsParam, lookUp } from '../selection.ts';

const DOCUMENTS = { text: () => null, dot: dotOf, mermaid: mermaidOf, svg: svgOf } as const;

/** The tasks of these plans, or all, in their order. */
const tasksIn = (state: State, ids: readonly string[] | undefined): readonly Task[] => {
  const all =
    ids === undefined
      ? planOrder(state.specs, state.tasks).map((id) => state.tasks[id]!)
      : ids.flatMap((id) => [...tasksOf(lookUp(state.specs, id, 'spec'), state.tasks)]);
  return drawnOf(all);
};

const sentence = ({ name, tasks, waves: layers, edges, critical_path }: ReturnType<typeof graphDataOf>): string => {
  const done = tasks.filter(({ state }) => state === 'done').length;
  return `${name}: ${plural(tasks.length, 'task')} in ${plural(layers.length, 'wave')}, ${done} done, ${plural(edges, 'dependency')}; longest chain ${chainText(critical_path)}.`;
};

export const planGraph = defineCommand({
  verb: 'plan',
  noun: 'graph',
  summary:
    'Draw what waits for what, wave after wave, with the rule of each dependency; as text, or for Graphviz, Mermaid or a browser',
  example: 'plan graph demo',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'optional',
  reads: true,
  params: z.object({
    id: idsParam.optional().describe('Imported plans by name; without any, all tasks'),
    scope: z.literal('all').optional(),
    format: z.enum(GRAPH_FORMATS).optional().describe('text, dot, mermaid or svg: a drawing to keep as a file'),
  }),
  result: graphSchema,
  run: async ({ store: { state } }, { id, format = 'text' }, modifiers) => {
    const name = id === undefined ? 'all tasks' : id.join(', ');
    const found = { ...graphDataOf(state, tasksIn(state, id), name), format, whole: modifiers.includes('detailed') };
    return { message: sentence(found), data: { ...found, document: DOCUMENTS[format]({ ...found, document: null }) } };
  },
  draw: (data: GraphData, view, message) => data.document ?? drawGraph(data, view, message),
});
