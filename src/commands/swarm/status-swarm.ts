import { z } from 'zod';
import { agentHere } from '../../agents/agent-here.ts';
import {
  type Attention,
  attentionOf,
  finishedText,
  hasBanner,
  type MaySay,
  nextSteps,
  offeredTo,
  standsStill,
} from '../../attention/attention.ts';
import { NEED_KINDS } from '../../attention/needs.ts';
import { tasksToAssign } from '../../attention/standstill.ts';
import { type Step, STEP_KINDS, type Surroundings } from '../../attention/step.ts';
import { hasOpenTasks } from '../../attention/steps.ts';
import { alertsNow } from '../../attention/told.ts';
import { plansToImport } from '../plans/found-plans.ts';
import { entryOf } from '../../lib/entry.ts';
import { instantOf } from '../../lib/instant.ts';
import { valuesOf } from '../../lib/records.ts';
import { shorten } from '../../lib/text.ts';
import type { Alert } from '../../state/alerts.ts';
import { isIntegrationThere } from '../../state/batches.ts';
import { type State, stateSchema } from '../../state/index.ts';
import { presentIn } from '../../state/moves.ts';
import { batchProgress, batchUnderWay, stopCommand } from '../../text/batch-progress.ts';
import { costRow, costRowSchema, costText } from '../../text/cost-rows.ts';
import { healthText } from '../../text/health-rows.ts';
import { instanceTable } from '../../text/instance-rows.ts';
import { type ResourceRow, resourceRow, resourceRowSchema, resourceTable } from '../../text/resource-rows.ts';
import { instanceCounts, swarmStatus, swarmStatusSchema } from '../../text/swarm-status.ts';
import { withAges } from '../../text/since-text.ts';
import { isImported } from '../../tasks/may-do.ts';
import { groupTasks } from '../../tasks/task-groups.ts';
import { drawTable } from '../../text/table.ts';
import { taskTable, withWord } from '../../text/task-rows.ts';
import { givenUpTexts } from '../../text/wording.ts';
import { type Context, defineCommand } from '../define.ts';
import { maySay } from '../dispatch.ts';
import { deliveryIn } from '../git/delivery.ts';
import { membersIn, tasksOf } from '../instances/group-members.ts';
import { placesLeft } from '../instances/launch-facts.ts';
import { onlyLooks } from '../../protocol/permission.ts';
import { lookUp, selectTasks } from '../selection.ts';
import { type VisualRow, visualRows, visualSchema, visualTable } from './visual-rows.ts';

/**
 * Alerts that the status quotes, and characters of each: after a bad night there are hundreds, and "list alerts" has
 * all.
 */
const SHOWN_ALERTS = 3;
const ALERT_LENGTH = 160;

/** These troubles with what helps, as many as are read. */
const troubleText = (
  troubles: readonly { readonly text: string; readonly help: string | null }[],
  maySay: MaySay,
): string => {
  const shown = troubles
    .slice(0, SHOWN_ALERTS)
    .map(({ text, help }) => `${shorten(text, ALERT_LENGTH)}${help === null ? '' : ` → ${help}`}`);
  const more = troubles.length - shown.length;
  const all = maySay('list alerts') ? ', see "list alerts"' : '';
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more${all}` : ''}`;
};

/** Finished work that waits, unless a next step tells of it; that all is well where nobody has anything to do. */
const calmText = (attention: Attention, isWell: boolean, next: readonly Step[]): string => {
  const waits = finishedText(attention);
  if (waits !== '') return next.some(({ kind }) => kind === 'review' || kind === 'merge') ? '' : ` ${waits}.`;
  return isWell ? ' All is well.' : '';
};

/** What needs a person, what is only to be known, and what can be done besides. */
const attentionText = (attention: Attention, isWell: boolean, maySay: MaySay): string => {
  const { needs, notices } = attention;
  const number = needs.length === 1 ? '1 needs you' : `${needs.length} need you`;
  const needing = needs.length === 0 ? '' : ` ${number}: ${troubleText(needs, maySay)}.`;
  const told = notices.map(({ text, suggestion }) => ({ text, help: suggestion }));
  const toKnow = told.length === 0 ? '' : ` To know: ${troubleText(told, maySay)}.`;
  const next = nextSteps(attention);
  const calm = calmText(attention, isWell, next);
  return `${needing}${calm}${toKnow}${next.length > 0 ? ` Next: ${next.map(({ why, command }) => `${why} → ${command}`).join('; ')}` : ''}`;
};

