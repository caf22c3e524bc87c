import { z } from 'zod';
import { saidId, saidName } from '../../protocol/say.ts';
import { helpForInstance, isBroken } from '../../attention/failure-help.ts';
import { mayAll, offeredWithin } from '../../attention/attention.ts';
import { isRecovering } from '../../attention/needs.ts';
import { isFree } from '../../attention/standstill.ts';
import { shellQuote, shorten, shown, shownLine } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import { type Instance, instanceSchema, LOCAL_HOST } from '../../state/instances.ts';
import { presentIn } from '../../state/moves.ts';
import { instanceCost, instanceCostSchema, instanceCostText } from '../../text/cost-rows.ts';
import { INSTANCE_LOOK } from '../../text/instance-rows.ts';
import { withResources } from '../../text/resource-rows.ts';
import { resourceText } from '../../text/resource-text.ts';
import { agoText, clockText, forText, timeIn } from '../../text/since-text.ts';
import { plainSuggestion, type Suggestion, suggestionsSchema, withSuggestions } from '../../text/suggestions.ts';
import { type Drawing, drawTable } from '../../text/table.ts';
import { type Context, defineCommand } from '../define.ts';
import { idsParam, oneInstance } from '../selection.ts';
import { policyFor, policySchema, policyText } from '../settings/permission-policy.ts';
import { isAtWork } from '../tasks/assign-facts.ts';
import { hasPlaceFor } from './launch-facts.ts';

const modeText = ({ mode, launch_mode }: Instance): string =>
  mode === launch_mode ? (mode ?? '') : `${mode ?? 'none'}, goes back to ${launch_mode ?? 'none'}`;

const shownSchema = instanceSchema.extend({
  permissions: policySchema.describe('What is answered when it asks for a permission'),
  usage: instanceCostSchema.describe('What it has used so far'),
  suggestions: suggestionsSchema,
});
type Shown = z.infer<typeof shownSchema>;

type Answer = NonNullable<Instance['answers']>[number];

const ANSWERS: Readonly<Record<Answer['decision'], string>> = {
  allow: 'allowed',
  deny: 'denied',
  answer: 'answered',
};

/** So many characters of what was asked are told where it is not wanted in full. */
const ASKED_LENGTH = 60;

const answerText = ({ decision, tool, subject, rule }: Answer, length: number): string =>
  `${ANSWERS[decision]} ${shorten(subject === '' ? tool : `${tool} ${subject}`, length)}${rule === null ? '' : ` by ${rule}`}`;

const NEXT = {
  restart: 'is started again',
  person: 'waits for a person',
  move: 'is taken from it',
  'go-on': 'goes on when it takes prompts',
} as const;

/** What is done about a program that failed in the middle of a run, and how often it was started again in all. */
const recoveryText = ({ recovery, restarts }: Instance, now: string): string => {
  const total = restarts === 0 ? '' : `started again ${restarts} ${restarts === 1 ? 'time' : 'times'} in all`;
  if (recovery === null) return total;
  const { task, class: kind, message, tries, most, next, due } = recovery;
  const then = next === null ? 'at work again' : `${NEXT[next]}${due === null ? '' : ` ${agoText(due, now)}`}`;
  const what =
    tries === 0
      ? `${task} was broken off (${message})`
      : `${task} failed ${tries} of ${most} times, last by ${kind} (${message})`;
  return [`${what}: ${then}`, total].filter((part) => part !== '').join('; ');
};

/** The plan that waits for a yes, in full, below the question that has its beginning. */
const planText = ({ requests = [] }: Instance): string => {
  const plan = requests[0]?.input?.['plan'];
  return typeof plan === 'string' ? `\n${plan.replace(/^/gmu, '  ')}` : '';
};

/** What waits for an answer, line by line as it would be run. */
const requestLines = ({ requests = [] }: Shown): readonly string[] =>
  requests
    .filter(({ subject }) => subject !== '')
    .flatMap(({ tool, subject }) => [
      `wants to use ${shownLine(tool)}:`,
      ...shown(subject)
        .split('\n')
        .map((line) => `  │ ${line}`),
    ]);

/** What makes room for one more, where no more may live. */
const roomWay = (state: State, limit: number): Suggestion => {
  const idle = presentIn(state).find(isFree);
  const why = `make room for it first: limits.maxInstances is ${limit}`;
  return idle
    ? { command: `stop instance ${saidId(idle.instance_id)}`, what: `${why}, and this one is idle` }
    : { command: 'list instances', what: why };
};

type Needed = Pick<Context, 'settings' | 'store' | 'agents'>;

