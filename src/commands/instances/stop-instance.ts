import { z } from 'zod';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isPresent } from '../../state/moves.ts';
import { defineCommand } from '../define.ts';
import { noneAtWork } from '../errors.ts';
import { instanceParams, requireSome, selectInstances, type Targets } from '../selection.ts';
import { NOTHING_RUNNING, stopInstances, stopLoss, stoppable, stoppedSchema } from './stop-and-remove.ts';

const AT_WORK: readonly string[] = ['running', 'active'];

/** Those that are at work no more, or not yet, and live all the same: `2 are idle, 1 is paused`. */
const othersText = (state: State): string => {
  const kinds = Object.values(state.instances).flatMap(({ state: { kind } }) => (isPresent(kind) ? [kind] : []));
  return [...new Set(kinds)]
    .map((kind) => {
      const count = kinds.filter((one) => one === kind).length;
      return `${count} ${count === 1 ? 'is' : 'are'} ${kind}`;
    })
    .join(', ');
};

/** The instances that are meant; where those at work are and none is, it says who is there. */
const meant = (state: State, targets: Targets): readonly Instance[] => {
  const found = selectInstances(state, targets);
  const isOfWork = targets.state?.every((word) => AT_WORK.includes(word)) ?? false;
  const isOfAll = targets.id === undefined && targets.group === undefined && targets.except === undefined;
  const others = othersText(state);
  if (found.length === 0 && isOfWork && isOfAll && others !== '') throw noneAtWork({ others });
  return requireSome(found, 'instance', targets);
};

export const stopInstance = defineCommand({
  verb: 'stop',
  noun: 'instance',
  summary: 'End agents: gracefully (work in progress is committed) or by force; worktrees and branches stay',
  example: 'stop instance rehearsal-3 graceful',
  role: 'operator',
  modifiers: ['graceful', 'force', 'keep-worktree'],
  aloud: ['graceful', 'keep-worktree'],
  later: { parameters: ['on'] },
  target: 'required',
  reads: false,
  effects:
    'ends the agents and their tmux sessions; work in progress is committed unless forced; worktrees and branches stay',
  params: z.object(instanceParams),
  result: z.array(stoppedSchema),
  loss: (state, params, modifiers) =>
    stopLoss(state, meant(state, params), {
      force: modifiers.includes('force'),
      all: params.scope === 'all' && params.state === undefined,
    }),
  targets: (state, params) => stoppable(meant(state, params)).map((one) => one.instance_id),
  nothing: NOTHING_RUNNING,
  run: (context, params, modifiers) =>
    stopInstances(context, (state) => selectInstances(state, params), {
      force: modifiers.includes('force'),
      remove: false,
    }),
});
