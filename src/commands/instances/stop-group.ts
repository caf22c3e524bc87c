import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { groupIds, membersOf } from './group-members.ts';
import { NOTHING_RUNNING, stopInstances, stopLoss, stoppable, stoppedSchema } from './stop-and-remove.ts';

export const stopGroup = defineCommand({
  verb: 'stop',
  noun: 'group',
  summary: 'End the agents of a group; worktrees, branches and the group itself stay',
  example: 'stop group backend',
  role: 'operator',
  modifiers: ['graceful', 'force', 'keep-worktree'],
  aloud: ['graceful', 'keep-worktree'],
  target: 'required',
  reads: false,
  effects:
    'ends its agents and their tmux sessions; work in progress is committed unless forced; worktrees and branches stay',
  params: z.object({ id: groupIds }),
  result: z.array(stoppedSchema),
  loss: (state, { id }, modifiers) =>
    stopLoss(state, membersOf(state, id), { force: modifiers.includes('force'), all: true }),
  targets: (state, { id }) => stoppable(membersOf(state, id)).map((one) => one.instance_id),
  nothing: NOTHING_RUNNING,
  run: (context, { id }, modifiers) =>
    stopInstances(context, (state) => membersOf(state, id), { force: modifiers.includes('force'), remove: false }),
});
