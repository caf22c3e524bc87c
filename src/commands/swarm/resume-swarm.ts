import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { fateSchema, fateWords, resumeInstances } from '../instances/pause-and-resume.ts';

export const resumeSwarm = defineCommand({
  verb: 'resume',
  noun: 'swarm',
  summary: 'Let all paused agents go on, and tasks start again',
  example: 'resume swarm',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'lets tasks start again, and all agents go on',
  params: z.object({ scope: z.literal('all').optional() }),
  result: z.object({ paused: z.literal(false), instances: z.array(fateSchema) }),
  run: async (context) => {
    const { paused } = context.store.state.swarm;
    const fates = await resumeInstances(context, {
      choose: (state) => Object.values(state.instances).filter((one) => one.hold !== null),
      also: (state) => (state.swarm.paused ? [{ type: 'swarm.resumed', data: {} }] : []),
    });
    const swarm = paused ? 'Tasks start again.' : 'The swarm was not paused.';
    return {
      message: `${swarm} ${fateWords(fates, 'instance')}`.trim(),
      data: { paused: false, instances: fates },
      sideEffects: fates.filter(({ outcome }) => outcome === 'resumed').map(({ id }) => `${id} goes on`),
    };
  },
});
