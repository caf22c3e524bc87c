import { z } from 'zod';
import { givenUpAmong, strandedByGivenUp } from '../../attention/blocked.ts';
import { formatDuration } from '../../lib/duration.ts';
import { instantOf } from '../../lib/instant.ts';
import { saidId } from '../../protocol/say.ts';
import { idsOf } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { POLICIES, type Policy } from '../../state/specs.ts';
import { TASK_ORDERS, type TaskOrder } from '../../state/swarm-settings.ts';
import type { Task } from '../../state/tasks.ts';
import { type Forecast, forecast, takers, takersOf } from '../../tasks/forecast.ts';
import { gatedGraph, isMet } from '../../tasks/gates.ts';
import { waves } from '../../tasks/graph.ts';
import { planOrder } from '../../tasks/select.ts';
import { behindGivenUp, behindGivenUpBy } from '../../tasks/stranded.ts';
import { workflowSteps } from '../../tasks/workflow.ts';
import { chainText, GRAPH_SET_ASIDE, rulesFor, wavesText } from '../../text/order-text.ts';
import { neededText, type PlanData } from '../../text/plan-data.ts';
import { drawTable } from '../../text/table.ts';
import { nameInstances, plural } from '../../text/wording.ts';
import type { Context, Loss, Outcome } from '../define.ts';
import { badParameter, nothingToDo } from '../errors.ts';
import { heldText } from '../tasks/not-begun.ts';
import type { TaskNeeds } from './replanning.ts';

const STRATEGIES = [...TASK_ORDERS, ...POLICIES] as const;

/** What can be said about a plan beside which tasks it is about. */
export const planParams = {
  strategy: z
    .enum(STRATEGIES)
    .optional()
    .describe(
      'critical-path, fifo, load-balance, spread-groups or manual: which task goes first, and to whom; kiro, siblings, strict or none: what a plan waits for',
    ),
  instances: z.coerce.number().int().min(1).max(1000).optional().describe('As if there were so many'),
};
type Input = { readonly strategy?: (typeof STRATEGIES)[number] | undefined; readonly instances?: number | undefined };

/** What is planned: tasks, and what they wait for where that is not what stands at them. */
type Subject = {
  readonly tasks: readonly Task[];
  readonly needs?: ReadonlyMap<string, TaskNeeds> | undefined;
};

const isOpen = (task: Task): boolean => !['done', 'cancelled'].includes(task.state) && !task.archived;

/** The order that is asked for, else the one that the planner hands tasks out by. */
const orderOf = ({ settings }: Pick<Context, 'settings'>, { strategy }: Input): TaskOrder =>
  TASK_ORDERS.find((order) => order === strategy) ?? settings.plan.strategy;

const assumed = (count: number): string[] => Array.from({ length: count }, (_, i) => `instance ${i + 1}`);

const forecastOn = (
  context: Context,
  { tasks, needs, whole = false }: Subject & { whole?: boolean },
  input: Input,
  machines: readonly string[],
): Forecast =>
  forecast(context.store.state, tasks, {
    now: instantOf(context.now()),
    machines,
    order: orderOf(context, input),
    needs,
    whole,
  });

/** The fewest instances that are as quick as as many as are allowed. */
const fewest = (context: Context, subject: Subject, input: Input): number => {
  const limit = context.settings.limits.maxInstances;
  const most = Math.max(1, Math.min(limit, subject.tasks.filter(isOpen).length));
  const placed = (count: number): Forecast => forecastOn(context, subject, input, assumed(count));
  const { items, length } = placed(most);
  const work = items.reduce((sum, { start, end }) => sum + end - start, 0);
  // So many have to be busy all the time to be that quick.
  for (let count = Math.max(1, Math.ceil(work / length - 1e-9)); count < most; count += 1)
    if (placed(count).length <= length) return count;
  return most;
};

