import { z } from 'zod';
import { type AppError, asSentence } from '../../lib/errors.ts';
import { withoutControls } from '../../lib/text.ts';
import { denied } from '../../protocol/errors.ts';
import type { Identity } from '../../protocol/frame.ts';
import { saidId, saidIds } from '../../protocol/say.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { activity, isAlive } from '../../state/moves.ts';
import { begunBefore, noteBegun } from '../begun.ts';
import type { Context, Outcome } from '../define.ts';
import { badParameter, perhapsDone, wrongState } from '../errors.ts';
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
const partlyTold = (outcome: Outcome, left: readonly string[], refusals: readonly AppError[]): Outcome =>
  refusals.length === 0
    ? outcome
    : {
        ...outcome,
        message: [outcome.message, ...refusals.map(({ message }) => asSentence(message))].join(' '),
        ...(left.length === 0 ? {} : { hint: `To tell those who were not: tell ${saidIds(left)} "…"` }),
        exit: 124,
      };

/** Rejects where an instance asks something, or was paused while it did: what is typed there is its answer. */
const assertAsksNothing = (one: Instance): void => {
  if (activity(one).kind !== 'waiting') return;
  const { instance_id: id, state } = one;
  const isPaused = state.kind === 'paused';
  throw wrongState({
    ...{ id, state: state.kind },
    wants: `what is typed now would be its answer${isPaused ? ' when it goes on' : ''}`,
    hint: isPaused
      ? `First say: resume instance ${saidId(id)}. Then answer it.`
      : `Approve or deny it, or say: answer ${saidId(id)} …`,
  });
};

/** Refuses to tell anybody where one of them cannot be told. */
export const assertAllListen = (listeners: readonly Instance[]): void => {
  const dead = listeners.find((one) => !isAlive(one.state.kind) || one.pane === null);
  if (dead)
    throw wrongState({
      id: dead.instance_id,
      state: dead.state.kind,
      wants: 'nobody listens there',
      hint: `First say: restart instance ${saidId(dead.instance_id)}`,
    });
  listeners.forEach(assertAsksNothing);
};

/** Those of the listeners who are told: an agent that names itself among others is not. */
export const othersThan = (reader: Identity | undefined, listeners: readonly Instance[]): readonly Instance[] =>
  listeners.filter((one) => reader?.role !== 'agent' || one.instance_id !== reader.name);

/** Who is to be told: nobody is where one of them cannot be. */
const listenersAmong = (context: Pick<Context, 'actor' | 'store'>, found: readonly Instance[]): readonly Instance[] => {
  const listeners = hearersFor(context, context.store.state, found);
  assertAllListen(listeners);
  return listeners;
};

type Telling = Pick<Context, 'actor' | 'store' | 'typeLine' | 'hasHeard' | 'decide' | 'earlier'>;

/**
 * Tells one of those that this very request had begun to tell, in the terminal that it had then, when its daemon died: what was
 * typed there is not typed again, and what cannot be known is not said.
 */
const tellAgain = async (
  { store, typeLine, hasHeard }: Telling,
  { id, pane, line }: { readonly id: string; readonly pane: string; readonly line: string },
): Promise<void> => {
  const now = store.state.instances[id];
  const hasHeardIt = now !== undefined && (await hasHeard(now));
  const listens = now !== undefined && now.pane === pane && isAlive(now.state.kind);
  if (!listens && !hasHeardIt) throw perhapsDone({ id, what: 'was told' });
  if (!hasHeardIt) assertAsksNothing(now!);
  if (listens && activity(now).kind !== 'waiting') await typeLine(now, line, true);
};

/** Types the text into each instance once, with Enter. A frozen instance reads it when it goes on. */
export const tellInstances = async (
  context: Telling,
  find: () => readonly Instance[],
  text: string,
): Promise<Outcome> => {
  const line = lineOf(context, text);
  const begun = begunBefore(context);
  const listeners = begun ? [] : listenersAmong(context, find());
  const panes = begun ?? new Map(listeners.map((one) => [one.instance_id, one.pane!]));
  await noteBegun(context, Object.fromEntries(panes));
  const tell = (id: string, pane: string): Promise<void> =>
    begun
      ? tellAgain(context, { id, pane, line })
      : context.typeLine(listeners.find((one) => one.instance_id === id)!, line);
  // That one cannot be told keeps nobody else from it.
  const made = await Promise.all([...panes].map(([id, pane]) => attempt(() => tell(id, pane))));
  const ids = [...panes.keys()];
  const delivered = ids.filter((_id, at) => made[at] === undefined);
  const refusals = made.filter((one) => one !== undefined);
  if (delivered.length === 0 && refusals[0]) throw refusals[0];
  const later = delivered.filter((id) => context.store.state.instances[id]?.state.kind === 'paused');
  const waits = `${later.join(', ')} ${later.length === 1 ? 'is paused and reads it when it goes' : 'are paused and read it when they go'} on.`;
  const outcome = {
    message: `Told ${delivered.join(', ')}.${later.length === 0 ? '' : ` ${waits}`}`,
    data: { delivered, ...(later.length === 0 ? {} : { later }) },
    sideEffects: delivered.map((id) => `typed into ${id}`),
  };
  const left = ids.filter((_id, at) => made[at] !== undefined && !perhapsDone.matches(made[at]));
  return partlyTold(outcome, left, refusals);
};
