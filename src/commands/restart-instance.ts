import { z } from 'zod';
import { mayMove } from '../state/moves.ts';
import { defineCommand } from './define.ts';
import { wrongState } from './errors.ts';
import { named, plural, settled } from './launching.ts';
import { selectInstances, some, targetParams } from './selection.ts';

export const restartInstance = defineCommand({
  verb: 'restart',
  noun: 'instance',
  summary: 'Start the agent’s program again in the same worktree; it goes on with its conversation unless fresh',
  example: 'restart instance rehearsal-3',
  role: 'operator',
  modifiers: ['fresh', 'force'],
  target: 'required',
  reads: false,
  params: z.object(targetParams),
  loss: (state, params) => {
    const found = some(selectInstances(state, params), 'instance', params);
    const busy = found.filter((one) => one.task_assignments.length > 0 && one.state.kind !== 'failed');
    if (busy.length === 0 && found.length === 1) return undefined;
    const targets = found.map((one) => one.instance_id);
    return {
      targets,
      loses: `This starts ${plural(targets.length, 'instance')} again (${targets.join(', ')}); ${plural(busy.length, 'run')} in progress ${busy.length === 1 ? 'is' : 'are'} interrupted.`,
    };
  },
  run: async (context, params, modifiers) => {
    const facts = await context.decide((state) =>
      selectInstances(state, params).map((one) => {
        if (!mayMove(one.state.kind, 'creating'))
          throw wrongState({
            id: one.instance_id,
            state: one.state.kind,
            wants: 'it cannot be restarted now',
            hint: 'Wait until it has stopped or started.',
          });
        return {
          type: 'instance.restart_requested',
          data: { instance_id: one.instance_id, fresh: modifiers.includes('fresh') },
        };
      }),
    );
    const ids = facts.map((fact) => (fact.data as { instance_id: string }).instance_id);
    const state = await settled(context, ids);
    const failed = ids.filter((id) => state.instances[id]?.state.kind === 'failed');
    if (failed.length > 0) return { message: `${failed.join(', ')} did not start again.`, data: failed, exit: 1 };
    return {
      message: `Restarted ${plural(ids.length, 'instance')}: ${named(state, ids)}.`,
      data: ids.map((id) => state.instances[id]),
    };
  },
});
