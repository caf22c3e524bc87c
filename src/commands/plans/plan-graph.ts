import { z } from 'zod';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { gatedGraph, isGate } from '../../tasks/gates.ts';
import { criticalPath, waves } from '../../tasks/graph.ts';
import { isReady, planOrder, tasksOf } from '../../tasks/select.ts';
import { drawGraph } from '../../text/graph/draw-graph.ts';
import { GRAPH_FORMATS, type GraphData, graphSchema, type NodeState } from '../../text/graph/graph-data.ts';
import { dotOf, mermaidOf } from '../../text/graph/graph-documents.ts';
import { svgOf } from '../../text/graph/graph-svg.ts';
import { chainText, rulesFor } from '../../text/order-text.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { idsParam, lookUp } from '../selection.ts';

const DOCUMENTS = { text: () => null, dot: dotOf, mermaid: mermaidOf, svg: svgOf } as const;

const isLeft = ({ state }: Task): boolean => state !== 'done';

/** Tasks of these plans, or all, in their order; what was cancelled or put into the archive is no part of the picture. */
const tasksIn = (state: State, ids: readonly string[] | undefined): readonly Task[] => {
  const all =
    ids === undefined
      ? planOrder(state.specs, state.tasks).map((id) => state.tasks[id]!)
      : ids.flatMap((id) => [...tasksOf(lookUp(state.specs, id, 'spec'), state.tasks)]);
  return all.filter((task) => task.state !== 'cancelled' && !task.archived);
};

const stateOf = (task: Task, { tasks }: State): NodeState =>
  task.state === 'open' ? (isReady(task, tasks) ? 'ready' : 'waiting') : task.state;

/** What these tasks wait for among themselves. */
const graphAmong = (tasks: readonly Task[]): ReturnType<typeof gatedGraph> => {
  const known = new Set(tasks.map(({ id }) => id));
  return gatedGraph(
    tasks.map(({ id, dependencies, opens }) => [
      id,
      { dependencies: dependencies.filter((need) => known.has(need) || isGate(need)), opens },
    ]),
  );
};

const graphData = (
  state: State,
  ids: readonly string[] | undefined,
): Omit<GraphData, 'document' | 'format' | 'whole'> => {
  const tasks = tasksIn(state, ids);
  const graph = graphAmong(tasks);
  const gates = Object.fromEntries([...graph].filter(([id]) => isGate(id)).map(([id, openers]) => [id, [...openers]]));
  const layers = waves(graph);
  const waveOf = new Map(layers.flatMap((wave, at) => wave.map((id) => [id, at + 1] as const)));
  const open = graphAmong(tasks.filter(isLeft));
  const { path } = criticalPath(open, (id) => Math.max(1, state.tasks[id]!.complexity_score));
  const critical = new Set(path);
  return {
    name: ids === undefined ? 'all tasks' : ids.join(', '),
    tasks: tasks.map((task) => {
      const needs = graph.get(task.id)!;
      const rules = rulesFor(task, needs);
      return {
        id: task.id,
        title: task.title,
        state: stateOf(task, state),
        wave: waveOf.get(task.id)!,
        critical: critical.has(task.id),
        needs: needs.map((id) => ({ id, rule: rules[id] ?? null })),
      };
    }),
    gates,
    waves: layers,
    critical_path: [...path],
    edges: [...graph.values()].reduce((sum, needs) => sum + needs.length, 0),
  };
};

const sentence = ({
  name,
  tasks,
  waves: layers,
  edges,
  critical_path,
}: Awaited<ReturnType<typeof graphData>>): string => {
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
    const found = { ...graphData(state, id), format, whole: modifiers.includes('detailed') };
    return { message: sentence(found), data: { ...found, document: DOCUMENTS[format]({ ...found, document: null }) } };
  },
  draw: (data: GraphData, view, message) => data.document ?? drawGraph(data, view, message),
});
