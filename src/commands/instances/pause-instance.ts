import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { instanceParams, selectInstances } from '../selection.ts';
import { fateSchema, outcomeOf, pausable, pauseInstances, pauseLoss } from './pause-and-resume.ts';

const RESTART = 'To start one again: restart instance ID. To see all: list instances.';

export const pauseInstance = defineCommand({
  verb: 'pause',
  noun: 'instance',
  summary: 'Freeze agents with everything they run; they keep task, worktree and conversation, and cost no CPU',
  example: 'pause instance rehearsal-3',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'freezes every process of the agents',
  params: z.object(instanceParams),
  result: z.array(fateSchema),
  loss: (state, params) => pauseLoss(selectInstances(state, params)),
  run: async (context, params) => {
    const fates = await pauseInstances(context, {
      choose: (state) => pausable(selectInstances(state, params), params.id !== undefined),
    });
    return outcomeOf(fates, 'instance', RESTART);
  },
});
