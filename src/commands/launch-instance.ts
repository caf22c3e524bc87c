import { z } from 'zod';
import { defineCommand } from './define.ts';
import { dataOf } from './facts.ts';
import { launchFacts, prepareLaunch, settled, started } from './launching.ts';
import { named, plural } from './wording.ts';

export const launchInstance = defineCommand({
  verb: 'launch',
  noun: 'instance',
  summary: 'Start agents, each in a worktree, branch and tmux session of its own',
  example: 'launch 3 instances agent=rehearsal',
  role: 'operator',
  modifiers: [],
  later: { modifiers: ['beast-mode', 'safe-mode', 'review-mode', 'tdd-mode'], parameters: ['mode', 'group', 'on'] },
  target: 'none',
  reads: false,
  params: z.object({
    count: z.coerce.number().int().min(1).default(1).describe('How many'),
    agent: z.string().optional().describe('Which agent; the default is set in the configuration'),
  }),
  run: async (context, { count, agent }) => {
    const prepared = await prepareLaunch(context, agent ?? context.settings.agent);
    const facts = await context.decide((state) => launchFacts(context, state, prepared, count));
    const ids = dataOf(facts, 'instance.created').map(({ instance_id }) => instance_id);
    const state = await settled(context, ids);
    return started(state, ids, `Launched ${plural(ids.length, 'instance')}: ${named(state, ids)}.`);
  },
});
