import type { Reply } from '../../ports/swarm.ts';
import type { RunFrame } from '../../protocol/frame.ts';
import { decodeEvent } from '../../state/decode.ts';
import type { AppEvent } from '../../state/index.ts';
import { CLIENTS } from '../../state/actors.ts';
import type { Recorded, WantedLines } from '../../state/store/history.ts';
import type { DaemonServices } from '../services.ts';

/** Requests are known by heart for so long, in milliseconds; one that was said before that is looked for in the journal. */
const MEMORY_MS = 3_600_000;
/** So far the time at which a request was said, by the clock of its client, may be from that of its first fact, in milliseconds. */
const CLOCKS_MS = 600_000;
/** So long after the start all of them are read that nobody has asked for: clients that come back are answered first. */
const READ_AFTER_MS = 2000;
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
  /** The last event of those that stand in the journal and are known here. */
  until: number;
};

/**
 * By which a request is known. A program that is no agent's goes by its own name or is unknown, as this machine shows it to a
 * daemon: where the clock was set meanwhile the next one may judge otherwise, and it is still the same who asks.
 */
export const keyOf = (actor: string, correlation: string): string =>
  `${actor === 'unknown' || CLIENTS.includes(actor) ? 'here' : actor} ${correlation}`;

const newEntry = (): Entry => ({ at: 0, finished: undefined, facts: [], lines: [], until: 0 });

const take = (entry: Entry, event: AppEvent): void => {
  if (event.type === 'command.finished') {
    const { exit, message } = event.data;
    entry.finished = { exit: exit as Reply['exit'], message };
    entry.facts = [];
  } else if (!entry.finished) entry.facts.push(event);
};

/** Takes what stands of it in the journal: before all that this daemon has recorded of it. */
const decoded = (entry: Entry): Entry => {
  const later = entry.facts.splice(0);
  for (const line of entry.lines.splice(0)) take(entry, decodeEvent(line));
  for (const event of later) take(entry, event);
  return entry;
};

/** A request that somebody asks for, and what its client says of when that was. */
type Sought = { readonly corr: string; readonly key: string } & Pick<RunFrame, 'said_at' | 'knew'>;

/** What becomes known of requests, from the journal on and over the deaths of daemons. */
export const openEntries = ({ store, now, log, signal }: Pick<DaemonServices, 'store' | 'now' | 'log' | 'signal'>) => {
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
  const note = (event: AppEvent): void => {
    if (!event.corr.startsWith(OF_REQUESTS)) return;
    take(decoded(entryFor(event)), event);
    forgetOld(Date.parse(event.at));
  };
  const noteRecorded = (one: Recorded): void => {
    if (!one.corr.startsWith(OF_REQUESTS)) return;
    const entry = entryFor(one);
    if (one.seq <= entry.until) return;
    entry.until = one.seq;
    // Its end is all that matters of one that has ended.
    if (one.type === 'command.finished') entry.lines = [one.line];
    else entry.lines.push(one.line);
  };
  store.subscribe((events) => events.forEach(note));
  const since = Date.parse(now()) - MEMORY_MS;
  const until = store.openedAt;
  let reading: Promise<void> | undefined;
  /** Reads all requests of the last hour, for those of which it is not known where they would stand. */
  const readAll = (): Promise<void> => {
    reading ??= store.lines({ since, until, having: `"corr":"${OF_REQUESTS}` }).then(
      (lines) => lines.forEach(noteRecorded),
      (error: unknown) => log(`earlier requests could not be read: ${(error as Error).message}`),
    );
    return reading;
  };
  const timer = setTimeout(readAll, READ_AFTER_MS).unref();
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  /** Takes what daemons before this one have recorded of a request, from a moment or an event on. */
  const lookBack = async (corr: string, from: Pick<WantedLines, 'since' | 'from'>): Promise<void> => {
    const all = await store.lines({ ...from, until, having: `"corr":"${corr}"` });
    for (const one of all) if (one.corr === corr) noteRecorded(one);
  };
  /** Takes what daemons before this one have recorded of a request: where it stands, or in the last hour, or before that. */
  const takeRecorded = async ({ corr, key, said_at, knew }: Sought): Promise<void> => {
    if (knew !== undefined) return knew < until ? lookBack(corr, { since: 0, from: knew + 1 }) : undefined;
    await readAll();
    const at = Date.parse(said_at ?? '');
    if (!entries.has(key) && at < since + CLOCKS_MS) await lookBack(corr, { since: at - CLOCKS_MS });
  };

  return {
    /** Resolves with what is known of a request, once all that daemons before this one have recorded of it is. */
    find: async (
      { actor, corr }: Pick<AppEvent, 'actor' | 'corr'>,
      said: Pick<RunFrame, 'said_at' | 'knew'>,
    ): Promise<Pick<Entry, 'finished' | 'facts'> | undefined> => {
      const key = keyOf(actor, corr);
      await takeRecorded({ corr, key, ...said });
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
