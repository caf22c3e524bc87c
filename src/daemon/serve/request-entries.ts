import type { Reply } from '../../ports/swarm.ts';
import { decodeEvent } from '../../state/decode.ts';
import type { AppEvent } from '../../state/index.ts';
import { CLIENTS } from '../../state/actors.ts';
import type { Recorded } from '../../state/store/history.ts';
import type { DaemonServices } from '../services.ts';

/** Requests are known by heart for so long, in milliseconds; one that was said before that is looked for in the journal. */
const MEMORY_MS = 3_600_000;
/** So far the time at which a request was said, by the clock of its client, may be from that of its first fact, in milliseconds. */
const CLOCKS_MS = 600_000;
/** What is older is forgotten this often, in milliseconds. */
const FORGET_EVERY_MS = 600_000;

/** How the correlation id of what a request records begins. */
export const OF_REQUESTS = 'c-';

/** How a request ended that was made before. */
export type Finished = Pick<Reply, 'exit' | 'message'>;

type Entry = {
  /** When it was heard of last, in milliseconds since 1970. */
  at: number;
  finished: Finished | undefined;
  /** What it recorded, as long as its end is not known. */
  facts: AppEvent[];
  /** What stands of it in the journal and was not decoded yet, because nobody asked for it. */
  lines: string[];
};

/**
 * By which a request is known. A program that is no agent's goes by its own name or is unknown, as this machine shows it to a
 * daemon: where the clock was set meanwhile the next one may judge otherwise, and it is still the same who asks.
 */
export const keyOf = (actor: string, correlation: string): string =>
  `${actor === 'unknown' || CLIENTS.includes(actor) ? 'here' : actor} ${correlation}`;

const newEntry = (): Entry => ({ at: 0, finished: undefined, facts: [], lines: [] });

const take = (entry: Entry, event: AppEvent): void => {
  if (event.type === 'command.finished') {
    const { exit, message } = event.data;
    entry.finished = { exit: exit as Reply['exit'], message };
    entry.facts = [];
  } else if (!entry.finished) entry.facts.push(event);
};

/** What becomes known of requests, from the journal on and over the deaths of daemons. */
export const openEntries = ({ store, now, log }: Pick<DaemonServices, 'store' | 'now' | 'log'>) => {
  const entries = new Map<string, Entry>();
  let forgotAt = Date.parse(now());

  const forgetOld = (at: number): void => {
    if (at - forgotAt < FORGET_EVERY_MS) return;
    forgotAt = at;
    for (const [key, entry] of entries) if (at - entry.at > MEMORY_MS) entries.delete(key);
  };
  const entryFor = ({ actor, corr, at }: Pick<AppEvent, 'actor' | 'corr' | 'at'>): Entry => {
    const key = keyOf(actor, corr);
    const entry = entries.get(key) ?? newEntry();
    entry.at = Date.parse(at);
    entries.set(key, entry);
    return entry;
  };
  /** Takes what stands of it in the journal, if nobody has asked for it before. */
  const decoded = (entry: Entry): Entry => {
    for (const line of entry.lines.splice(0)) take(entry, decodeEvent(line));
    return entry;
  };
  const note = (event: AppEvent): void => {
    if (!event.corr.startsWith(OF_REQUESTS)) return;
    take(decoded(entryFor(event)), event);
    forgetOld(Date.parse(event.at));
  };
  const noteRecorded = (one: Recorded): void => {
    if (!one.corr.startsWith(OF_REQUESTS)) return;
    const entry = entryFor(one);
    // Its end is all that matters of one that has ended.
    if (one.type === 'command.finished') entry.lines = [one.line];
    else entry.lines.push(one.line);
  };
  store.subscribe((events) => events.forEach(note));
  const since = Date.parse(now()) - MEMORY_MS;
  const until = store.state.seq;
  const wanted = { since, until, having: `"corr":"${OF_REQUESTS}` };
  // The start of a daemon does not wait for it; a request does, which might be one of them.
  const isRead = store.linesSince(wanted).then(
    (lines) => lines.forEach(noteRecorded),
    (error: unknown) => log(`earlier requests could not be read: ${(error as Error).message}`),
  );

  /** Takes what a daemon before this one recorded of a request whose client has waited for longer than is known by heart. */
  const lookBack = async (corr: string, saidAt: number): Promise<void> => {
    const all = { since: saidAt - CLOCKS_MS, until, having: `"corr":"${corr}"` };
    for (const one of await store.linesSince(all)) if (one.corr === corr) noteRecorded(one);
  };

  return {
    /** Resolves with what is known of a request that was said at a time, once all that was recorded is. */
    find: async (
      { actor, corr }: Pick<AppEvent, 'actor' | 'corr'>,
      saidAt: string | undefined,
    ): Promise<Pick<Entry, 'finished' | 'facts'> | undefined> => {
      await isRead;
      const key = keyOf(actor, corr);
      const at = Date.parse(saidAt ?? '');
      if (!entries.has(key) && at < since + CLOCKS_MS) await lookBack(corr, at);
      const entry = entries.get(key);
      return entry && decoded(entry);
    },
    /** Notes how a request ended that has recorded something; whether it has. */
    finish: (key: string, { exit, message }: Finished): boolean => {
      const entry = entries.get(key);
      if (entry) Object.assign(entry, { finished: { exit, message }, facts: [] });
      return entry !== undefined;
    },
  };
};
