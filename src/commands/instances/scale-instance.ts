import { z } from 'zod';
import { dataOf } from '../../state/facts.ts';
import type { State } from '../../state/index.ts';
import { type Instance, instanceSchema } from '../../state/instances.ts';
import { activity, isBusy, presentIn } from '../../state/moves.ts';
import { nameInstances, plural } from '../../text/wording.ts';
import {
  type AgentAccess,
  type Context,
  defineCommand,
  type Outcome,
  type Recording,
  type Repository,
} from '../define.ts';
import { lookUp } from '../selection.ts';
import { groupFacts } from './group-members.ts';
import { checkLaunchable, checkLimit, launchFacts, prepareLaunch, startOutcome, untilSettled } from './launch-facts.ts';
import { type Stopped, stopInstances, stopLoss, stoppedSchema } from './stop-and-remove.ts';

const params = z.object({
  op: z.enum(['set', 'up', 'down']).default('set').describe('set the total, or add, or take away'),
  count: z.coerce.number().int().min(0).describe('How many'),
  agent: z.string().optional().describe('Which agent new ones run'),
  group: z.string().optional().describe('Only those of this group count, and new ones belong to it'),
});
type Input = z.infer<typeof params>;

const wantedTotal = (now: number, { op, count }: Input): number =>
  op === 'set' ? count : op === 'up' ? now + count : Math.max(0, now - count);

/** The instances that count towards the total, the eldest first. */
const countedInstances = (state: State, { group }: Input): Instance[] =>
  presentIn(state).filter((one) => group === undefined || one.group === group);

/** The instances to be stopped: idle ones first, then the youngest. */
const surplusInstances = (state: State, input: Input, total: number): Instance[] => {
  const all = countedInstances(state, input);
  return all
    .toReversed()
    .toSorted((a, b) => Number(isBusy(activity(a).kind)) - Number(isBusy(activity(b).kind)))
    .slice(0, Math.max(0, all.length - total));
};

const whatIsScaled = ({ group }: Input): string => (group === undefined ? 'Instances' : `Instances of ${group}`);

const shrink = async (
  context: Recording,
  input: Input,
  { total, force }: { total: number; force: boolean },
): Promise<Outcome> => {
  const choose = (state: State) => surplusInstances(state, input, total);
  // Fewer instances do the same work: tasks of the stopped ones are handed out to the others.
  const stopped = await stopInstances(context, choose, { force, remove: false, again: true });
  // Counted at the end: whoever asks again after the death of a daemon is told of the same change.
  const after = countedInstances(context.store.state, input).length;
  const ended = (stopped.data as readonly Stopped[]).filter(({ state }) => state === 'stopped').length;
  return { ...stopped, message: `${whatIsScaled(input)} ${after + ended} → ${after}. ${stopped.message}` };
};

const grow = async (
  context: Recording & Repository & AgentAccess & Pick<Context, 'settings'>,
  input: Input,
): Promise<Outcome> => {
  const { agent = context.settings.agent, group } = input;
  const prepared = { ...(await prepareLaunch(context, agent)), group };
  const facts = await context.decide((state) => {
    const now = countedInstances(state, input).length;
    return launchFacts(context, state, prepared, Math.max(0, wantedTotal(now, input) - now));
  });
  const made = dataOf(facts, 'group.created').map(({ group_id }) => ` Created the group ${group_id}.`);
  const ids = dataOf(facts, 'instance.created').map(({ instance_id }) => instance_id);
  const state = await untilSettled(context, ids);
  const news = `${plural(ids.length, 'new one')} (${nameInstances(state, ids)})`;
  const after = countedInstances(state, input).length;
  return startOutcome(state, ids, `${whatIsScaled(input)} ${after - ids.length} → ${after}: ${news}.${made.join('')}`);
};

/** How many there are, and how many there shall be; a group that is to shrink has to be there. */
const goalOf = (state: State, input: Input): { readonly before: number; readonly total: number } => {
  if (input.op === 'down' && input.group !== undefined) lookUp(state.groups, input.group, 'group');
  const before = countedInstances(state, input).length;
  return { before, total: wantedTotal(before, input) };
};

const alreadyText = ({ group }: Input, before: number): string =>
  `There are ${plural(before, 'instance')}${group === undefined ? '' : ` in ${group}`} already.`;

export const scaleInstance = defineCommand({
  verb: 'scale',
  noun: 'instance',
  summary: 'Change how many instances there are: idle ones are stopped first',
  example: 'scale up instances 3',
  role: 'operator',
  modifiers: ['force'],
  later: { parameters: ['on'] },
  target: 'none',
  reads: false,
  effects: 'launches instances, or ends sessions: the idle ones first; worktrees and branches stay',
  params,
  result: z.union([
    z.array(instanceSchema).describe('The new ones'),
    z.array(stoppedSchema).describe('The ended ones'),
  ]),
  loss: (state, input, modifiers) =>
    stopLoss(state, surplusInstances(state, input, wantedTotal(countedInstances(state, input).length, input)), {
      force: modifiers.includes('force'),
    }),
  refuses: (standing, input) => {
    const { state, settings } = standing;
    const { before, total } = goalOf(state, input);
    if (total <= before) return;
    checkLaunchable(standing, input.agent ?? settings.agent);
    checkLimit({ settings }, state, total - before);
    if (input.group !== undefined) groupFacts(state, input.group);
  },
  nothing: ({ state }, input) => {
    const { before, total } = goalOf(state, input);
    return total === before ? alreadyText(input, before) : undefined;
  },
  run: async (context, input, modifiers) => {
    const { before, total } = goalOf(context.store.state, input);
    if (total === before) return { message: alreadyText(input, before), data: [] };
    if (total > before) return grow(context, input);
    return shrink(context, input, { total, force: modifiers.includes('force') });
  },
});