const needSchema = z.object({
  kind: z.enum(NEED_KINDS),
  text: z.string(),
  since: z.string(),
  instance: z.string().nullable(),
  task: z.string().nullable(),
  help: z.string().nullable().describe('The command that helps first'),
});

const stepSchema = z.object({
  kind: z.enum(STEP_KINDS),
  why: z.string(),
  command: z.string(),
  pressing: z.boolean().describe('Something stands still until it is done'),
});

/** The tokens and money used so far and the resources that agents take now, with a sentence about the use. */
const usesOf = ({ store: { state }, settings, resources }: Pick<Context, 'resources' | 'settings' | 'store'>) => {
  const usage = costRow('all', state.usage.swarm, settings.budgets.swarm);
  const rows = resources().flatMap((use) => {
    const one = state.instances[use.instance_id];
    return one ? [resourceRow(one, use)] : [];
  });
  return { usage, resources: rows, used: usage.tokens > 0 ? ` Used: ${costText(usage)}.` : '' };
};

const isAll = (target: string | undefined): target is 'all' | undefined => target === undefined || target === 'all';

/** What of the state is about one instance or the members of one group, or all of it; an unknown one is an error. */
const stateAbout = (state: State, target: string | undefined): State => {
  if (isAll(target)) return state;
  const one = entryOf(state.instances, target);
  const members = one ? [one] : membersIn(state, lookUp(state.groups, target, 'group').group_id);
  const ids = new Set(members.map(({ instance_id }) => instance_id));
  const tasks = one
    ? valuesOf(state.tasks).filter((task) => ids.has(task.assignee ?? task.run?.instance ?? ''))
    : tasksOf(state, target);
  const work = new Set(tasks.map(({ id }) => id));
  const isAbout = ({ instance, task }: Alert): boolean => ids.has(instance ?? '') || work.has(task ?? '');
  return {
    ...state,
    instances: Object.fromEntries(members.map((member) => [member.instance_id, member])),
    tasks: Object.fromEntries(tasks.map((task) => [task.id, task])),
    alerts: Object.fromEntries(Object.entries(state.alerts).filter(([, alert]) => isAbout(alert))),
  };
};

/** How far the batch is that is under way, in the words of the screen, and how to stop it for who may. */
const batchText = ({ batches }: State, now: string, may: (line: string) => boolean): string => {
  const batch = batchUnderWay(batches);
  if (!batch) return '';
  const stop = stopCommand(batch);
  const help = stop !== null && may(stop) ? `; ${stop} stops it` : '';
  return ` ${batch.id}: ${batchProgress(batch, instantOf(now))[0]}${help}.`;
};

/** What is there that a screen looks at as well: the agent that can be started, plans, and where what is merged can go. */
const surroundingsOf = async (context: Context, state: State): Promise<Surroundings> => {
  const { settings, store } = context;
  const around = {
    // As if its program were here: it is looked for only where one is to be started.
    ...agentHere(settings, [settings.agent]),
    plans: hasOpenTasks(store.state) ? [] : await plansToImport(context),
    isReviewedFirst: settings.review === 'before-merge',
    isManual: settings.plan.strategy === 'manual',
    // Those that the answer is not about take their places as well.
    maxInstances: presentIn(state).length + placesLeft(context, store.state),
    delivery: isIntegrationThere(store.state) ? await deliveryIn(context) : null,
  };
  const { ready, queued } = groupTasks(state);
  const isAsked =
    settings.agent === 'rehearsal'
      ? [...ready, ...queued].some(isImported)
      : attentionOf(state, around).work.some(({ kind }) => kind === 'launch');
  return isAsked ? { ...around, ...agentHere(settings, await context.agents.workers()) } : around;
};

