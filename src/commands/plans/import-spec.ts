import { z } from 'zod';
import { quote } from '../../protocol/lex.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { POLICIES, type Spec } from '../../state/specs.ts';
import type { Task, TaskPlan } from '../../state/tasks.ts';
import { waves } from '../../tasks/graph.ts';
import { planFromSpec, type SpecPlan } from '../../tasks/spec/import-spec.ts';
import { specPrefix } from '../../tasks/spec/number.ts';
import { countRules, GRAPH_SET_ASIDE, orderText } from '../../text/order-text.ts';
import { plural } from '../../text/wording.ts';
import { type Context, defineCommand } from '../define.ts';
import { specTaken } from '../errors.ts';
import { flagParam, idsParam, requireOne } from '../selection.ts';
import { requirementsAt, specPlace, textAt } from './places.ts';
import { hasBegun } from './replanning.ts';

const params = z.object({
  id: idsParam.describe('A spec folder with tasks.md, or a tasks.md'),
  policy: z.enum(POLICIES).optional().describe('What depends on what when the plan does not say'),
  barrier: flagParam.optional().describe('Tasks for “All requirements” wait for all others'),
});

const sameText = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What a plan says of a task now and said otherwise before. What a person has set by hand is not taken back. */
const changesOf = (known: Task, plan: TaskPlan): Partial<TaskPlan> => {
  const { id: _i, priority: _p, check: _c, estimated_duration: _e, required_capabilities: _r, ...more } = plan;
  const { complexity_score, dependencies, dependency_rules, ...rest } = more;
  const said = hasBegun(known) ? rest : { ...rest, dependencies, dependency_rules };
  const changes = Object.fromEntries(
    Object.entries(said).filter(([key, value]) => !sameText(known[key as keyof Task], value)),
  );
  const weighs = ['title', 'details', 'requirements'].some((key) => key in changes);
  return weighs && complexity_score !== known.complexity_score ? { ...changes, complexity_score } : changes;
};

/** New tasks are created, changed ones edited; what already happened to a task is kept, and nothing is doubled. */
const taskFacts = (state: State, plans: readonly TaskPlan[], done: ReadonlySet<string>): EventDraft[] =>
  plans.flatMap((plan): EventDraft[] => {
    const known = Object.hasOwn(state.tasks, plan.id) ? state.tasks[plan.id] : undefined;
    if (!known) return [{ type: 'task.created', data: { task: plan, done: done.has(plan.id) } }];
    const changes = changesOf(known, plan);
    return Object.keys(changes).length === 0 ? [] : [{ type: 'task.edited', data: { id: plan.id, changes } }];
  });

type SpecFacts = { readonly spec: Omit<Spec, 'imported_at'>; readonly plan: SpecPlan };

const factsOf = (state: State, { spec, plan }: SpecFacts): EventDraft[] => {
  const changed = taskFacts(state, plan.plans, new Set(plan.done));
  const { imported_at: _at, ...before } = knownSpec(state, spec.name) ?? { imported_at: '' };
  return changed.length === 0 && sameText(before, spec) ? [] : [{ type: 'spec.imported', data: { spec } }, ...changed];
};

const knownSpec = (state: State, name: string): Spec | undefined =>
  Object.hasOwn(state.specs, name) ? state.specs[name] : undefined;

/** Numbers of a second plan get its name in front, and so do those that a task made by hand has already. */
const prefixOf = (state: State, name: string, numbers: readonly string[]): string | undefined => {
  const known = knownSpec(state, name);
  const clash = Object.values(state.tasks).some((task) =>
    task.spec === null ? numbers.includes(task.id) : task.spec !== name,
  );
  const prefix = specPrefix(name);
  return (known ? known.tasks.some((one) => one.startsWith(prefix)) : clash) ? prefix : undefined;
};

/** The files of a spec; another spec of the same name must not be taken for a newer version of the first. */
const readSpec = async (context: Context, path: string) => {
  const { file, folder } = specPlace(context, path);
  const tasksText = await textAt(context, file);
  const name = folder.split('/').at(-1) || 'spec';
  const { source = file } = knownSpec(context.store.state, name) ?? {};
  if (source !== file && (await context.readFile(source)) !== null) throw specTaken({ name, source });
  const { text: requirementsText } = await requirementsAt(context, folder);
  return { name, file, tasksText, requirementsText };
};

const planOf = (
  context: Context,
  read: Awaited<ReturnType<typeof readSpec>>,
  input: z.infer<typeof params>,
): SpecFacts => {
  const { paths, settings, store } = context;
  // A plan that is read again keeps its order; a policy that is named leaves the barrier as it is.
  const usual = knownSpec(store.state, read.name) ?? settings.plan;
  const policy = input.policy ?? usual.policy;
  const barrier = input.barrier ?? usual.barrier;
  const numbered = planFromSpec({ ...read, policy, barrier });
  const prefix = prefixOf(
    store.state,
    read.name,
    numbered.plans.map((task) => task.id),
  );
  const plan = prefix === undefined ? numbered : planFromSpec({ ...read, policy, barrier, prefix });
  const { file } = read;
  const tracked_path = file.startsWith(`${paths.root}/`) ? file.slice(paths.root.length + 1) : null;
  const tasks = plan.plans.map((task) => task.id);
  return { plan, spec: { name: read.name, source: file, tracked_path, policy, barrier, tasks } };
};

