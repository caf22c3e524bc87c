import { z } from 'zod';
import { foretoldNames } from '../../lib/names.ts';
import type { State } from '../../state/index.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import {
  changedBy,
  type Fate,
  fateSchema,
  fateWords,
  pausable,
  pauseInstances,
  pauseLoss,
  pauseOf,
} from '../instances/pause-and-resume.ts';

const fatesIn = (state: State): readonly Fate[] => pausable(Object.values(state.instances), false).map(pauseOf);

const ALREADY = 'The swarm is paused already.';

export const pauseSwarm = defineCommand({
  verb: 'pause',
  noun: 'swarm',
  summary: 'Freeze all agents and hand nothing out until the swarm is resumed',
  example: 'pause swarm',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'hands nothing out any more and freezes every process of all agents',
  params: z.object({ scope: z.literal('all').optional() }),
  result: z.object({ paused: z.literal(true), instances: z.array(fateSchema) }),
  loss: (state) => pauseLoss(Object.values(state.instances)),
  foretells: ({ state }) => {
    const ids = changedBy(fatesIn(state));
    const parts = [
      ...(state.swarm.paused ? [] : ['keeps tasks from starting']),
      ...(ids.length === 0 ? [] : [`freezes ${plural(ids.length, 'agent')}: ${foretoldNames(ids)}`]),
    ];
    return parts.join(', and ');
  },
  nothing: ({ state }) => {
    const fates = fatesIn(state);
    const isChange = !state.swarm.paused || changedBy(fates).length > 0;
    return isChange ? undefined : `${ALREADY} ${fateWords(fates, 'instance')}`.trim();
  },
  run: async (context) => {
    const { paused } = context.store.state.swarm;
    const fates = await pauseInstances(context, {
      choose: (state) => pausable(Object.values(state.instances), false),
      also: (state) => (state.swarm.paused ? [] : [{ type: 'swarm.paused', data: {} }]),
    });
    const swarm = paused ? ALREADY : 'The swarm is paused: no task starts.';
    const failed = fates.some(({ outcome }) => outcome === 'failed');
    return {
      message: `${swarm} ${fateWords(fates, 'instance')}`.trim(),
      data: { paused: true, instances: fates },
      sideEffects: fates.filter(({ outcome }) => outcome === 'paused').map(({ id }) => `${id} is paused`),
      ...(failed ? { exit: 1 } : {}),
    };
  },
});
