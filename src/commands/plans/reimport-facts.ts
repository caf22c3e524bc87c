import { z } from 'zod';
import { alertClearingFacts } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Spec } from '../../state/specs.ts';
import { type Task, type TaskPlan, taskPlanSchema } from '../../state/tasks.ts';
import type { SpecPlan } from '../../tasks/spec/import-spec.ts';
import { plural } from '../../text/wording.ts';
import { hasBegun } from './replanning.ts';

/** A plan as its file has it now, and how it is to be kept. */
export type SpecFacts = { readonly spec: Omit<Spec, 'imported_at'>; readonly plan: SpecPlan };

const ids = z.array(z.string());

/** How a file differs from the plan that was read from it. */
export const planChangesSchema = z.object({
  created: ids.describe('New in the file'),
  removed: ids.describe('No longer in the file, and never begun: they go'),
  gone: ids.describe('No longer in the file, and kept: they have begun, or something that stays waits for them'),
  ticked: ids.describe('Ticked in the file before they were begun: they count as done'),
  retitled: ids,
  reordered: ids.describe('They wait for something else'),
  changed: ids.describe('Something else is said of them'),
});
export type PlanChanges = z.infer<typeof planChangesSchema>;

/** The alert that the file of a plan has changed. */
const planAlertId = (spec: string): string => `plan:${spec}`;

const sameText = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export const knownSpec = (state: State, name: string): Spec | undefined =>
  Object.hasOwn(state.specs, name) ? state.specs[name] : undefined;

const taskIn = (state: State, id: string): Task | undefined =>
  Object.hasOwn(state.tasks, id) ? state.tasks[id] : undefined;

/** What a plan says of a task now and said otherwise before. What a person has set by hand is not taken back. */
const editsOf = (known: Task, plan: TaskPlan): Partial<TaskPlan> => {
  const { id: _i, priority: _p, check: _c, estimated_duration: _e, required_capabilities: _r, ...more } = plan;
  const { complexity_score, dependencies, dependency_rules, opens = [], ...others } = more;
  const rest = sameText(known.opens ?? [], opens) ? others : { ...others, opens };
  const said = hasBegun(known) ? rest : { ...rest, dependencies, dependency_rules };
  const edits = Object.fromEntries(
    Object.entries(said).filter(([key, value]) => !sameText(known[key as keyof Task], value)),
  );
  const weighs = ['title', 'details', 'requirements'].some((key) => key in edits);
  return weighs && complexity_score !== known.complexity_score ? { ...edits, complexity_score } : edits;
};

/** Nothing of it has been begun, and no instance has it in its queue. */
const isUntouched = (task: Task): boolean => task.state === 'open' && !hasBegun(task);

/** Tasks that the file has no longer, apart by whether they go: what is waited for by one that stays has to stay too. */
const goneFrom = (state: State, { spec, plan }: SpecFacts): Pick<PlanChanges, 'removed' | 'gone'> => {
  const listed = new Set(spec.tasks);
  const missing = (knownSpec(state, spec.name)?.tasks ?? []).filter((id) => !listed.has(id) && taskIn(state, id));
  const going = new Set(missing.filter((id) => isUntouched(state.tasks[id]!)));
  const needs = new Map(plan.plans.map((task) => [task.id, task.dependencies]));
  const staying = Object.values(state.tasks).filter((task) => !going.has(task.id) && task.state !== 'done');
  for (const task of staying) {
    const own = hasBegun(task) ? task.dependencies : (needs.get(task.id) ?? task.dependencies);
    for (const id of own) if (going.delete(id)) staying.push(state.tasks[id]!);
  }
  return { removed: missing.filter((id) => going.has(id)), gone: missing.filter((id) => !going.has(id)) };
};

type Reimport = { readonly drafts: readonly EventDraft[]; readonly changes: PlanChanges };

/** A new task, in the state that the file says. */
const createdFacts = (task: TaskPlan, { done, cancelled, held }: SpecPlan): EventDraft[] => {
  const { id } = task;
  return [
    { type: 'task.created', data: { task, done: done.includes(id) } },
    ...(cancelled.includes(id) ? [{ type: 'task.cancelled', data: { id } } as const] : []),
    ...(held.includes(id) ? [{ type: 'task.held', data: { id, held: true } } as const] : []),
  ];
};

/** The facts about one task that the file still has; what already happened to it is kept. */
const editedFacts = (known: Task, plan: TaskPlan, isDone: boolean, changes: PlanChanges): EventDraft[] => {
  const { id } = plan;
  const edits = editsOf(known, plan);
  const { title, dependencies, dependency_rules, opens: _o, ...others } = edits;
  if (title !== undefined) changes.retitled.push(id);
  if (dependencies !== undefined) changes.reordered.push(id);
  if (Object.keys(others).length > 0 || (dependency_rules !== undefined && dependencies === undefined))
    changes.changed.push(id);
  if (isDone && isUntouched(known)) {
    changes.ticked.push(id);
    const task = taskPlanSchema.parse({ ...known, ...edits });
    return [
      { type: 'task.removed', data: { id } },
      { type: 'task.created', data: { task, done: true } },
    ];
  }
  return Object.keys(edits).length === 0 ? [] : [{ type: 'task.edited', data: { id, changes: edits } }];
};

/** What a plan that is read again changes: nothing is doubled, and what has begun stays as it is. */
export const reimport = (state: State, facts: SpecFacts): Reimport => {
  const { spec, plan } = facts;
  const leaving = goneFrom(state, facts);
  const changes: PlanChanges = { created: [], ...leaving, ticked: [], retitled: [], reordered: [], changed: [] };
  const done = new Set(plan.done);
  const changed = plan.plans.flatMap((task) => {
    const known = taskIn(state, task.id);
    if (known) return editedFacts(known, task, done.has(task.id), changes);
    changes.created.push(task.id);
    return createdFacts(task, plan);
  });
  const removed = leaving.removed.flatMap((id): EventDraft[] => [
    { type: 'task.removed', data: { id } },
    ...alertClearingFacts(state, id, 'no longer in the plan'),
  ]);
  const alert = planAlertId(spec.name);
  const cleared: EventDraft[] = state.alerts[alert]
    ? [{ type: 'alert.cleared', data: { id: alert, because: 'the plan was read again' } }]
    : [];
  const { imported_at: _at, ...before } = knownSpec(state, spec.name) ?? { imported_at: '' };
  const facted = [...changed, ...removed];
  const isSame = facted.length === 0 && sameText(before, spec);
  return { drafts: isSame ? cleared : [{ type: 'spec.imported', data: { spec } }, ...facted, ...cleared], changes };
};

/** The difference in words: `2 tasks new, 1 removed, 3 retitled`; empty where there is none. */
export const changesText = (changes: PlanChanges): string => {
  const parts = [
    [changes.created, 'new'],
    [changes.removed, 'removed'],
    [changes.gone, 'no longer in it, but begun'],
    [changes.retitled, 'retitled'],
    [changes.ticked, 'ticked by hand'],
    [changes.reordered, 'in another order'],
    [changes.changed, 'changed otherwise'],
  ] as const;
  const said = parts.filter(([found]) => found.length > 0);
  return said
    .map(([found, how], at) => (at === 0 ? `${plural(found.length, 'task')} ${how}` : `${found.length} ${how}`))
    .join(', ');
};