const machinesFor = (
  context: Context,
  subject: Subject,
  input: Input,
  auto: boolean,
): { ids: string[]; real: boolean } => {
  const { state } = context.store;
  const present = takersOf(state, subject.tasks.filter(isOpen));
  if (auto && input.instances !== undefined)
    throw badParameter({ command: 'plan', key: 'instances', issue: 'auto finds the number: say one of the two' });
  const count = auto ? fewest(context, subject, input) : input.instances;
  if (count === undefined) return { ids: present, real: true };
  return count <= present.length ? { ids: present.slice(0, count), real: true } : { ids: assumed(count), real: false };
};

type Rows = {
  readonly order: readonly (readonly string[])[];
  /** What nobody begins as it is. */
  readonly never: readonly string[];
  /** What is foretold, and who would do what if all of it could be begun some day. */
  readonly found: Forecast;
  readonly whole: Forecast;
  readonly input: Input;
};

const rowsOf = (context: Context, subject: Subject, { order, never, found, whole, input }: Rows): PlanData['tasks'] => {
  const { state } = context.store;
  // What nobody has assigned goes nowhere by itself.
  const goes = ({ id }: { id: string }) => orderOf(context, input) !== 'manual' || state.tasks[id]!.assignee !== null;
  const places = new Map(found.items.filter(goes).map((item) => [item.id, item]));
  const seats = new Map(whole.items.filter(goes).map(({ id, machine }) => [id, machine]));
  return [...order, never].flatMap((wave, i) =>
    wave.map((id) => {
      const task = state.tasks[id]!;
      const place = places.get(id);
      const steps = workflowSteps(task.workflow ?? context.settings.plan.workflow).map(({ title }) => title);
      const needs = subject.needs?.get(id);
      const waits = needs
        ? needs.dependencies.filter((one) => state.tasks[one]?.state !== 'done')
        : task.dependencies.filter((one) => !isMet(one, state.tasks));
      return {
        id,
        title: task.title,
        wave: i < order.length ? i + 1 : null,
        waits_for: waits,
        because: rulesFor(needs ?? task, waits),
        ...givenUpAmong(state, waits),
        ...(steps.length > 0 ? { steps } : {}),
        instance: place?.machine ?? seats.get(id) ?? task.assignee,
        start: place?.start ?? null,
        end: place?.end ?? null,
      };
    }),
  );
};

/** The plan as it stands: rounds, the longest chain, how long it takes and who would do what. Throws `plan/cycle`. */
const planOf = (context: Context, subject: Subject, input: Input, auto: boolean): PlanData => {
  const { state } = context.store;
  const open = new Set(subject.tasks.filter(isOpen).map((task) => task.id));
  const all = planOrder(state.specs, state.tasks).filter((id) => open.has(id));
  const behind = behindGivenUpBy(state.tasks, (task) => subject.needs?.get(task.id) ?? task);
  const ids = all.filter((id) => !behind.has(id));
  const graph = gatedGraph(ids.map((id) => [id, subject.needs?.get(id) ?? state.tasks[id]!]));
  const machines = machinesFor(context, subject, input, auto);
  const found = forecastOn(context, subject, input, machines.ids);
  const order = waves(graph);
  const foretold = new Set(found.items.map(({ id }) => id));
  const isAll = ids.every((id) => foretold.has(id));
  const whole = isAll ? found : forecastOn(context, { ...subject, whole: true }, input, machines.ids);
  return {
    waves: order,
    critical_path: [...whole.critical.path],
    strategy: input.strategy ?? context.settings.plan.strategy,
    unit: found.unit,
    length: machines.ids.length === 0 || (ids.length > 0 && foretold.size === 0) ? null : found.length,
    least: found.critical.length,
    instances: machines.ids,
    assumed: !machines.real,
    runs: found.speed?.runs ?? 0,
    applied: [],
    tasks: rowsOf(context, subject, { order, never: all.filter((id) => behind.has(id)), found, whole, input }),
  };
};

const points = (length: number): number => Math.round(length * 10) / 10;

/** What can be begun some day as things are. */
const goingOf = ({ tasks }: Pick<PlanData, 'tasks'>): PlanData['tasks'] => tasks.filter(({ wave }) => wave !== null);

