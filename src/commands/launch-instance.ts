import { z } from 'zod';
import { defineCommand } from './define.ts';
import { idsOf, launchFacts, named, plural, prepareLaunch, settled } from './launching.ts';

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
    count: z.coerce.number().int().min(1).max(100).default(1).describe('How many'),
    agent: z.string().optional().describe('Which agent; the default is set in the configuration'),
  }),
  run: async (context, { count, agent }) => {
    const prepared = await prepareLaunch(context, agent ?? context.settings.agent);
    const ids = idsOf(await context.decide((state) => launchFacts(context, state, prepared, count)));
    const state = await settled(context, ids);
    const instances = ids.map((id) => state.instances[id]!);
    const failed = instances.filter((one) => one.state.kind === 'failed' || one.state.kind === 'lost');
    const sideEffects = instances.flatMap((one) => [
      `worktree ${one.workspace_path}`,
      `branch ${one.branch_name}`,
      `session ${one.session}`,
    ]);
    if (failed.length > 0) {
      const why = failed.map((one) => `${one.instance_id}: ${one.state.evidence ?? 'failed'}`).join('; ');
      return {
        message: `${plural(failed.length, 'instance')} did not start: ${why}`,
        data: instances,
        sideEffects,
        exit: 1,
      };
    }
    return { message: `Launched ${plural(count, 'instance')}: ${named(state, ids)}.`, data: instances, sideEffects };
  },
});
