import { ORDER_RULES, type OrderRule } from '../state/specs.ts';
import type { Tasks } from '../state/tasks.ts';
import { needWord } from '../tasks/gates.ts';

/** What each rule means, for people. */
export const RULE_MEANINGS: Readonly<Record<OrderRule, string>> = {
  graph: 'the graph of the plan has it in a later wave',
  between: 'one of the two is in no wave of the graph, and stands where the file has it',
  said: 'the plan says so',
  checkpoint: 'a checkpoint waits for everything before it, and everything after waits for it',
  group: 'the group before is done first, its tests apart',
  'test-group': 'a group of tests comes after the tests of the group before',
  test: 'a test comes after the work before it in its group',
  'tests-first': 'tests stand before any work',
  bugfix: 'the tests that show the mistake come before the work',
  'no-file': 'it names no file, so the first of its group comes before',
  wave: 'the wave before is done first',
  neighbour: 'it stands before it',
  barrier: 'it is for all requirements',
  ticked: 'what stands between the two is ticked and had to wait for it',
  phase: 'the phase before is done first',
  parent: 'the task that it is a part of waits for it',
};

type Ordered = {
  readonly policy: string;
  readonly order: string;
  readonly barrier: boolean;
  readonly rules: Readonly<Record<string, number>>;
};

const SOURCES: Readonly<Record<string, string>> = {
  graph: 'from its graph',
  words: 'as its tasks say',
  phases: 'by its phases',
};

const counted = (rules: Readonly<Record<string, number>>): string =>
  ORDER_RULES.flatMap((rule) => (Object.hasOwn(rules, rule) ? [`${rules[rule]} ${rule}`] : [])).join(', ');

/** Where the order of a plan is from, and with which rules: `kiro: 12 checkpoint, 30 group`. */
export const orderText = ({ policy, order, barrier, rules }: Ordered): string => {
  const source = SOURCES[order] ?? `${order}${barrier ? ' with barrier' : ''}`;
  const long = counted(rules);
  return policy === 'kiro' && long !== '' ? `${source}: ${long}` : source;
};

/** What each policy makes of a plan that does not say itself what waits for what. */
const IN_WORDS: Readonly<Record<string, string>> = {
  kiro: 'in Kiro’s order',
  siblings: 'groups side by side',
  strict: 'one after the other',
  none: 'in no order',
};

/** The same for somebody who did not choose it, in a few words: `from its graph`, `groups side by side`. */
export const orderInWords = (order: string): string => SOURCES[order] ?? IN_WORDS[order] ?? order;

/** Said where a policy is chosen that does not look at the graph which a plan has. */
export const GRAPH_SET_ASIDE = 'The plan’s own graph is set aside.';

type Needs = {
  readonly dependencies: readonly string[];
  readonly dependency_rules?: Readonly<Record<string, readonly string[]>> | undefined;
};

/** How many dependencies each rule gives. */
export const countRules = (tasks: readonly Pick<Needs, 'dependency_rules'>[]): Record<string, number> => {
  const lists = tasks.flatMap((task) => Object.entries(task.dependency_rules ?? {}));
  const byRule = Map.groupBy(lists, ([rule]) => rule);
  return Object.fromEntries(
    [...byRule].map(([rule, all]) => [rule, all.reduce((sum, [, ids]) => sum + ids.length, 0)]),
  );
};

/** The rule that says that a task waits for another one; null when a person did. */
const ruleOf = ({ dependency_rules = {} }: Needs, need: string): string | null =>
  Object.entries(dependency_rules).find(([, ids]) => ids.includes(need))?.[0] ?? null;

/** The rule by which a task waits for another one, by itself or by way of a gate; null when a person said so. */
export const ruleBetween = (
  task: Needs,
  other: { readonly id: string; readonly opens?: readonly string[] | undefined },
): string | null =>
  [other.id, ...(other.opens ?? [])].map((need) => ruleOf(task, need)).find((rule) => rule !== null) ?? null;

/** The rules by which a task waits for these, by the prerequisite. */
export const rulesFor = (task: Needs, ids: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    ids.flatMap((id) => {
      const rule = ruleOf(task, id);
      return rule === null ? [] : [[id, rule]];
    }),
  );

/** Prerequisites with what makes them so: `2.1, 2.2 (group), 1.3 (wave)`; a gate by how many it stands for. */
export const needsText = (task: Needs, tasks: Tasks): string =>
  [...Map.groupBy(task.dependencies, (id) => ruleOf(task, id))]
    .map(([rule, all]) => `${all.map((need) => needWord(need, tasks)).join(', ')}${rule === null ? '' : ` (${rule})`}`)
    .join(', ');

/** Waves that are named from the beginning, and from the end. */
const FIRST_WAVES = 16;
const LAST_WAVES = 2;

/** How many tasks each wave has, the middle of a long list folded: `3/4/4/… 200 waves …/1`. */
export const wavesText = (waves: readonly number[]): string => {
  const left = waves.length - FIRST_WAVES - LAST_WAVES;
  if (left <= 1) return waves.join('/') || 'none';
  return `${waves.slice(0, FIRST_WAVES).join('/')}/… ${left} more …/${waves.slice(-LAST_WAVES).join('/')}`;
};

const CHAIN_SHOWN = 24;

/** A chain of tasks, the middle of a long one folded. */
export const chainText = (path: readonly string[]): string =>
  path.length <= CHAIN_SHOWN
    ? path.join(' → ') || 'none'
    : `${path.slice(0, CHAIN_SHOWN - 1).join(' → ')} … ${path.at(-1)} (${path.length})`;
