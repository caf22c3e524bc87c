import type { EventDraft, State } from '../../state/index.ts';
import { POLICIES, type Policy, type Spec } from '../../state/specs.ts';
import type { Task, TaskPlan } from '../../state/tasks.ts';
import { planFormat, readPlan } from '../../tasks/formats/index.ts';
import type { SpecPlan } from '../../tasks/spec/import-spec.ts';
import { specPrefix } from '../../tasks/spec/number.ts';
import type { Context } from '../define.ts';
import { hasBegun, withKnownIds } from './match-tasks.ts';
import { textAt } from './places.ts';

/** What a task waits for, and by which rules. */
export type TaskNeeds = Pick<TaskPlan, 'dependencies' | 'dependency_rules' | 'opens'>;

/** How a plan is to be ordered. */
export type OrderChoice = { readonly policy: Policy; readonly barrier: boolean };

export type Replanned = {
  /** What tasks would wait for; undefined when that stays as it is. */
  readonly needs: ReadonlyMap<string, TaskNeeds> | undefined;
  /** The plans whose own graph that leaves aside. */
  readonly setAside: readonly string[];
  /** The facts that make it so. */
  readonly facts: (state: State) => readonly EventDraft[];
};

const isPolicy = (strategy: string | undefined): strategy is Policy =>
  (POLICIES as readonly string[]).includes(strategy ?? '');

/** The plan of an imported spec in another order: its file is read again. */
export const reorderedSpec = async (context: Context, spec: Spec, choice: OrderChoice): Promise<SpecPlan> => {
  const prefix = specPrefix(spec.name);
  const plan = readPlan(planFormat(spec.format ?? 'kiro'), {
    name: spec.name,
    tasksText: await textAt(context, spec.source),
    ...choice,
    file: spec.source,
    ...(spec.tasks.some((id) => id.startsWith(prefix)) ? { prefix } : {}),
  });
  return withKnownIds(context.store.state, spec.name, plan);
};

/** What the tasks wait for that are there. */
export const needsOf = (state: State, { plans }: SpecPlan): [string, TaskNeeds][] =>
  plans.filter((task) => Object.hasOwn(state.tasks, task.id)).map((task) => [task.id, task]);

const sameNeeds = (a: readonly string[], b: readonly string[]): boolean =>
  a.toSorted().join('\n') === b.toSorted().join('\n');

const isSame = (task: Task, { dependencies, dependency_rules }: TaskNeeds): boolean =>
  sameNeeds(task.dependencies, dependencies) &&
  JSON.stringify(task.dependency_rules) === JSON.stringify(dependency_rules);

/** The facts that give the tasks these prerequisites, but for those that have begun. */
export const needsFacts = (state: State, needs: Iterable<readonly [string, TaskNeeds]>): EventDraft[] =>
  [...needs].flatMap(([id, wanted]): EventDraft[] => {
    const task = state.tasks[id];
    if (!task) return [];
    const { dependencies, dependency_rules, opens = [] } = wanted;
    // What has begun keeps what it waited for, and opens what is asked of it now.
    const gates = sameNeeds(task.opens ?? [], opens) ? {} : { opens };
    const changes = hasBegun(task) || isSame(task, wanted) ? gates : { dependencies, dependency_rules, ...gates };
    return Object.keys(changes).length === 0 ? [] : [{ type: 'task.edited', data: { id, changes } }];
  });

/** The fact that a plan has this order from now on; none when it has it already. */
export const choiceFacts = (state: State, name: string, choice: OrderChoice): EventDraft[] => {
  const known = state.specs[name];
  if (!known || (known.policy === choice.policy && known.barrier === choice.barrier)) return [];
  const { imported_at: _at, ...spec } = known;
  return [{ type: 'spec.imported', data: { spec: { ...spec, ...choice } } }];
};

/** What the tasks of plans would wait for under another policy, and nothing else of their files counts. */
export const replannedSpecs = async (
  context: Context,
  specs: readonly Spec[],
  strategy: string | undefined,
): Promise<Replanned> => {
  if (!isPolicy(strategy)) return { needs: undefined, setAside: [], facts: () => [] };
  const plans = await Promise.all(
    specs.map((spec) => reorderedSpec(context, spec, { policy: strategy, barrier: spec.barrier })),
  );
  const needs = new Map(plans.flatMap((plan) => needsOf(context.store.state, plan)));
  return {
    needs,
    setAside: specs.flatMap(({ name }, at) => (plans[at]!.setsGraphAside ? [name] : [])),
    facts: (state) => [
      ...specs.flatMap(({ name, barrier }) => choiceFacts(state, name, { policy: strategy, barrier })),
      ...needsFacts(state, needs),
    ],
  };
};
