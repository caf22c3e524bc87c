import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { gatedGraph, isGate, waiterAmong } from '../../tasks/gates.ts';
import { criticalPath, waves } from '../../tasks/graph.ts';
import { isReady } from '../../tasks/select.ts';
import { behindGivenUp, isGivenUp } from '../../tasks/stranded.ts';
import { rulesFor } from '../order-text.ts';
import type { GraphData, NodeState } from './graph-data.ts';

/** Whether it is still to be done. */
export const isLeft = ({ state }: Task): boolean => state !== 'done';

/** What was cancelled or put into the archive is no part of the picture, unless something that is left waits for it for ever. */
export const drawnOf = (tasks: readonly Task[]): readonly Task[] => {
  const isDrawn = (task: Task): boolean => task.state !== 'cancelled' && !task.archived;
  const waiterFor = waiterAmong(tasks.filter((task) => isDrawn(task) && isLeft(task)));
  return tasks.filter((task) => isDrawn(task) || (isGivenUp(task) && waiterFor(task) !== undefined));
};

const stateOf = (task: Task, { tasks }: Pick<State, 'tasks'>): NodeState =>
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

/** The graph of these tasks, as every drawing of it has it. */
export const graphDataOf = (
  state: Pick<State, 'tasks'>,
  tasks: readonly Task[],
  name: string,
): Omit<GraphData, 'document' | 'format' | 'whole'> => {
  const graph = graphAmong(tasks);
  const gates = Object.fromEntries([...graph].filter(([id]) => isGate(id)).map(([id, openers]) => [id, [...openers]]));
  const layers = waves(graph);
  const waveOf = new Map(layers.flatMap((wave, at) => wave.map((id) => [id, at + 1] as const)));
  const never = behindGivenUp(state.tasks);
  const open = graphAmong(tasks.filter((task) => isLeft(task) && !never.has(task.id)));
  const { path } = criticalPath(open, (id) => Math.max(1, state.tasks[id]!.complexity_score));
  const critical = new Set(path);
  return {
    name,
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
