import { createHash, randomUUID } from 'node:crypto';
import { isDenial } from '../../commands/dispatch.ts';
import type { Reply } from '../../ports/swarm.ts';
import type { RunFrame } from '../../protocol/frame.ts';
import type { AppEvent } from '../../state/index.ts';
import type { DaemonServices, Decide } from '../services.ts';
import { type Finished, keyOf, OF_REQUESTS, openEntries } from './request-entries.ts';

/** So many answers are kept whole; of older ones the exit code and the sentence are known. */
const WHOLE_ANSWERS = 100;

/**
 * The correlation id under which a request records its facts. That of a request that may be repeated follows from its id: so
 * the journal says by itself which requests were begun, and no fact has to be recorded for that.
 */
export const correlationOf = ({ id }: Pick<RunFrame, 'id'>): string => {
  if (id === '') return `${OF_REQUESTS}${randomUUID().slice(0, 8)}`;
  const isShort = /^[\w.-]{1,40}$/u.test(id);
  return `${OF_REQUESTS}${isShort ? id : createHash('sha256').update(id).digest('hex').slice(0, 16)}`;
};

/** What is known of a request that was made before: its answer, or what it recorded before a daemon died. */
type Earlier = { readonly reply: Reply } | { readonly recorded: readonly AppEvent[] };

/** The answer to a request, as far as it was recorded. */
export const asReply = ({ exit, message }: Finished, correlation: string): Reply => ({
  ...{ exit, message, hint: null, text: message, data: null },
  ...{ sideEffects: [], elapsedMs: 0, correlation, confirm: null },
});

/** Events that were recorded in one piece: one after the other, at one moment. */
const inPieces = (events: readonly AppEvent[]): AppEvent[][] => {
  const pieces: AppEvent[][] = [];
  for (const event of events) {
    const before = pieces.at(-1)?.at(-1);
    if (before && before.seq + 1 === event.seq && before.at === event.at) pieces.at(-1)!.push(event);
    else pieces.push([event]);
  }
  return pieces;
};

type Continued = {
  readonly decide: Decide;
  /** Whether the command has not come to the end of what it recorded. */
  readonly isBehind: () => boolean;
};

/**
 * Goes on with a request whose daemon died before it answered: what it has recorded it is given again instead of being
 * recorded twice, and what comes after that is recorded. Of several decisions that say by which facts they are known some may
 * not have been made, and none is taken for another one.
 */
const goOn = (decide: Decide, recorded: readonly AppEvent[]): Continued => {
  let pieces = inPieces(recorded);
  const takeOut = (which: (event: AppEvent) => boolean): readonly AppEvent[] => {
    const found = pieces.flat().filter(which);
    pieces = pieces.map((piece) => piece.filter((event) => !which(event))).filter((piece) => piece.length > 0);
    return found;
  };
  return {
    decide: async (facts, which) => {
      const known = which ? takeOut(which) : [];
      if (known.length > 0) return known;
      if (which || pieces.length === 0) return decide(facts);
      // It may keep what it chose from. What has happened already is not refused: only its end is new.
      const ends = await decide((state) => facts(state).filter(({ type }) => type === 'command.finished')).catch(
        () => [],
      );
      return ends.length > 0 ? ends : pieces.shift()!;
    },
    // That it was begun says nothing of what was done.
    isBehind: () => pieces.flat().some(({ type }) => type !== 'command.begun'),
  };
};

/**
 * Says of a request whose words are not true any more, because it has happened, that it has. What it was to wait for was not
 * waited for.
 */
const happenedReply = (recorded: readonly AppEvent[], { text, argv }: RunFrame, correlation: string): Reply => {
  const facts = [...new Set(recorded.map(({ type }) => type))].join(', ');
  const waits = /\bwait\b/u.test(text ?? (argv ?? []).join(' '));
  return asReply(
    waits
      ? {
          exit: 124,
          message: `It was begun before the daemon ended (${facts}) and goes on; nobody waited for its end.`,
        }
      : { exit: 0, message: `It was carried out before the daemon ended: ${facts}.` },
    correlation,
  );
};

type Request = { readonly actor: string; readonly frame: RunFrame; readonly decide: Decide };
type CarryOut = (open: Pick<Request, 'frame' | 'decide'> & { readonly earlier: readonly AppEvent[] }) => Promise<Reply>;

/** Goes on with a request behind what it has recorded. */
const continueRequest = async (
  { actor, frame, decide }: Request,
  recorded: readonly AppEvent[],
  carryOut: CarryOut,
): Promise<Reply> => {
  const again = goOn(decide, recorded);
  // What was begun had been confirmed, maybe to a daemon whose questions nobody can check any more.
  const reply = await carryOut({ frame: { ...frame, yes: true }, decide: again.decide, earlier: recorded });
  // Who is taken for another by now, and has fewer rights, neither ends it nor hears of it.
  if (isDenial(reply) && recorded.some(({ actor: by }) => by !== actor)) return reply;
  return again.isBehind() && reply.exit !== 0 ? happenedReply(recorded, frame, reply.correlation) : reply;
};

/**
 * Gives each request one answer. One that was made before gets the answer of then; one whose daemon died before it answered
 * is gone on with.
 */
export const openRequestMemory = (
  services: DaemonServices,
): ((request: Request, carryOut: CarryOut) => Promise<Reply>) => {
  const { store } = services;
  const entries = openEntries(services);
  const whole = new Map<string, Reply>();

  const find = async (key: string, { actor, frame }: Request): Promise<Earlier | undefined> => {
    const reply = whole.get(key);
    if (reply) return { reply };
    const entry = await entries.find({ actor, corr: correlationOf(frame) }, frame);
    // The state may know of one whose journal is gone.
    const kept = entry ? undefined : store.state.swarm.commands.find(({ id }) => id === frame.id);
    const finished = kept ? { exit: kept.exit as Reply['exit'], message: kept.message } : entry?.finished;
    if (finished) return { reply: asReply(finished, correlationOf(frame)) };
    return entry && entry.facts.length > 0 ? { recorded: entry.facts } : undefined;
  };
  const keep = (key: string, reply: Reply): void => {
    // What recorded nothing changed nothing: it may be asked again.
    if (!entries.finish(key, reply)) return;
    whole.set(key, reply);
    for (const oldest of whole.keys()) {
      if (whole.size <= WHOLE_ANSWERS) break;
      whole.delete(oldest);
    }
  };

  return async (request, carryOut) => {
    if (request.frame.id === '') return carryOut({ ...request, earlier: [] });
    const key = keyOf(request.actor, correlationOf(request.frame));
    const earlier = await find(key, request);
    if (earlier && 'reply' in earlier) return earlier.reply;
    const reply = await (earlier
      ? continueRequest(request, earlier.recorded, carryOut)
      : carryOut({ ...request, earlier: [] }));
    if (!earlier || !isDenial(reply)) keep(key, reply);
    return reply;
  };
};