/** How long it takes, in words; points are all that can be said before a run has finished. */
const lengthText = ({ unit, length, least, instances, strategy, assumed: made, tasks }: PlanData): string => {
  if (instances.length === 0) return 'No instance is there to do it.';
  if (strategy === 'manual') return 'Nothing goes by itself: assign each task, as in "assign task 3.1 to kiro-1".';
  if (length === null)
    return 'When it is done cannot be told: it failed, is held back or takes far too long, or waits for what does.';
  const told = tasks.filter(({ end }) => end !== null).length;
  const part = told < goingOf({ tasks }).length ? ` for ${told} of them` : '';
  const where = `With ${plural(instances.length, 'instance')}${made ? ' (assumed)' : ''}`;
  return unit === 'ms'
    ? `${where} about ${formatDuration(length)}${part}, at best ${formatDuration(least)}.`
    : `${where} about ${points(length)} points of complexity${part}, at best ${points(least)}; how long a point takes is not known before a run has finished.`;
};

const sentence = (data: PlanData): string => {
  const waved = data.waves.length === 0 ? '0' : wavesText(data.waves.map((wave) => wave.length));
  const going = goingOf(data).length;
  return `${plural(going, 'open task')} in ${plural(data.waves.length, 'wave')}: ${waved}; longest chain ${chainText(data.critical_path)}.${going === 0 ? '' : ` ${lengthText(data)}`}${data.graph_set_aside ? ` ${GRAPH_SET_ASIDE}` : ''}`;
};

/** The facts that hand a plan out: every task goes into the queue of its instance, in the order of the plan. */
const applyFacts = (state: State, { tasks }: PlanData): EventDraft[] => {
  const moved = tasks
    .filter(({ id, instance }) => {
      const task = state.tasks[id];
      return (
        task &&
        instance !== null &&
        ['open', 'assigned'].includes(task.state) &&
        !(task.pinned && task.assignee !== null)
      );
    })
    .filter(({ id, instance }) => state.tasks[id]!.assignee !== instance)
    .toSorted((a, b) => (a.start ?? Number.MAX_VALUE) - (b.start ?? Number.MAX_VALUE));
  if (moved.length === 0) return [];
  return [
    { type: 'task.requested', data: { ids: moved.map(({ id }) => id) } },
    ...moved.map(
      ({ id, instance }): EventDraft => ({
        type: 'task.assigned',
        data: { id, instance: instance!, pinned: false, reason: 'as planned' },
      }),
    ),
  ];
};

/** What applying a plan would do. */
export const applyLoss = (state: State, tasks: readonly Task[]): Loss => {
  const behind = behindGivenUp(state.tasks);
  const targets = tasks
    .filter((task) => task.state === 'open' && !task.archived && !behind.has(task.id))
    .map((task) => task.id);
  const count = takers(state).length;
  return {
    targets,
    loses: `This hands ${plural(targets.length, 'open task')} out to ${plural(count, 'instance')}: each goes into the queue of one of them and starts as soon as it can.`,
  };
};

const tooFew = (state: State, { instances }: PlanData) => {
  const present = takers(state).length;
  const wanted = Math.max(1, instances.length);
  return nothingToDo({
    message: `The plan takes ${plural(wanted, 'instance')}, and there ${present === 1 ? 'is' : 'are'} ${present}.`,
    hint: `Say "launch ${plural(wanted, 'instance')}" first, or leave the number out.`,
  });
};

/** That what waits for a task that was given up has no place in the order, with one of them and why. */
const neverText = (state: State, { tasks }: PlanData): string => {
  const stranded = strandedByGivenUp(
    state,
    tasks.flatMap(({ id }) => state.tasks[id] ?? []),
  );
  return stranded === null
    ? ''
    : ` In no wave, since nobody begins it as it is: ${stranded.why}, see: show task ${saidId(stranded.task)}.`;
};

type Request = {
  readonly subject: (state: State) => Subject;
  readonly input: Input;
  readonly modifiers: readonly string[];
  /** What the tasks would wait for under each policy, where that can be told. */
  readonly policies?: ReadonlyMap<Policy, ReadonlyMap<string, TaskNeeds>>;
  /** The plan has a graph of its own, and its order does not look at that. */
  readonly setAside?: boolean;
};

