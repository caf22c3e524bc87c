import { KEPT_TRANSITIONS } from '../../state/asides.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { activity } from '../../state/moves.ts';
import type { FailureClass, Task } from '../../state/tasks.ts';
import { taskAlert } from './alert-facts.ts';

/** The task that an instance is at work on. */
export const runningTask = (state: State, instance: Instance) =>
  instance.task_assignments.map((id) => state.tasks[id]).find((task) => task?.state === 'running');

/** Whether an agent has been seen at work on the run of its task, or is taken to be since it was given its brief. */
export const hasBegun = ({ transitions }: Instance, { run }: Task): boolean =>
  run !== null && transitions.some(({ kind, since }) => kind === 'working' && since >= run.started_at);

/**
 * When an agent was given what the daemon has it at work on, in milliseconds since 1970. That its state was not known
 * meanwhile, or that it was frozen, gives it nothing new: it is again what it was, though its state has a new time.
 */
export const givenAt = (state: State, instance: Instance): number => {
  const { transitions } = instance;
  const started = runningTask(state, instance)?.run?.started_at;
  // Of a long life only the last states are kept.
  const isCut = transitions.length >= KEPT_TRANSITIONS;
  let given = isCut ? started : undefined;
  let isAfterGap = isCut;
  for (const { kind, source, since } of transitions) {
    const isGap = kind === 'unknown' || kind === 'paused';
    if (!isGap && !(kind === 'working' && source === 'drover')) given = undefined;
    else if (!isGap && !(isAfterGap && given !== undefined)) given = since;
    isAfterGap = isGap;
  }
  const at = given ?? activity(instance).since;
  return Date.parse(started !== undefined && started > at ? started : at);
};

/** The facts that end the run of an instance; none where it has none. */
export const runEndFacts = (
  state: State,
  instance: Instance,
  data: { class: FailureClass; message: string },
): EventDraft[] => {
  const task = runningTask(state, instance);
  if (!task) return [];
  return [{ type: 'run.failed', data: { id: task.id, failure: data } }, taskAlert(task.id, data, instance.instance_id)];
};

/** The alert that somebody's half-typed line keeps its brief from an instance. */
export const typingAlert = (id: string): string => `typing:${id}`;

/** Whether the brief of an instance is still to be typed: a turn that ends before then was somebody else's. */
export const isKeptWaiting = (state: State, id: string): boolean => state.alerts[typingAlert(id)] !== undefined;
