import { z } from 'zod';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { assertNoneHalfDone, fateOf } from '../git/worktree-use.ts';
import { instanceParams, requireSome, selectInstances } from '../selection.ts';
import { stopInstances, stoppedSchema, unfinishedText } from './stop-and-remove.ts';

export const removeInstance = defineCommand({
  verb: 'remove',
  noun: 'instance',
  summary: 'Stop agents and take their worktrees away; commits are kept on branches and archive refs',
  example: 'remove instance rehearsal-3',
  role: 'operator',
  modifiers: ['force'],
  target: 'required',
  reads: false,
  effects: 'ends the agents, archives what is not committed, moves their worktrees into the trash; branches stay',
  params: z.object(instanceParams),
  result: z.array(stoppedSchema),
  asks: async ({ git, store, settings }, params) => {
    const found = requireSome(selectInstances(store.state, params), 'instance', params);
    await assertNoneHalfDone({ git, store }, found);
    const targets = found.map((one) => one.instance_id);
    const runs = unfinishedText(store.state, found);
    const ends = runs === '' ? '' : `: ${runs}`;
    const loses = `This ends ${plural(targets.length, 'instance')} (${targets.join(', ')}) and takes their worktrees away${ends}; uncommitted work is committed first and kept under refs/drover/archive, what git ignores ${fateOf(settings)}.`;
    return { targets, loses };
  },
  foresees: () => 'asks',
  run: (context, params, modifiers) =>
    stopInstances(context, (state) => selectInstances(state, params), {
      force: modifiers.includes('force'),
      remove: true,
    }),
});
