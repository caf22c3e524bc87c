import { z } from 'zod';
import { digestOf } from '../../lib/digest.ts';
import { AppError } from '../../lib/errors.ts';
import { valuesOf } from '../../lib/records.ts';
import { saidId } from '../../protocol/say.ts';
import type { State } from '../../state/index.ts';
import { PLAN_FORMATS, POLICIES, type Spec } from '../../state/specs.ts';
import { planFormat, readPlan } from '../../tasks/formats/index.ts';
import { gatedGraph } from '../../tasks/gates.ts';
import { waves } from '../../tasks/graph.ts';
import type { SpecPlan } from '../../tasks/spec/import-spec.ts';
import { specPrefix } from '../../tasks/spec/number.ts';
import { countRules, GRAPH_SET_ASIDE, orderInWords } from '../../text/order-text.ts';
import { plural } from '../../text/wording.ts';
import { type Context, defineCommand } from '../define.ts';
import { specTaken } from '../errors.ts';
import { flagParam, idsParam, requireOne } from '../selection.ts';
import { drawFound, type FoundPlan, findPlans, foundPlansSchema, foundText } from './found-plans.ts';
import { planName } from '../../tasks/formats/plan-file.ts';
import { formatOf, planFrom, requirementsAt, specPlace, textAt } from './places.ts';
import { changesSentences, changesText, type PlanChanges, planChangesSchema } from './plan-changes.ts';
import { knownSpec, reimport, type SpecFacts } from './reimport-facts.ts';

const params = z.object({
  id: idsParam.optional().describe('A plan: its file, or a folder with tasks.md; without any, those found here'),
  format: z.enum(PLAN_FORMATS).optional().describe('How it is written; default: as it looks'),
  policy: z.enum(POLICIES).optional().describe('What depends on what when the plan does not say'),
  barrier: flagParam.optional().describe('Tasks for “All requirements” wait for all others; --no-barrier: they do not'),
});

/** Numbers of a second plan get its name in front, and so do those that a task made by hand has already. */
const prefixOf = (state: State, name: string, numbers: readonly string[]): string | undefined => {
  const known = knownSpec(state, name);
  const clash = valuesOf(state.tasks).some((task) =>
    task.spec === null ? numbers.includes(task.id) : task.spec !== name,
  );
  const prefix = specPrefix(name);
  return (known ? known.tasks.some((one) => one.startsWith(prefix)) : clash) ? prefix : undefined;
};

/** The files of a spec; another spec of the same name must not be taken for a newer version of the first. */
const readSpec = async (context: Context, path: string, wanted: Spec['format']) => {
  const { file, folder } = specPlace(context, path);
  const tasksText = await textAt(context, file);
  const name = planFrom(context.store.state, file)?.name ?? planName(file);
  const { source = file } = knownSpec(context.store.state, name) ?? {};
  if (source !== file && (await context.readFile(source)) !== null) throw specTaken({ name, source });
  const { text: requirementsText } = await requirementsAt(context, folder);
  return { name, file, tasksText, requirementsText, format: formatOf(file, tasksText, wanted).id };
};

/** The digest of what a plan was read from. */
const textsDigest = ({ tasksText, requirementsText = '' }: Awaited<ReturnType<typeof readSpec>>): string =>
  digestOf(`${tasksText}\0${requirementsText}`);

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
  const format = planFormat(read.format);
  const numbered = readPlan(format, { ...read, policy, barrier });
  const prefix = prefixOf(
    store.state,
    read.name,
    numbered.plans.map((task) => task.id),
  );
  const plan = prefix === undefined ? numbered : readPlan(format, { ...read, policy, barrier, prefix });
  const { file } = read;
  const tracked_path = file.startsWith(`${paths.root}/`) ? file.slice(paths.root.length + 1) : null;
  const tasks = plan.plans.map((task) => task.id);
  return {
    plan,
    spec: {
      name: read.name,
      source: file,
      tracked_path,
      policy,
      barrier,
      format: format.id,
      tasks,
      digest: textsDigest(read),
    },
  };
};