/** How a broken instance is started again, or what comes before that where it would be refused. */
const restartWay = async ({ settings, store: { state }, agents }: Needed, one: Instance): Promise<Suggestion> => {
  if (!hasPlaceFor({ settings }, state, one)) return roomWay(state, settings.limits.maxInstances);
  const isStartable = await agents.assertStartable(one.agent).then(
    () => true,
    () => false,
  );
  if (!isStartable)
    return { command: `show adapter ${saidName(one.agent)}`, what: 'see why it cannot be started here' };
  const restart = `restart instance ${saidId(one.instance_id)}`;
  // What led there twice is not proposed a third time.
  return helpForInstance(one, restart) === restart
    ? { command: restart, what: 'start its program again' }
    : { command: `${restart} fresh`, what: 'start its program again, with a new conversation' };
};

const isRestart = (command: string, id: string): boolean => command === `restart instance ${saidId(id)}`;

/** What helps with an instance that asks, or is broken and not mended by itself. */
const suggestionsFor = async (context: Needed, one: Instance): Promise<readonly Suggestion[]> => {
  const { state } = context.store;
  const { instance_id: id } = one;
  const stop = { command: `stop instance ${saidId(id)}`, what: 'do without it' };
  const own = isBroken(one) && !isRecovering(one) ? [await restartWay(context, one), stop] : [];
  const { needs } = offeredWithin(state, context.settings.limits.maxInstances, mayAll);
  // Whether it can be started again its own ways say.
  const helps = needs.flatMap(({ key, help }) =>
    key === `instance ${id}` && help && !(own.length > 0 && isRestart(help, id)) ? [help] : [],
  );
  const known = new Set([...own.map(({ command }) => command), `show instance ${saidId(id)}`]);
  return [...helps.filter((help) => !known.has(help)).map(plainSuggestion), ...own];
};

const drawInstance = (one: Shown, view: Drawing): string => {
  const now = timeIn(view);
  const fields: [string, string][] = [
    ['agent', one.agent],
    ['host', one.host === LOCAL_HOST ? '' : one.host],
    [
      'state',
      `${INSTANCE_LOOK[one.state.kind].glyph} ${one.state.kind} ${forText(one.state.since, now)} (${one.state.source}${one.state.until ? `, until ${clockText(one.state.until, now)}` : ''}${one.state.evidence ? `: ${one.state.evidence}` : ''})`,
    ],
    [
      'before',
      one.paused_from === null ? '' : `${one.paused_from.kind} since ${clockText(one.paused_from.since, now)}`,
    ],
    ['recovery', recoveryText(one, now)],
    ['group', one.group ?? ''],
    ['mode', modeText(one)],
    ['sandbox', one.sandbox ?? 'off'],
    ['question', one.question ?? ''],
    ['plan', planText(one)],
    ['asked', policyText(one.permissions)],
    [
      'answered',
      one.answers?.map((answer) => answerText(answer, view.detailed ? Infinity : ASKED_LENGTH)).join('; ') ?? '',
    ],
    ['tasks', one.task_assignments.join(', ')],
    ['usage', instanceCostText(one.usage)],
    ['resources', resourceText(one)],
    ['branch', one.branch_name],
    ['worktree', one.workspace_path],
    ['session', `${one.session}${one.pid === null ? '' : `, process ${one.pid}`}`],
    ['command', one.argv.map(shellQuote).join(' ')],
    ['color', `${one.peacock_theme.color_name} ${one.peacock_theme.primary_color}`],
  ];
  const head = fields
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${`${key}:`.padEnd(10)} ${shown(value)}`);
  const rows = one.transitions.map((mark) => [
    { text: agoText(mark.since, now), tone: 'dim' as const },
    { text: mark.kind, tone: INSTANCE_LOOK[mark.kind].tone },
    { text: mark.source },
    { text: mark.evidence ?? '' },
  ]);
  const table = drawTable({ head: ['since', 'state', 'source', 'evidence'], rows, empty: '' }, view);
  return withSuggestions([one.instance_id, ...head, ...requestLines(one), '', table].join('\n'), one.suggestions, view);
};

export const showInstance = defineCommand({
  verb: 'show',
  noun: 'instance',
  summary: 'Everything about one instance, with its latest state changes and their evidence',
  example: 'show instance rehearsal-1',
  role: 'viewer',
  agents: true,
  modifiers: ['detailed'],
  target: 'required',
  one: 'instance',
  reads: true,
  params: z.object({ id: idsParam }),
  result: shownSchema,
  run: async (context, { id }) => {
    const { settings, resources } = context;
    const { state } = context.store;
    const one = oneInstance(state, id);
    const task = one.task_assignments.flatMap((task) => state.tasks[task] ?? []).find(isAtWork);
    const doing = task ? ` on ${task.id} (${task.title})` : '';
    return {
      message: `${one.instance_id} is ${one.state.kind}${doing}.`,
      data: {
        ...withResources(one, resources(), settings.resources),
        permissions: policyFor(settings, one),
        usage: instanceCost(state, one.instance_id, settings.budgets.instance),
        suggestions: [...(await suggestionsFor(context, one))],
      },
    };
  },
  draw: drawInstance,
});
