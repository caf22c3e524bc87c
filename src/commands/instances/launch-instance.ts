import { z } from 'zod';
import { dataOf } from '../../state/facts.ts';
import { instanceSchema } from '../../state/instances.ts';
import { nameInstances, plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { chooseMode, MODE_MODIFIERS, modeParam } from '../settings/mode-choice.ts';
import { groupFacts } from './group-members.ts';
import {
  checkLaunchable,
  checkLimit,
  launchFacts,
  launchNotice,
  prepareLaunch,
  startOutcome,
  untilSettled,
} from './launch-facts.ts';

export const launchInstance = defineCommand({
  verb: 'launch',
  noun: 'instance',
  summary: 'Start agents, each in a worktree, branch and tmux session of its own',
  example: 'launch 3 instances agent=rehearsal',
  role: 'operator',
  modifiers: MODE_MODIFIERS,
  later: { parameters: ['on'] },
  target: 'none',
  reads: false,
  effects: 'makes a worktree, a branch and a tmux session for each',
  params: z.object({
    count: z.coerce.number().int().min(1).optional().describe('How many; without it, as many as launch.count says'),
    agent: z.string().optional().describe('Which agent; the default is set in the configuration'),
    group: z.string().optional().describe('The group they belong to; it is made when it is not there'),
    mode: modeParam,
  }),
  result: z.array(instanceSchema),
  notice: async (context, { count, agent, mode: said }, modifiers) => {
    const { settings } = context;
    const mode = chooseMode('launch instance', settings, { mode: said, modifiers });
    return launchNotice(context, { agent: agent ?? settings.agent, mode, count: count ?? settings.launch.count });
  },
  refuses: (standing, { count, agent, group, mode }, modifiers) => {
    const { state, settings } = standing;
    chooseMode('launch instance', settings, { mode, modifiers });
    checkLaunchable(standing, agent ?? settings.agent);
    checkLimit({ settings }, state, count ?? settings.launch.count);
    if (group !== undefined) groupFacts(state, group);
  },
  run: async (context, { count, agent, group, mode: said }, modifiers) => {
    const mode = chooseMode('launch instance', context.settings, { mode: said, modifiers });
    const prepared = { ...(await prepareLaunch(context, agent ?? context.settings.agent, mode)), group };
    const wanted = count ?? context.settings.launch.count;
    const facts = await context.decide((state) => launchFacts(context, state, prepared, wanted));
    const made = dataOf(facts, 'group.created').map(({ group_id }) => ` Created the group ${group_id}.`);
    const ids = dataOf(facts, 'instance.created').map(({ instance_id }) => instance_id);
    const state = await untilSettled(context, ids);
    return startOutcome(
      state,
      ids,
      `Launched ${plural(ids.length, 'instance')}: ${nameInstances(state, ids)}.${made.join('')}`,
    );
  },
});