/** How many tasks of a plan are done and cancelled once its file is taken over, whatever boxes it has. */
const settledIn = ({ tasks }: State, { facts: { plan }, changes }: ReturnType<typeof reimport>) => {
  const all = plan.plans.map(({ id }) => id);
  const known = (id: string) => (Object.hasOwn(tasks, id) ? tasks[id]!.state : undefined);
  const isDone = (id: string): boolean =>
    changes.ticked.includes(id) ||
    (known(id) === undefined ? plan.done.includes(id) : known(id) === 'done' && !changes.unticked.includes(id));
  const isCancelled = (id: string): boolean =>
    (known(id) ?? (plan.cancelled.includes(id) && 'cancelled')) === 'cancelled';
  const done = all.filter(isDone);
  return { done, cancelled: all.filter((id) => isCancelled(id) && !done.includes(id)) };
};

/** What the plan is, in numbers. */
const summaryOf = (before: State, found: ReturnType<typeof reimport>) => {
  const { spec, plan } = found.facts;
  const { done, cancelled } = settledIn(before, found);
  const graph = gatedGraph(plan.plans.map((task) => [task.id, task]));
  return {
    spec: spec.name,
    format: spec.format ?? 'kiro',
    tasks: plan.plans.length,
    done: done.length,
    open: plan.plans.length - done.length - cancelled.length,
    edges: plan.edges,
    order: plan.order,
    rules: countRules(plan.plans),
    waves: waves(graph, [...done, ...cancelled]).map((wave) => wave.length),
    policy: spec.policy,
    barrier: spec.barrier,
    graph_findings: plan.graphFindings,
    warnings: plan.warnings.map(({ line, message }) => ({ line, message })),
  };
};

const WARNINGS_SHOWN = 3;

const sentence = (summary: ReturnType<typeof summaryOf>): string => {
  const { spec, format, tasks, done, open, edges, order } = summary;
  const written = format === 'kiro' ? '' : ` (${planFormat(format).label})`;
  const first = summary.waves[0] ?? 0;
  const now = first === 0 ? '' : `, ${first} can start now`;
  return `${spec}${written}: ${plural(tasks, 'task')}, ${done} done, ${open} to do${now}; ${plural(edges, 'dependency')}, ${orderInWords(order)}`;
};

const warned = (warnings: SpecPlan['warnings']): string[] => {
  if (warnings.length === 0) return [];
  const shown = warnings.slice(0, WARNINGS_SHOWN).map((one) => `line ${one.line}: ${one.message}`);
  const more = warnings.length > WARNINGS_SHOWN ? '; "lint spec … --strict" has them all' : '';
  return [`${plural(warnings.length, 'warning')}: ${shown.join('; ')}${more}.`];
};

/** Where to look at what is read otherwise than the graph has it; the place is a name or a path that lint takes. */
const foundInGraph = (count: number, place: string): string[] =>
  count === 0 ? [] : [`${plural(count, 'finding')} about its graph: lint spec ${saidId(place)}.`];

/** What an import answers. */
const importedSchema = z.object({
  spec: z.string(),
  format: z.enum(PLAN_FORMATS),
  tasks: z.number().int(),
  done: z.number().int().describe('Done here, by runs or by ticks in the file'),
  open: z.number().int(),
  edges: z.number().int().describe('Dependencies'),
  waves: z.array(z.number().int()).describe('How many can run side by side, round after round'),
  policy: z.enum(POLICIES),
  barrier: z.boolean(),
  order: z
    .enum(['graph', 'words', 'phases', ...POLICIES])
    .describe('Where the order is from: its graph, what its tasks say, its phases, or the policy'),
  rules: z.record(z.string(), z.number().int()).describe('How many dependencies each rule gives'),
  graph_findings: z.number().int().describe('What its graph says and is read otherwise: lint spec has it'),
  warnings: z.array(z.object({ line: z.number().int(), message: z.string() })),
  created: z.number().int(),
  edited: z.number().int(),
  gone: z.array(z.string()).describe('No longer in the file, and kept'),
  changes: planChangesSchema.describe('What is different in the file'),
});