/** What each policy would give on the same instances, in its main numbers. */
const comparePolicies = (context: Context, { subject, input, policies }: Request, auto: boolean) => {
  if (!policies || policies.size === 0) return {};
  const { tasks } = subject(context.store.state);
  const compared = [...policies].map(([policy, needs]) => {
    const { waves: order, critical_path, length, least } = planOf(context, { tasks, needs }, input, auto);
    return { policy, waves: order.map((wave) => wave.length), critical_path, length, least };
  });
  return { policies: compared };
};

/** Answers with the plan, and with `apply` hands it out; `extra` are facts that go with it. */
export const makePlan = async (
  context: Context,
  request: Request,
  extra: (state: State) => readonly EventDraft[] = () => [],
): Promise<Outcome> => {
  const { subject, input, modifiers } = request;
  const auto = modifiers.includes('auto');
  const planned = planOf(context, subject(context.store.state), input, auto);
  const aside = request.setAside ? { graph_set_aside: true as const } : {};
  const data = { ...planned, ...comparePolicies(context, request, auto), ...aside };
  const { state } = context.store;
  const held = heldText(data.tasks.flatMap(({ id }) => state.tasks[id] ?? []));
  const left = `${held}${held === '' ? '' : '.'}${neverText(state, data)}`;
  if (!modifiers.includes('apply') || modifiers.includes('dry-run'))
    return { message: `${sentence(data)}${left}`, data };
  if (data.assumed || data.instances.length === 0) throw tooFew(context.store.state, data);
  const facts = await context.decide((state) => [...extra(state), ...applyFacts(state, data)]);
  const applied = idsOf(facts, 'task.assigned');
  const after = { ...data, applied };
  const to = nameInstances(context.store.state, data.instances);
  return {
    message: `${sentence(after)}${left} Handed ${plural(applied.length, 'task')} out to ${to}.`,
    data: after,
  };
};

const at = (data: PlanData, value: number | null): string =>
  value === null ? '' : data.unit === 'ms' ? formatDuration(value) : String(points(value));

const waitsText = (row: PlanData['tasks'][number]): string => {
  const { waits_for, because = {} } = row;
  const byRule = Map.groupBy(waits_for, (id) => because[id]);
  return [...byRule]
    .map(([rule, ids]) => `${ids.map((id) => neededText(row, id)).join(' ')}${rule === undefined ? '' : ` (${rule})`}`)
    .join(', ');
};

const drawPolicies = (data: PlanData, view: { columns: number; color: boolean }): string =>
  data.policies === undefined
    ? ''
    : `\n\n${drawTable(
        {
          head: ['policy', 'waves', 'longest chain', 'takes', 'at best', 'of'],
          rows: data.policies.map((one) => [
            { text: one.policy },
            { text: String(one.waves.length) },
            { text: plural(one.critical_path.length, 'task') },
            { text: at(data, one.length) },
            { text: at(data, one.least) },
            { text: wavesText(one.waves), tone: 'dim' },
          ]),
          empty: '',
        },
        view,
      )}`;

export const drawPlan = (data: PlanData, view: { columns: number; color: boolean }, message: string): string =>
  `${drawTable(
    {
      head: ['wave', 'task', 'instance', 'from', 'to', 'waits for', 'title'],
      rows: data.tasks.map((task) => [
        { text: String(task.wave ?? '-') },
        { text: task.id },
        { text: task.instance ?? '' },
        { text: at(data, task.start) },
        { text: at(data, task.end) },
        { text: waitsText(task), tone: 'dim' },
        { text: [task.title, ...(task.steps ?? []).map((step) => `+ ${step}`)].join(' ') },
      ]),
      empty: 'No open task.',
    },
    view,
  )}\n${message}${data.applied.length > 0 ? ` Queued: ${data.applied.join(', ')}.` : ''}${drawPolicies(data, view)}`;