export const statusSwarm = defineCommand({
  verb: 'status',
  noun: 'swarm',
  summary: 'How the swarm is: instances and tasks by state, what needs a person',
  example: 'status swarm detailed',
  role: 'viewer',
  agents: true,
  modifiers: ['health', 'detailed', 'visual'],
  later: { parameters: ['timeout'] },
  target: 'none',
  reads: true,
  params: z.object({ target: z.string().optional().describe('A group, or an instance: the answer is about it') }),
  result: swarmStatusSchema.extend({
    needs: z.array(needSchema).describe('What does not go on without a person, the most pressing first'),
    next: z.array(stepSchema).describe('What can be done besides, in the order to do it; the screen offers the same'),
    usage: costRowSchema.describe('What was used so far, in all'),
    resources: z.array(resourceRowSchema).describe('What the processes of the living agents take now'),
    state: stateSchema.optional().describe('With detailed: everything that is known'),
    visual: z.array(visualSchema).optional().describe('With visual: each agent as it would be seen'),
    message: z.string(),
  }),
  refuses: ({ state }, { target }) => void stateAbout(state, target),
  run: async (context, { target }, modifiers) => {
    const isAboutAll = isAll(target);
    const state = stateAbout(context.store.state, target);
    const status = swarmStatus(state, context.store.state);
    // What was given up is not to be done: the screen counts the same.
    const {
      total,
      done = 0,
      given_up,
      cancelled = 0,
      unchecked = 0,
    } = status.tasks as Readonly<Record<string, number>> & { total: number; given_up: number };
    const toAssign = tasksToAssign(groupTasks(state), context.settings.plan.strategy === 'manual').length;
    const asides = [
      ...(toAssign > 0 ? [`${toAssign} to assign`] : []),
      ...(unchecked > 0 ? [`${unchecked} of them unchecked`] : []),
      ...givenUpTexts({ cancelled, archived: given_up - cancelled }),
    ];
    const maySayLine = (line: string): boolean => maySay(context, line);
    const all = attentionOf(state, await surroundingsOf(context, state));
    const attention = offeredTo(all, maySayLine);
    // What stands still may not be pressing while others are at work.
    const isWell = !state.swarm.paused && !hasBanner(all) && !standsStill(all) && toAssign === 0;
    const health = withAges(attentionText(attention, isWell, maySayLine), context.now());
    const paused = state.swarm.paused ? 'The swarm is paused: no task starts. ' : '';
    const { used, ...uses } = usesOf(context);
    const daemon = modifiers.includes('health') ? await context.health() : null;
    const parts = daemon && daemon.state !== 'ok' ? ` Of the daemon: ${healthText(daemon)}` : '';
    const merging = isAboutAll ? batchText(state, context.now(), maySayLine) : '';
    const only = onlyLooks(context.actor);
    const message = `${only === undefined ? '' : `${only} `}${paused}Instances: ${instanceCounts(state)}. Tasks: ${[`${done} of ${total - given_up} done`, ...asides].join(', ')}.${merging}${used}${health}${parts}`;
    const detailed = modifiers.includes('detailed') ? { state } : {};
    const visual = modifiers.includes('visual') ? { visual: await visualRows(context) } : {};
    const needs = attention.needs.map(({ kind, text, since, instance, task, help }) => ({
      ...{ kind, text, since, instance, task, help },
    }));
    const next = attention.work.map(({ kind, why, command, isPressing }) => ({
      ...{ kind, why, command, pressing: isPressing },
    }));
    const alerts = [...alertsNow(state, attention)];
    return { message, data: { ...status, alerts, needs, next, ...uses, ...detailed, ...visual, message } };
  },
  draw: (
    data: { message: string; resources: readonly ResourceRow[]; state?: State; visual?: readonly VisualRow[] },
    { detailed: _whole, ...view },
  ) =>
    // What is known of each row beside its columns is for the lists: here it would hide the others.
    [
      data.message,
      ...(data.visual ? [drawTable(visualTable(data.visual), view)] : []),
      ...(data.state
        ? [
            drawTable(instanceTable(Object.values(data.state.instances)), view),
            ...(data.resources.length === 0 ? [] : [drawTable(resourceTable(data.resources), view)]),
            drawTable(taskTable(selectTasks(data.state, {}).map((task) => withWord(task, data.state!))), view),
          ]
        : []),
    ].join('\n\n'),
});
