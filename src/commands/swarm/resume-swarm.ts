import { z } from 'zod';
import { foretoldNames } from '../../lib/names.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { fateSchema, fateWords, resumeInstances } from '../instances/pause-and-resume.ts';

const heldIn = (state: State): readonly Instance[] => Object.values(state.instances).filter((one) => one.hold !== null);

const NOT_PAUSED = 'The swarm was not paused.';

export const resumeSwarm = defineCommand({
  verb: 'resume',
  noun: 'swarm',
  summary: 'Let tasks start again, and all paused agents go on, those too that were paused one by one',
  example: 'resume swarm',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'lets tasks start again, and all paused agents go on, whoever paused them',
  params: z.object({ scope: z.literal('all').optional() }),
  result: z.object({ paused: z.literal(false), instances: z.array(fateSchema) }),
  nothing: ({ state }) => (state.swarm.paused || heldIn(state).length > 0 ? undefined : NOT_PAUSED),
  foretells: ({ state }) => {
    const ids = heldIn(state).map((one) => one.instance_id);
    const agents = `${plural(ids.length, 'paused agent')} go on: ${foretoldNames(ids)}`;
    const parts = [...(state.swarm.paused ? ['tasks start again'] : []), ...(ids.length > 0 ? [agents] : [])];
    return `lets ${parts.join(', and ')}${state.swarm.paused ? '' : '; the swarm itself is not paused'}`;
  },
  run: async (context) => {
    const { paused } = context.store.state.swarm;
    const fates = await resumeInstances(context, {
      choose: heldIn,
      also: (state) => (state.swarm.paused ? [{ type: 'swarm.resumed', data: {} }] : []),
    });
    const swarm = paused ? 'Tasks start again.' : NOT_PAUSED;
    return {
      message: `${swarm} ${fateWords(fates, 'instance')}`.trim(),
      data: { paused: false, instances: fates },
      sideEffects: fates.filter(({ outcome }) => outcome === 'resumed').map(({ id }) => `${id} goes on`),
    };
  },
});