const differenceText = (changes: PlanChanges): string => `Different in the file: ${changesText(changes) || 'nothing'}.`;

/** What is different in a plan that was read before; undefined for one that was not. */
const foretell = async (context: Context, input: z.infer<typeof params>): Promise<string | undefined> => {
  if (input.id === undefined) return undefined;
  const read = await readSpec(context, requireOne(input.id, 'spec'), input.format);
  if (!knownSpec(context.store.state, read.name)) return undefined;
  return differenceText(reimport(context.store.state, planOf(context, read, input)).changes);
};

export const importSpec = defineCommand({
  verb: 'import',
  noun: 'spec',
  summary:
    'Read a plan: a Kiro spec (tasks.md, with requirements.md or bugfix.md beside it), or that of another tool; again to take over changes; alone, it says which plans are here',
  example: 'import spec .kiro/specs/demo',
  role: 'operator',
  modifiers: ['dry-run'],
  target: 'optional',
  one: 'spec',
  names: 'files',
  reads: false,
  effects: 'records the tasks of the plan, or what has changed in it',
  params,
  notice: foretell,
  result: z.union([foundPlansSchema, importedSchema]),
  run: async (context, input, modifiers) => {
    if (input.id === undefined) {
      const plans = await findPlans(context);
      return { message: foundText(plans), data: { plans } };
    }
    const read = await readSpec(context, requireOne(input.id, 'spec'), input.format);
    const facts = planOf(context, read, input);
    const dry = modifiers.includes('dry-run');
    const known = knownSpec(context.store.state, read.name);
    let before = context.store.state;
    let found = reimport(before, facts);
    if (!dry)
      await context.decide((state) => {
        before = state;
        found = reimport(state, facts);
        return found.drafts;
      });
    const { changes } = found;
    const created = changes.created.length;
    const edited = found.drafts.filter((fact) => fact.type === 'task.edited').length;
    const summary = summaryOf(before, found);
    const message = [
      `${sentence(summary)}; ${created} new, ${edited} changed${dry ? ' (nothing is recorded)' : ''}.`,
      ...(dry && known ? [differenceText(changes)] : []),
      ...changesSentences(changes),
      ...(facts.spec.tracked_path === null ? ['It lies outside of the repository, so its boxes are not ticked.'] : []),
      ...(facts.plan.setsGraphAside ? [GRAPH_SET_ASIDE] : []),
      ...foundInGraph(summary.graph_findings, known || !dry ? read.name : read.file),
      ...warned(summary.warnings),
    ].join(' ');
    return { message, data: { ...summary, created, edited, gone: changes.gone, changes } };
  },
  draw: (data: { readonly plans?: readonly FoundPlan[] }, view, message) =>
    data.plans === undefined ? message : drawFound(data.plans, view, message),
});

/** How the file of an imported plan is now, beside the plan that was read from it. */
export type FileState = {
  readonly kind: 'same' | 'changed' | 'unreadable' | 'missing';
  /** In words; empty where nothing is different. */
  readonly text: string;
  /** The command that takes it over, or helps. */
  readonly suggestion: string | null;
};

/** Reads the file of an imported plan again and says what is different in it; nothing is recorded. */
export const fileStateOf = async (context: Context, spec: Spec): Promise<FileState> => {
  if ((await context.readFile(spec.source)) === null)
    return { kind: 'missing', text: 'its file is not there', suggestion: 'import spec' };
  try {
    const read = await readSpec(context, spec.source, spec.format);
    if (spec.digest === textsDigest(read)) return { kind: 'same', text: '', suggestion: null };
    const facts = planOf(context, read, { id: [spec.source] });
    const text = changesText(reimport(context.store.state, facts).changes);
    return text === ''
      ? { kind: 'same', text, suggestion: null }
      : { kind: 'changed', text, suggestion: `import spec ${saidId(spec.source)}` };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const text = `its file cannot be read as a plan any more: ${error.message.split('\n')[0]!.replace(/\.$/u, '')}`;
    return { kind: 'unreadable', text, suggestion: `lint spec ${saidId(spec.name)}` };
  }
};
