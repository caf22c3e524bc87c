import { z } from 'zod';
import type { State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { isBusy, isPresent } from '../state/moves.ts';
import { defineCommand } from './define.ts';
import { idsOf, launchFacts, plural, prepareLaunch, settled } from './launching.ts';
import { stopLoss, stopThem } from './stopping.ts';

const params = z.object({
  op: z.enum(['set', 'up', 'down']).default('set').describe('set the total, or add, or take away'),
  count: z.coerce.number().int().min(0).max(100).describe('How many'),
  agent: z.string().optional().describe('Which agent new ones run'),
});

const present = (state: State): Instance[] => Object.values(state.instances).filter((one) => isPresent(one.state.kind));

const wanted = (now: number, { op, count }: z.infer<typeof params>): number =>
  op === 'set' ? count : op === 'up' ? now + count : Math.max(0, now - count);

/** Idle ones go first, then the youngest. */
const surplus = (state: State, total: number): Instance[] =>
  present(state)
    .toReversed()
    .toSorted((a, b) => Number(isBusy(a.state.kind)) - Number(isBusy(b.state.kind)))
    .slice(0, Math.max(0, present(state).length - total));

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
  loss: (state, input) => stopLoss(surplus(state, wanted(present(state).length, input)), { force: false }),
  run: async (context, input, modifiers) => {
    const before = present(context.store.state).length;
    const total = wanted(before, input);
    if (total < before) {
      const stopped = await stopThem(context, (state) => surplus(state, total), {
        force: modifiers.includes('force'),
        remove: false,
      });
      return { ...stopped, message: `Instances ${before} → ${total}. ${stopped.message}` };
    }
    const prepared = await prepareLaunch(context, input.agent ?? context.settings.agent);
    const ids = idsOf(
      await context.decide((state) =>
        launchFacts(
          context,
          state,
          prepared,
          Math.max(0, wanted(present(state).length, input) - present(state).length),
        ),
      ),
    );
    const state = await settled(context, ids);
    const instances = ids.map((id) => state.instances[id]!);
    const sideEffects = instances.flatMap((one) => [
      `worktree ${one.workspace_path}`,
      `branch ${one.branch_name}`,
      `session ${one.session}`,
    ]);
    return {
      message: `Instances ${before} → ${before + ids.length}: ${plural(ids.length, 'new one')}${ids.length > 0 ? ` (${ids.join(', ')})` : ''}.`,
      data: instances,
      sideEffects,
    };
  },
});
