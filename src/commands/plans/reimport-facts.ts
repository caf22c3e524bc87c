import { valuesOf } from '../../lib/records.ts';
import { alertClearingFacts } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Spec } from '../../state/specs.ts';
import { type Task, type TaskPlan, taskPlanSchema } from '../../state/tasks.ts';
import type { SpecPlan } from '../../tasks/spec/import-spec.ts';
import { numberIn } from '../../tasks/spec/outline.ts';
import { hasBegun, isUntouched, withKnownIds } from './match-tasks.ts';
import { noChanges, type PlanChanges } from './plan-changes.ts';

/** A plan as its file has it now, and how it is to be kept. */
export type SpecFacts = { readonly spec: Omit<Spec, 'imported_at'>; readonly plan: SpecPlan };

/** The alert that the file of a plan has changed. */
const planAlertId = (spec: string): string => `plan:${spec}`;

const sameText = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export const knownSpec = (state: State, name: string): Spec | undefined =>
  Object.hasOwn(state.specs, name) ? state.specs[name] : undefined;

const taskIn = (state: State, id: string): Task | undefined =>
  Object.hasOwn(state.tasks, id) ? state.tasks[id] : undefined;

/** What a plan says of a task now and said otherwise before. What a person has set by hand is not taken back. */
const editsOf = (known: Task, plan: TaskPlan, isOver: boolean): Partial<TaskPlan> => {
  const { id: _i, priority: _p, check: _c, estimated_duration: _e, required_capabilities: _r, ...more } = plan;
  const { complexity_score, dependencies, dependency_rules, opens = [], ...others } = more;
  const rest = sameText(known.opens ?? [], opens) ? others : { ...others, opens };
  const said = isOver ? rest : { ...rest, dependencies, dependency_rules };
  const edits = Object.fromEntries(
    Object.entries(said).filter(([key, value]) => !sameText(known[key as keyof Task], value)),
  );
  const weighs = ['title', 'details', 'requirements'].some((key) => key in edits);
  return weighs && complexity_score !== known.complexity_score ? { ...edits, complexity_score } : edits;
};

/** Tasks that the file has no longer, apart by whether they go: what is waited for by one that stays has to stay too. */
const goneFrom = (state: State, { spec, plan }: SpecFacts): Pick<PlanChanges, 'removed' | 'gone'> => {
  const listed = new Set(spec.tasks);
  const missing = (knownSpec(state, spec.name)?.tasks ?? []).filter((id) => !listed.has(id) && taskIn(state, id));
  const going = new Set(missing.filter((id) => isUntouched(state.tasks[id]!)));
  const needs = new Map(plan.plans.map((task) => [task.id, task.dependencies]));
  const staying = valuesOf(state.tasks).filter((task) => !going.has(task.id) && task.state !== 'done');
  for (const task of staying) {
    const own = hasBegun(task) ? task.dependencies : (needs.get(task.id) ?? task.dependencies);
    for (const id of own) if (going.delete(id)) staying.push(state.tasks[id]!);
  }
  return { removed: missing.filter((id) => going.has(id)), gone: missing.filter((id) => !going.has(id)) };
};

type Reimport = {
  readonly drafts: readonly EventDraft[];
  readonly changes: PlanChanges;
  /** The file with the ids that its tasks have here. */
  readonly facts: SpecFacts;
};

/** Done because its box was ticked by hand, and never run. */
const isTickedAlone = ({ state, attempts }: Task): boolean => state === 'done' && attempts === 0;

/** A new task, in the state that the file says. */
const createdFacts = (task: TaskPlan, { done, cancelled, held }: SpecPlan): EventDraft[] => {
  const { id } = task;
  return [
    { type: 'task.created', data: { task, done: done.includes(id) } },
    ...(cancelled.includes(id) ? [{ type: 'task.cancelled', data: { id } } as const] : []),
    ...(held.includes(id) ? [{ type: 'task.held', data: { id, held: true } } as const] : []),
  ];
};

/** Records in words what is different of a task. */
const noteEdits = (known: Task, edits: Partial<TaskPlan>, changes: PlanChanges): void => {
  const { id } = known;
  const { title, number, dependencies, dependency_rules, opens: _o, complexity_score: _c, group, ...others } = edits;
  if (title !== undefined) changes.retitled.push(id);
  if (number !== undefined && number !== numberIn(known)) changes.renumbered.push({ id, number });
  if (dependencies !== undefined) changes.reordered.push(id);
  const isRuledAnew = dependency_rules !== undefined && dependencies === undefined;
  // How much work it is follows from its words, and one on the highest level is a group of its own: no changes of their own.
  const isGroupedAnew = group !== undefined && group !== title;
  if (Object.keys(others).length > 0 || isRuledAnew || isGroupedAnew) changes.changed.push(id);
};

/** The facts about one task that the file still has; what already happened to it is kept. */
const editedFacts = (known: Task, plan: TaskPlan, isDone: boolean, { changes, ticked }: Before): EventDraft[] => {
  const { id } = plan;
  const isReopened = !isDone && isTickedAlone(known);
  const edits = editsOf(known, plan, hasBegun(known) && !isReopened);
  noteEdits(known, edits, changes);
  if (isDone && isUntouched(known)) {
    changes.ticked.push(id);
    const task = taskPlanSchema.parse({ ...known, ...edits });
    return [
      { type: 'task.removed', data: { id } },
      { type: 'task.created', data: { task, done: true } },
    ];
  }
  if (isReopened) changes.unticked.push(id);
  else if (!isDone && known.state === 'done' && ticked.has(id)) changes.still_done.push(id);
  return [
    ...(isReopened ? [{ type: 'task.reopened', data: { id, reason: 'its box is not ticked any more' } } as const] : []),
    ...(Object.keys(edits).length === 0 ? [] : [{ type: 'task.edited', data: { id, changes: edits } } as const]),
  ];
};

/** What is gathered of the differences, and what the file had ticked when it was read the last time. */
type Before = { readonly changes: PlanChanges; readonly ticked: ReadonlySet<string> };

/** The facts of a file, its entries matched with the tasks that they are. */
const matched = (state: State, { spec, plan }: SpecFacts): SpecFacts => {
  const known = withKnownIds(state, spec.name, plan);
  return { plan: known, spec: { ...spec, tasks: known.plans.map(({ id }) => id), ticked: [...known.done] } };
};

/** What a plan that is read again changes: nothing is doubled, and what has begun stays as it is. */
export const reimport = (state: State, read: SpecFacts): Reimport => {
  const facts = matched(state, read);
  const { spec, plan } = facts;
  const leaving = goneFrom(state, facts);
  const changes: PlanChanges = { ...noChanges(), ...leaving };
  const ticked = new Set(knownSpec(state, spec.name)?.ticked);
  const done = new Set(plan.done);
  const changed = plan.plans.flatMap((task) => {
    const known = taskIn(state, task.id);
    if (known) return editedFacts(known, task, done.has(task.id), { changes, ticked });
    changes.created.push(task.id);
    if (task.number !== undefined) changes.fresh.push({ id: task.id, number: task.number });
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
  const drafts = isSame ? cleared : [{ type: 'spec.imported' as const, data: { spec } }, ...facted, ...cleared];
  return { drafts, changes, facts };
};
