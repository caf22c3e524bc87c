import { z } from 'zod';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { instanceParams, requireSome, selectInstances } from '../selection.ts';
import { stopInstances, stoppedSchema } from './stop-and-remove.ts';

export const removeInstance = defineCommand({
  verb: 'remove',
  noun: 'instance',
  summary: 'Stop agents and delete their worktrees; commits are kept on branches and archive refs',
  example: 'remove instance rehearsal-3',
  role: 'operator',
  modifiers: ['force'],
  target: 'required',
  reads: false,
  effects: 'ends the agents, archives what is not committed, deletes their worktrees; branches stay',
  params: z.object(instanceParams),
  result: z.array(stoppedSchema),
  loss: (state, params) => {
    const found = requireSome(selectInstances(state, params), 'instance', params);
    const targets = found.map((one) => one.instance_id);
    const loses = `This ends ${plural(targets.length, 'instance')} (${targets.join(', ')}) and deletes the worktrees; uncommitted work is committed first and kept under refs/drover/archive, ignored files are lost.`;
    return { targets, loses };
  },
  run: (context, params, modifiers) =>
    stopInstances(context, (state) => selectInstances(state, params), {
      force: modifiers.includes('force'),
      remove: true,
    }),
});