/** What the plan is, in numbers. */
const summaryOf = ({ spec, plan }: SpecFacts) => {
  const graph = new Map(plan.plans.map((task) => [task.id, task.dependencies]));
  return {
    spec: spec.name,
    tasks: plan.plans.length,
    done: plan.done.length,
    open: plan.plans.length - plan.done.length,
    edges: plan.edges,
    order: plan.order,
    rules: countRules(plan.plans),
    waves: waves(graph, plan.done).map((wave) => wave.length),
    policy: spec.policy,
    barrier: spec.barrier,
    graph_findings: plan.graphFindings,
    warnings: plan.warnings.map(({ line, message }) => ({ line, message })),
  };
};

const WARNINGS_SHOWN = 3;

const sentence = (summary: ReturnType<typeof summaryOf>): string => {
  const { spec, tasks, done, open, edges } = summary;
  return `${spec}: ${plural(tasks, 'task')}, ${done} done, ${open} open, ${plural(edges, 'dependency')} (${orderText(summary)}), waves ${summary.waves.join('/') || 'none'}`;
};

const warned = (warnings: SpecPlan['warnings']): string[] => {
  if (warnings.length === 0) return [];
  const shown = warnings.slice(0, WARNINGS_SHOWN).map((one) => `line ${one.line}: ${one.message}`);
  const more = warnings.length > WARNINGS_SHOWN ? '; "lint spec … --strict" has them all' : '';
  return [`${plural(warnings.length, 'warning')}: ${shown.join('; ')}${more}.`];
};

/** Where to look at what is read otherwise than the graph has it; the place is a name or a path that lint takes. */
const foundInGraph = (count: number, place: string): string[] =>
  count === 0 ? [] : [`${plural(count, 'finding')} about its graph: lint spec ${quote(place)}.`];

export const importSpec = defineCommand({
  verb: 'import',
  noun: 'spec',
  summary:
    'Read a Kiro spec (tasks.md, with requirements.md or bugfix.md beside it) into the plan; again to take over changes',
  example: 'import spec .kiro/specs/demo',
  role: 'operator',
  modifiers: ['dry-run'],
  target: 'required',
  reads: false,
  effects: 'records the tasks of the plan, or what has changed in it',
  params,
  result: z.object({
    spec: z.string(),
    tasks: z.number().int(),
    done: z.number().int().describe('Ticked in the file'),
    open: z.number().int(),
    edges: z.number().int().describe('Dependencies'),
    waves: z.array(z.number().int()).describe('How many can run side by side, round after round'),
    policy: z.enum(POLICIES),
    barrier: z.boolean(),
    order: z
      .enum(['graph', 'words', ...POLICIES])
      .describe('Where the order is from: its graph, what its tasks say, or the policy'),
    rules: z.record(z.string(), z.number().int()).describe('How many dependencies each rule gives'),
    graph_findings: z.number().int().describe('What its graph says and is read otherwise: lint spec has it'),
    warnings: z.array(z.object({ line: z.number().int(), message: z.string() })),
    created: z.number().int(),
    edited: z.number().int(),
    gone: z.array(z.string()).describe('No longer in the file, and kept'),
  }),
  run: async (context, input, modifiers) => {
    const read = await readSpec(context, requireOne(input.id, 'spec'));
    const facts = planOf(context, read, input);
    const dry = modifiers.includes('dry-run');
    const known = knownSpec(context.store.state, read.name);
    const before = known?.tasks ?? [];
    const drafts: readonly EventDraft[] = dry
      ? factsOf(context.store.state, facts)
      : await context.decide((state) => factsOf(state, facts));
    const created = drafts.filter((fact) => fact.type === 'task.created').length;
    const edited = drafts.filter((fact) => fact.type === 'task.edited').length;
    const gone = before.filter((id) => !facts.spec.tasks.includes(id) && Object.hasOwn(context.store.state.tasks, id));
    const summary = summaryOf(facts);
    const message = [
      `${sentence(summary)}; ${created} new, ${edited} changed${dry ? ' (nothing is recorded)' : ''}.`,
      ...(gone.length > 0 ? [`No longer in the file, and kept: ${gone.join(', ')}.`] : []),
      ...(facts.spec.tracked_path === null ? ['It lies outside of the repository, so its boxes are not ticked.'] : []),
      ...(facts.plan.setsGraphAside ? [GRAPH_SET_ASIDE] : []),
      ...foundInGraph(summary.graph_findings, known || !dry ? read.name : read.file),
      ...warned(summary.warnings),
    ].join(' ');
    return { message, data: { ...summary, created, edited, gone } };
  },
});
