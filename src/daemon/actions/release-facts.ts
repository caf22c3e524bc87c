import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { blockedFacts } from '../signals/alert-facts.ts';

type Release = {
  readonly reason: string;
  readonly again: boolean;
  /** Whether the instance is removed: nothing can wait for it then. */
  readonly isRemoved?: boolean;
};

/**
 * The facts that give back to the plan what an instance has and does not finish: a run in progress counts as stopped and
 * its branch is kept. With `again` another instance starts what had been asked for; what a person stopped waits for their
 * word. What a person gave to the instance by hand waits for it.
 */
export const releaseFacts = (
  state: State,
  instance: Instance,
  { reason, again, isRemoved = false }: Release,
): EventDraft[] =>
  instance.task_assignments.flatMap((id): EventDraft[] => {
    const task = state.tasks[id];
    if (!task) return [];
    const waits = task.pinned && !isRemoved;
    if (task.state === 'assigned') return waits ? [] : [{ type: 'task.unassigned', data: { id, reason } }];
    const facts: EventDraft[] = [
      { type: 'run.failed', data: { id, failure: { class: 'stopped', message: reason } } },
      { type: 'task.reopened', data: { id, reason } },
    ];
    if (!again || !task.requested) return facts;
    const back = { id, instance: instance.instance_id, pinned: true, reason: `${reason}; it was given to it by hand` };
    return [
      ...facts,
      { type: 'task.requested', data: { ids: [id] } },
      ...(waits ? [{ type: 'task.assigned', data: back } satisfies EventDraft] : []),
    ];
  });

/** The facts that give back only the running task of an instance that goes on by itself soon: its queue stays. */
export const releaseRunFacts = (state: State, instance: Instance, reason: string): EventDraft[] =>
  releaseFacts(
    state,
    {
      ...instance,
      task_assignments: instance.task_assignments.filter((id) => state.tasks[id]?.state === 'running'),
    },
    { reason, again: true },
  );

/** The facts that give back what the planner gave to an instance that cannot begin it; what a person pinned waits there. */
export const unpinnedFacts = (state: State, instance: Instance, reason: string): EventDraft[] =>
  instance.task_assignments.flatMap((id): EventDraft[] =>
    state.tasks[id]?.state === 'assigned' && !state.tasks[id].pinned
      ? [{ type: 'task.unassigned', data: { id, reason } }]
      : [],
  );

/**
 * The facts that block the task for which an instance was started anew, when its program does not start: other instances
 * would fare no better, and one after the other would be lost to it.
 */
export const unpreparedFacts = (state: State, instance: string, why: string): EventDraft[] => {
  const task = state.tasks[state.instances[instance]?.prepared_for ?? ''];
  if (task?.state !== 'assigned' || task.assignee !== instance) return [];
  const reason = `${instance} could not be made ready for it: ${why}`;
  return blockedFacts(task.id, { class: 'drover', message: reason }, instance);
};

/** The facts about tasks that an instance had and does not begin: others take them, but the one it was just started for. */
export const giveBackFacts = (state: State, instance: Instance, why: string): EventDraft[] => {
  const { instance_id: id, prepared_for, task_assignments } = instance;
  // Once it runs, nothing of it says any more that it could not be made ready.
  const isStarting = ['creating', 'starting'].includes(instance.state.kind);
  const unprepared = isStarting ? unpreparedFacts(state, id, why) : [];
  if (unprepared.length === 0) return unpinnedFacts(state, instance, why);
  const others = task_assignments.filter((task) => task !== prepared_for);
  return [...unprepared, ...unpinnedFacts(state, { ...instance, task_assignments: others }, why)];
};
