import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import { helpForInstance, isBroken } from '../../attention/failure-help.ts';
import { isRecovering, needsOf } from '../../attention/needs.ts';
import { shellQuote, shorten, shown, shownLine } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import { type Instance, instanceSchema, LOCAL_HOST } from '../../state/instances.ts';
import { instanceCost, instanceCostSchema, instanceCostText } from '../../text/cost-rows.ts';
import { INSTANCE_LOOK } from '../../text/instance-rows.ts';
import { resourceText, withResources } from '../../text/resource-rows.ts';
import { agoText, clockText, forText, timeIn } from '../../text/since-text.ts';
import { plainSuggestion, type Suggestion, suggestionsSchema, withSuggestions } from '../../text/suggestions.ts';
import { type Drawing, drawTable } from '../../text/table.ts';
import { defineCommand } from '../define.ts';
import { idsParam, oneInstance } from '../selection.ts';
import { policyFor, policySchema, policyText } from '../settings/permission-policy.ts';
import { isAtWork } from '../tasks/assign-facts.ts';

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

const answerText = ({ decision, tool, subject, rule }: Answer): string =>
  `${ANSWERS[decision]} ${shorten(subject === '' ? tool : `${tool} ${subject}`, 60)}${rule === null ? '' : ` by ${rule}`}`;

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

/** What helps with an instance that asks, or is broken and not mended by itself. */
const suggestionsFor = (state: State, one: Instance): readonly Suggestion[] => {
  const { instance_id: id } = one;
  const restart = `restart instance ${saidId(id)}`;
  // What led there twice is not proposed a third time.
  const again = helpForInstance(one, restart) === restart;
  const ways = [
    again
      ? { command: restart, what: 'start its program again' }
      : { command: `${restart} fresh`, what: 'start its program again, with a new conversation' },
    { command: `stop instance ${saidId(id)}`, what: 'do without it' },
  ];
  const own = isBroken(one) && !isRecovering(one) ? ways : [];
  const helps = needsOf(state).needs.flatMap(({ key, help }) => (key === `instance ${id}` && help ? [help] : []));
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
    ['answered', one.answers?.map(answerText).join('; ') ?? ''],
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
  run: async ({ store: { state }, settings, resources }, { id }) => {
    const one = oneInstance(state, id);
    const task = one.task_assignments.flatMap((task) => state.tasks[task] ?? []).find(isAtWork);
    const doing = task ? ` on ${task.id} (${task.title})` : '';
    return {
      message: `${one.instance_id} is ${one.state.kind}${doing}.`,
      data: {
        ...withResources(one, resources(), settings.resources),
        permissions: policyFor(settings, one),
        usage: instanceCost(state, one.instance_id, settings.budgets.instance),
        suggestions: [...suggestionsFor(state, one)],
      },
    };
  },
  draw: drawInstance,
});
