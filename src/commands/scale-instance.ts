import { z } from 'zod';
import type { State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { isBusy } from '../state/moves.ts';
import { defineCommand } from './define.ts';
import { dataOf } from './facts.ts';
import { launchFacts, prepareLaunch, presentIn, settled, started } from './launching.ts';
import { stopLoss, stopThem } from './stopping.ts';
import { named, plural } from './wording.ts';

const params = z.object({
  op: z.enum(['set', 'up', 'down']).default('set').describe('set the total, or add, or take away'),
  count: z.coerce.number().int().min(0).describe('How many'),
  agent: z.string().optional().describe('Which agent new ones run'),
});

const wanted = (now: number, { op, count }: z.infer<typeof params>): number =>
  op === 'set' ? count : op === 'up' ? now + count : Math.max(0, now - count);

/** Idle ones go first, then the youngest. */
const surplus = (state: State, total: number): Instance[] =>
  presentIn(state)
    .toReversed()
    .toSorted((a, b) => Number(isBusy(a.state.kind)) - Number(isBusy(b.state.kind)))
    .slice(0, Math.max(0, presentIn(state).length - total));

export const scaleInstance = defineCommand({
  verb: 'scale',
  noun: 'instance',
  summary: 'Change how many instances there are: idle ones are stopped first',
  example: 'scale up instances 3',
  role: 'operator',
  modifiers: ['force'],
  later: { parameters: ['group', 'on'] },
  target: 'none',
  reads: false,
  params,
  loss: (state, input, modifiers) =>
    stopLoss(state, surplus(state, wanted(presentIn(state).length, input)), { force: modifiers.includes('force') }),
  run: async (context, input, modifiers) => {
    const before = presentIn(context.store.state).length;
    const total = wanted(before, input);
    if (total === before) return { message: `There are ${plural(before, 'instance')} already.`, data: [] };
    if (total < before) {
      const force = modifiers.includes('force');
      const running = surplus(context.store.state, total).flatMap((one) => one.task_assignments);
      const stopped = await stopThem(context, (state) => surplus(state, total), { force, remove: false });
      // Fewer instances do the same work: what these were at goes on with the others.
      await context.decide((state) => {
        const ids = running.filter((id) => state.tasks[id]?.state === 'open' && !state.tasks[id].requested);
        return ids.length === 0 ? [] : [{ type: 'task.requested', data: { ids } }];
      });
      return { ...stopped, message: `Instances ${before} → ${total}. ${stopped.message}` };
    }
    const prepared = await prepareLaunch(context, input.agent ?? context.settings.agent);
    const facts = await context.decide((state) => {
      const now = presentIn(state).length;
      return launchFacts(context, state, prepared, Math.max(0, wanted(now, input) - now));
    });
    const ids = dataOf(facts, 'instance.created').map(({ instance_id }) => instance_id);
    const state = await settled(context, ids);
    return started(
      state,
      ids,
      `Instances ${before} → ${before + ids.length}: ${plural(ids.length, 'new one')} (${named(state, ids)}).`,
    );
  },
});
