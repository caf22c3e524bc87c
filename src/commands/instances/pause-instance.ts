import { z } from 'zod';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { defineCommand } from '../define.ts';
import { instanceParams, selectInstances, type Targets } from '../selection.ts';
import { fateSchema, foretold, outcomeOf, pausable, pauseInstances, pauseLoss, pauseOf } from './pause-and-resume.ts';

const RESTART = 'To start one again: restart instance ID. To see all: list instances.';

const chosen = (state: State, params: Targets): readonly Instance[] =>
  pausable(selectInstances(state, params), params.id !== undefined);

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
  ...foretold<Targets>({
    fatesOf: ({ state }, params) => chosen(state, params).map(pauseOf),
    noun: 'instance',
    hintFor: () => RESTART,
  }),
  run: async (context, params) => {
    const fates = await pauseInstances(context, { choose: (state) => chosen(state, params) });
    return outcomeOf(fates, 'instance', RESTART);
  },
});
