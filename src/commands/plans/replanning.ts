import type { EventDraft, State } from '../../state/index.ts';
import { POLICIES, type Policy, type Spec } from '../../state/specs.ts';
import { planFromSpec } from '../../tasks/spec/import-spec.ts';
import { specPrefix } from '../../tasks/spec/number.ts';
import type { Context } from '../define.ts';
import { textAt } from './places.ts';

type Replanned = {
  /** What tasks would wait for; undefined when that stays as it is. */
  readonly dependencies: ReadonlyMap<string, readonly string[]> | undefined;
  /** The facts that make it so. */
  readonly facts: (state: State) => readonly EventDraft[];
};

const isPolicy = (strategy: string | undefined): strategy is Policy =>
  (POLICIES as readonly string[]).includes(strategy ?? '');

const needsIn = async (context: Context, spec: Spec, policy: Policy): Promise<[string, readonly string[]][]> => {
  const prefix = specPrefix(spec.name);
  const plan = planFromSpec({
    name: spec.name,
    tasksText: await textAt(context, spec.source),
    policy,
    barrier: spec.barrier,
    file: spec.source,
    ...(spec.tasks.some((id) => id.startsWith(prefix)) ? { prefix } : {}),
  });
  return plan.plans
    .filter((task) => Object.hasOwn(context.store.state.tasks, task.id))
    .map((task) => [task.id, task.dependencies]);
};

const sameNeeds = (a: readonly string[], b: readonly string[]): boolean =>
  a.toSorted().join('\n') === b.toSorted().join('\n');

/**
 * What the tasks of plans would wait for under another policy: their files are read again, and nothing else of them
 * counts.
 */
export const replannedSpecs = async (
  context: Context,
  specs: readonly Spec[],
  strategy: string | undefined,
): Promise<Replanned> => {
  if (!isPolicy(strategy)) return { dependencies: undefined, facts: () => [] };
  const needs = (await Promise.all(specs.map((spec) => needsIn(context, spec, strategy)))).flat();
  const edited = (state: State): EventDraft[] =>
    needs.flatMap(([id, dependencies]): EventDraft[] => {
      const task = state.tasks[id];
      if (!task || sameNeeds(task.dependencies, dependencies)) return [];
      return [{ type: 'task.edited', data: { id, changes: { dependencies: [...dependencies] } } }];
    });
  const imported = (state: State): EventDraft[] =>
    specs.flatMap(({ imported_at: _at, ...spec }): EventDraft[] =>
      state.specs[spec.name]?.policy === strategy
        ? []
        : [{ type: 'spec.imported', data: { spec: { ...spec, policy: strategy } } }],
    );
  return { dependencies: new Map(needs), facts: (state) => [...imported(state), ...edited(state)] };
};
