import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { instanceParams, requireSome, selectInstances } from '../selection.ts';
import { NOTHING_RUNNING, stopInstances, stopLoss, stoppable, stoppedSchema } from './stop-and-remove.ts';

export const stopInstance = defineCommand({
  verb: 'stop',
  noun: 'instance',
  summary: 'End agents: gracefully (work in progress is committed) or by force; worktrees and branches stay',
  example: 'stop instance rehearsal-3 graceful',
  role: 'operator',
  modifiers: ['graceful', 'force', 'keep-worktree'],
  later: { parameters: ['on'] },
  target: 'required',
  reads: false,
  effects:
    'ends the agents and their tmux sessions; work in progress is committed unless forced; worktrees and branches stay',
  params: z.object(instanceParams),
  result: z.array(stoppedSchema),
  loss: (state, params, modifiers) =>
    stopLoss(state, requireSome(selectInstances(state, params), 'instance', params), {
      force: modifiers.includes('force'),
      all: params.scope === 'all' && params.state === undefined,
    }),
  targets: (state, params) =>
    stoppable(requireSome(selectInstances(state, params), 'instance', params)).map((one) => one.instance_id),
  nothing: NOTHING_RUNNING,
  run: (context, params, modifiers) =>
    stopInstances(context, (state) => selectInstances(state, params), {
      force: modifiers.includes('force'),
      remove: false,
    }),
});
