import { z } from 'zod';
import { saidId, saidIds } from '../../protocol/say.ts';
import { type AppError, asSentence } from '../../lib/errors.ts';
import { withoutControls } from '../../lib/text.ts';
import { denied } from '../../protocol/errors.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive } from '../../state/moves.ts';
import type { Context, Outcome } from '../define.ts';
import { badParameter, wrongState } from '../errors.ts';
import { attempt } from '../one-by-one.ts';

export const toldSchema = z.object({
  delivered: z.array(z.string()),
  later: z.array(z.string()).optional().describe('Paused ones: they read it when they go on'),
});

/** The instances that a message may go to: for an agent only others of its own group; naming another one is refused. */
const hearersFor = (
  { actor }: Pick<Context, 'actor'>,
  state: State,
  found: readonly Instance[],
): readonly Instance[] => {
  if (actor.role !== 'agent') return found;
  const group = state.instances[actor.instance ?? '']?.group ?? null;
  const other = found.find((one) => one.instance_id !== actor.instance && (group === null || one.group !== group));
  const others = found.filter((one) => one.instance_id !== actor.instance);
  if (other || others.length === 0)
    throw denied({
      actor: actor.name,
      command: `tell ${other?.instance_id ?? actor.name}`,
      needs: 'An agent speaks to the others of its own group only.',
    });
  return others;
};

/** The message as one line without control characters, marked as such when an agent says it. */
const lineOf = ({ actor }: Pick<Context, 'actor'>, text: string): string => {
  const line = withoutControls(text).replaceAll('\n', ' ').trim();
  if (line === '') throw badParameter({ command: 'tell instance', key: 'text', issue: 'there is nothing to say' });
  return actor.role === 'agent' ? `${actor.name} says: ${line}` : line;
};

/** The same answer where not all were told: who was, why the others were not, and how they are without telling all again. */
const partlyTold = (outcome: Outcome, left: readonly Instance[], refusals: readonly AppError[]): Outcome =>
  refusals.length === 0
    ? outcome
    : {
        ...outcome,
        message: [outcome.message, ...refusals.map(({ message }) => asSentence(message))].join(' '),
        hint: `To tell those who were not: tell ${saidIds(left.map((one) => one.instance_id))} "…"`,
        exit: 124,
      };

/** Types the text into each instance once, with Enter. A frozen instance reads it when it goes on. */
export const tellInstances = async (
  context: Pick<Context, 'actor' | 'store' | 'typeLine'>,
  found: readonly Instance[],
  text: string,
): Promise<Outcome> => {
  const { state } = context.store;
  const line = lineOf(context, text);
  const listeners = hearersFor(context, state, found);
  const dead = listeners.find((one) => !isAlive(one.state.kind) || one.pane === null);
  if (dead)
    throw wrongState({
      id: dead.instance_id,
      state: dead.state.kind,
      wants: 'nobody listens there',
      hint: `Say "restart instance ${saidId(dead.instance_id)}" first.`,
    });
  const asking = listeners.find((one) => one.state.kind === 'waiting');
  if (asking)
    throw wrongState({
      id: asking.instance_id,
      state: asking.state.kind,
      wants: 'what is typed now would be its answer',
      hint: `Say "answer ${saidId(asking.instance_id)} …", or approve or deny it.`,
    });
  // That one cannot be told keeps nobody else from it.
  const made = await Promise.all(listeners.map((one) => attempt(() => context.typeLine(one, line))));
  const told = listeners.filter((_one, at) => made[at] === undefined);
  const refusals = made.filter((one) => one !== undefined);
  if (told.length === 0 && refusals[0]) throw refusals[0];
  const delivered = told.map((one) => one.instance_id);
  const later = told.filter((one) => one.state.kind === 'paused').map((one) => one.instance_id);
  const waits = `${later.join(', ')} ${later.length === 1 ? 'is paused and reads it when it goes' : 'are paused and read it when they go'} on.`;
  const outcome = {
    message: `Told ${delivered.join(', ')}.${later.length === 0 ? '' : ` ${waits}`}`,
    data: { delivered, ...(later.length === 0 ? {} : { later }) },
    sideEffects: delivered.map((id) => `typed into ${id}`),
  };
  const left = listeners.filter((one) => !told.includes(one));
  return partlyTold(outcome, left, refusals);
};
