import { onTestFinished } from 'vitest';
import type { Replica } from '../../src/client/replica.ts';
import type { Note } from '../../src/client/request.ts';
import type { Reply, ScreenSink } from '../../src/ports/swarm.ts';
import type { Identity } from '../../src/protocol/frame.ts';
import { type AppEvent, type EventDraft, emptyState, reduce, type State } from '../../src/state/index.ts';
import { openSessions } from '../../src/web/access/sessions.ts';
import { openThrottle } from '../../src/web/access/throttle.ts';
import { openTokens, tokenFile } from '../../src/web/access/tokens.ts';
import { makeApp } from '../../src/web/http/app.ts';
import { openPageFiles } from '../../src/web/http/static-files.ts';
import { openHub } from '../../src/web/swarm/hub.ts';
import type { ServedRepository } from '../../src/web/swarm/served-repository.ts';
import type { TypedEvent, WebRole } from '../../src/web/wire.ts';
import { language } from '../fixtures/signatures.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const AT = '2026-01-01T00:00:00.000Z';

type Said = { readonly line: string; readonly extra: Parameters<Replica['run']>[1] };

export const replyWith = (more: Partial<Reply> = {}): Reply => ({
  ...{ exit: 0, message: 'Done.', hint: null, text: 'Done.', data: null, sideEffects: [], elapsedMs: 1 },
  ...{ correlation: 'c-1', confirm: null, ...more },
});

/** A swarm in memory that is served: its state is folded as everywhere, and what is said to it is written down. */
export const swarmStage = (answer: (said: Said) => Promise<Reply> = async () => replyWith()) => {
  let state: State = emptyState;
  let identity: Identity | undefined;
  const events: AppEvent[] = [];
  const said: Said[] = [];
  const notes: Note[] = [];
  const heard = new Set<(events: readonly AppEvent[] | null) => void>();
  const listeners = new Set<() => void>();
  const sinks = new Map<string, ScreenSink>();
  const printed = new Map<string, readonly string[]>();
  /** What arrived at the terminals, and what became of their places. */
  const typed: (TypedEvent | 'opened' | 'closed')[] = [];
  const daemon = { isThere: true, opened: 0, closed: 0, forgets: false };
  const record = (draft: EventDraft): AppEvent => {
    const event = { ...draft, seq: state.seq + 1, at: AT, actor: 'daemon', corr: 'c-1' } as AppEvent;
    state = reduce(state, event);
    events.push(event);
    return event;
  };
  const replicaFor = (hear: (events: readonly AppEvent[] | null) => void): Replica => {
    daemon.opened += 1;
    heard.add(hear);
    return {
      get state() {
        return state;
      },
      get connected() {
        return daemon.isThere;
      },
      silentSince: null,
      get identity() {
        return identity;
      },
      subscribe: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      run: (line, extra) => {
        said.push({ line, extra });
        return answer({ line, extra });
      },
      ask: (line) => answer({ line, extra: {} }),
      close: () => {
        daemon.closed += 1;
        heard.delete(hear);
      },
    };
  };
  const repository: ServedRepository = {
    id: 'one',
    name: 'first',
    open: async (hear) => replicaFor(hear),
    past: async (after, until) =>
      daemon.forgets ? undefined : events.filter(({ seq }) => seq > after && seq <= until),
    note: async (note) => {
      notes.push(note);
      return true;
    },
    language: () => language,
    surroundings: () => null,
    complete: (text) => [{ word: `${text}…`, help: 'more' }],
    hint: (text, _state, { name, role }) => ({ kind: 'ok', says: `${text} by ${name}, ${role}` }),
    follow: (id, sink) => {
      sinks.set(id, sink);
      return { close: () => void sinks.delete(id), ended: new Promise(() => undefined) };
    },
    openTypist: async () => {
      typed.push('opened');
      return {
        type: async (events) => void typed.push(...events),
        close: async () => void typed.push('closed'),
      };
    },
    async *printed(id) {
      yield* printed.get(id) ?? [];
    },
  };
  return {
    repository,
    said,
    notes,
    sinks,
    printed,
    typed,
    daemon,
    get state() {
      return state;
    },
    /** Records facts and tells of them. */
    happen: (...drafts: readonly EventDraft[]): void => {
      const news = drafts.map(record);
      for (const hear of heard) hear(news);
    },
    /** Records facts while nobody is connected, and connects again then. */
    happenUnseen: (...drafts: readonly EventDraft[]): void => {
      for (const draft of drafts) record(draft);
      for (const hear of heard) hear(null);
    },
    /** The daemon says whom it takes the server for. */
    introduce: (next: Identity): void => {
      identity = next;
      for (const listener of listeners) listener();
    },
    setThere: (isThere: boolean): void => {
      daemon.isThere = isThere;
      for (const listener of listeners) listener();
    },
  };
};

export type SwarmStage = ReturnType<typeof swarmStage>;

/** A fact that says nothing else than that something happened. */
export const fact = (message = 'something'): EventDraft => ({ type: 'journal.repaired', data: { message } });

export const HOST = '127.0.0.1:7070';
export const ORIGIN = `http://${HOST}`;

type AppStage = { readonly swarm?: SwarmStage; readonly page?: string; readonly auth?: boolean };

/** The interface without a socket, and a clock of its own. */
export const appStage = ({ swarm = swarmStage(), page = '', auth = true }: AppStage = {}) => {
  const folder = temporaryFolder('web');
  onTestFinished(() => folder[Symbol.dispose]());
  const clock = { now: Date.parse(AT) };
  const refused: { readonly who: string | undefined; readonly what: string; readonly code: string }[] = [];
  const complaints: string[] = [];
  const tokens = openTokens(tokenFile(folder.path), () => new Date(clock.now).toISOString());
  const sessions = openSessions({ file: `${folder.path}/web/sessions.json`, tokens, now: () => clock.now });
  const hub = openHub(swarm.repository);
  onTestFinished(() => hub.close());
  const access = {
    ...{ tokens, sessions, throttle: openThrottle(() => clock.now), cookie: 'drover-7070', isSecure: false },
    now: () => clock.now,
    anybody: auth
      ? null
      : { name: '', role: 'admin' as const, csrf: 'known', until: null, key: null, holds: () => true },
  };
  const place = { names: new Set(['127.0.0.1', 'localhost']), isSecure: false };
  const app = makeApp({
    ...{ access, place, hubs: new Map([['one', hub]]), pageFiles: openPageFiles(page), version: '1.2.3' },
    refusals: { add: ({ who, what, why }) => void refused.push({ who, what, code: why.code }) },
    complain: (line) => void complaints.push(line),
  });
  const call = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<Response> =>
    Promise.resolve(app.request(`http://${HOST}${path}`, { ...init, headers: { host: HOST, ...init.headers } }));
  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    call(path, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', origin: ORIGIN, ...headers },
    });
  /** Logs in by a one-time word, as the link does; gives the headers of a page that is logged in. */
  const enter = async (role: WebRole): Promise<Record<string, string>> => {
    const answer = await post('/api/login', { token: sessions.once({ name: role, role }) });
    const { csrf } = (await answer.json()) as { csrf: string };
    return { cookie: answer.headers.get('set-cookie')!.split(';')[0]!, 'x-drover-csrf': csrf };
  };
  return {
    folder: folder.path,
    swarm,
    hub,
    access,
    place,
    tokens,
    sessions,
    clock,
    refused,
    complaints,
    call,
    post,
    enter,
  };
};
