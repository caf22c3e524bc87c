import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../lib/errors.ts';
import type { Reply } from '../../ports/swarm.ts';
import type { Files } from '../../ports/target.ts';
import { saidText } from '../../protocol/say.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Service } from '../health/service.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';

/** Editors write in steps, and git file after file: so many milliseconds after the first news a plan is read. */
const SETTLE_MS = 200;

/** How long a folder that cannot be watched is left alone, in milliseconds. */
const UNWATCHED_MS = 30_000;

/** What the command that shows a plan says of its file. */
type FileState = {
  readonly kind: 'same' | 'changed' | 'unreadable' | 'missing';
  readonly text: string;
  readonly suggestion: string | null;
};

/** Says a command in the daemon's own name. */
type Say = (text: string) => Promise<Pick<Reply, 'exit' | 'data' | 'message'>>;

const alertText = (name: string, { kind, text }: FileState): string =>
  kind === 'missing'
    ? `The file of plan ${name} is not there any more. Its tasks stay as they are; where it was moved, import it from its new place.`
    : `The file of plan ${name} has changed: ${text}. Nothing of it is taken over by itself.`;

/** The alert about a plan, by how its file is now; nothing when that is said already. */
const alertFacts = (state: State, name: string, file: FileState): EventDraft[] => {
  const id = `plan:${name}`;
  if (file.kind === 'same' || !Object.hasOwn(state.specs, name))
    return clearAlertFacts(state, id, 'the file says what the plan says');
  const text = alertText(name, file);
  const known = state.alerts[id];
  if (known?.text === text && known.suggestion === file.suggestion) return [];
  const about = { suggestion: file.suggestion, instance: null, task: null };
  return [{ type: 'alert.raised', data: { id, severity: 'warning', text, ...about } }];
};

/** Asks how the file of a plan is, and says it where something is different. The command reads whatever the format is. */
const lookAt = async ({ decide, store }: DaemonServices, name: string, say: Say): Promise<void> => {
  if (!Object.hasOwn(store.state.specs, name)) return;
  const reply = await say(`show spec ${saidText(name)}`);
  if (reply.exit !== 0) throw new Error(reply.message);
  const { file_state: file } = reply.data as { file_state: FileState };
  if (alertFacts(store.state, name, file).length > 0) await decide((state) => alertFacts(state, name, file));
};

/** The nearest folder above a path that is there. */
const nearestFolder = async (files: Files, path: string): Promise<string> => {
  const folder = dirname(path);
  const isThere = folder === path || (await files.list(folder)) !== null;
  return isThere ? folder : nearestFolder(files, folder);
};

/** The names in the folder of a plan, and when each was changed: while that is the same, nothing has to be read. */
const fingerprintOf = async (files: Files, path: string): Promise<string> => {
  const entries = await files.entries(dirname(path), /./u);
  return (entries ?? [])
    .map(({ name, changedNs }) => `${name}/${changedNs}`)
    .toSorted()
    .join('/');
};

type PlanWatch = {
  /** Whether its folder is watched now. */
  isWatched(): boolean;
  /** Has the file read again although nothing was heard of it: the plan has changed. */
  look(): void;
  readonly done: Promise<void>;
};

/** Follows the file of one plan, whoever writes it and however: also when its folder goes and comes again. */
const watchPlan = (
  { home: { files }, log }: Pick<DaemonServices, 'home' | 'log'>,
  path: string,
  { look, signal }: { look: () => Promise<void>; signal: AbortSignal },
): PlanWatch => {
  let isWatched = true;
  let seen: string | null = null;
  let asked = 0;
  let wake = (): void => undefined;
  const readAnew = async (): Promise<void> => {
    const fingerprint = await fingerprintOf(files, path);
    if (fingerprint === seen) return;
    const before = asked;
    try {
      await look();
      // What was asked for meanwhile is still to be looked at.
      seen = before === asked ? fingerprint : null;
    } catch (error) {
      if (!signal.aborted) log(`the plan in ${path} could not be read again: ${messageOf(error)}`);
    }
  };
  const firstNews = async (folder: string, ends: AbortSignal): Promise<'news' | 'unwatched'> => {
    for await (const news of files.watch(folder, ends)) if (news === 'changed') return 'news';
    return 'unwatched';
  };
  /** One round: the watches are there before the file is read, so that nothing that happens meanwhile is missed. */
  const round = async (): Promise<void> => {
    const stop = new AbortController();
    const ends = AbortSignal.any([signal, stop.signal]);
    const woken = new Promise<'news'>((resolve) => {
      wake = () => resolve('news');
    });
    const folder = await nearestFolder(files, path);
    // A folder that is made anew is news to the one above it alone.
    const heard = [...new Set([folder, dirname(folder)])].map((one) => firstNews(one, ends));
    await readAnew();
    const news = await Promise.race([...heard, woken]);
    stop.abort();
    await Promise.all(heard);
    isWatched = news === 'news';
    await pause(isWatched ? SETTLE_MS : UNWATCHED_MS, undefined, { signal, ref: false }).catch(() => undefined);
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) await round();
  };
  return {
    isWatched: () => isWatched,
    look: () => {
      seen = null;
      asked += 1;
      wake();
    },
    done: run(),
  };
};

/** Follows the files of all imported plans: what is different there is offered, and nothing is taken over by itself. */
export const watchPlans = (services: DaemonServices, say: Say): Service => {
  const { signal, store } = services;
  const watches = new Map<string, PlanWatch & { readonly path: string; readonly stop: () => void }>();
  const ended: Promise<void>[] = [];
  const begin = (name: string, path: string): void => {
    const stop = new AbortController();
    const ends = AbortSignal.any([signal, stop.signal]);
    const one = watchPlan(services, path, { look: () => lookAt(services, name, say), signal: ends });
    watches.set(name, { ...one, path, stop: () => stop.abort() });
    ended.push(one.done);
  };
  const follow = ({ specs }: State): void => {
    for (const { name, source } of Object.values(specs)) {
      const known = watches.get(name);
      if (known?.path === source || signal.aborted) continue;
      known?.stop();
      begin(name, source);
    }
  };
  const leave = store.subscribe((events, state) => {
    follow(state);
    for (const event of events) if (event.type === 'spec.imported') watches.get(event.data.spec.name)?.look();
  });
  follow(store.state);
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => end(), { once: true });
  const finish = async (): Promise<void> => {
    await over;
    leave();
    await Promise.all(ended);
  };
  return {
    name: 'plan-watch',
    capabilities: ['notice that the file of a plan has changed'],
    health: () => {
      const unwatched = [...watches].filter(([, one]) => !one.isWatched()).map(([name]) => name);
      const indicators = { plans: watches.size };
      if (unwatched.length === 0) return { state: 'ok', why: null, indicators };
      return {
        state: 'degraded',
        why: `The folders of these plans cannot be watched: ${unwatched.join(', ')}.`,
        indicators,
      };
    },
    done: finish(),
  };
};
