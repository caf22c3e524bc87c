import { z } from 'zod';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { defineCommand } from '../define.ts';
import { instanceParams, selectInstances, type Targets } from '../selection.ts';
import { bringBackLoss } from './lost-instances.ts';
import {
  fateSchema,
  foretold,
  outcomeOf,
  resumable,
  resumeInstances,
  resumesOf,
  stillPausedText,
} from './pause-and-resume.ts';

const RESTART =
  'What was stopped is started by: restart instance ID; all of them, as after "drover down": restart all instances.';

const chosen = (state: State, params: Targets): readonly Instance[] =>
  resumable(selectInstances(state, params), params.id !== undefined);

export const resumeInstance = defineCommand({
  verb: 'resume',
  noun: 'instance',
  summary: 'Let agents go on where they were: paused ones, and those that were lost or have failed',
  example: 'resume instance rehearsal-3',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects:
    'lets the processes of paused agents go on, and starts lost and failed ones again with their conversations and tasks',
  params: z.object(instanceParams),
  result: z.array(fateSchema),
  loss: (state, params) => bringBackLoss(selectInstances(state, params)),
  ...foretold<Targets>({
    fatesOf: ({ state, settings }, params) => resumesOf({ settings }, state, chosen(state, params)),
    noun: 'instance',
    hintFor: () => RESTART,
    adds: stillPausedText,
  }),
  run: async (context, params) => {
    const fates = await resumeInstances(context, { choose: (state) => chosen(state, params) });
    const answer = outcomeOf(fates, 'instance', RESTART);
    return { ...answer, message: `${answer.message}${stillPausedText(context.store.state)}` };
  },
});
