import { setTimeout as pause } from 'node:timers/promises';
import type { RegisterEntry, Signal } from '../../agents/adapter.ts';
import type { Target } from '../../ports/target.ts';
import { type Instance, isShutIn } from '../../state/instances.ts';
import { activity, isAlive } from '../../state/moves.ts';
import { untilBeat } from '../health/beat.ts';
import { joinRounds } from '../health/health-report.ts';
import { makeRounds, type Rounds, type Service } from '../health/service.ts';
import { envOf } from '../sandbox/own-env.ts';
import { type DaemonServices, instancesOn } from '../services.ts';
import { findSpool } from '../spool-place.ts';
import { makeFolderWatches } from './folder-watches.ts';
import { MESSAGE } from './spool-folder.ts';

const LOOK_MS = 1000;

/** How long an entry of the register has to stand before it counts, in milliseconds: hooks come sooner, and say more. */
const SETTLED_MS = 80;

/** The same for an entry of which a hook that runs in the background is to tell in more words. */
const HOOKED_MS = 400;

/** The same where something in the background is to give the agent a further turn: it may rest for a moment in between. */
const FURTHER_TURN_MS = 4000;

/**
 * In milliseconds: how long after the end of a turn a hook that runs in the background may tell of that turn, and how long
 * nothing may be heard after it until a rest counts that began before: a turn that goes on is written down by then.
 */
const LATE_HOOK_MS = 2000;
const QUIET_MS = 1500;
/** A dialog that still stands when nothing was heard for so many milliseconds is waited with, whatever was said of it. */
const STANDING_MS = 4000;

/** In milliseconds: a message of a hook in the spool is taken first; one that nobody finished is not waited for. */
const SPOOLED_MS = 20;
const UNFINISHED_MS = 1000;

/** When each instance was heard of last by a hook, in milliseconds since 1970. */
export type LastHeard = ReadonlyMap<string, number>;

type RecordSignal = (instance: string, signal: Signal) => Promise<void>;

/** The entry of the very program of an instance: of its conversation, and in its pane. */
const entryOf = (instance: Instance, entries: readonly RegisterEntry[]): RegisterEntry | undefined =>
  entries
    .filter(
      ({ conversation, pane }) => conversation === instance.conversation && (pane ?? instance.pane) === instance.pane,
    )
    .toSorted((a, b) => b.at - a.at)[0];

/** How long an entry has to stand before it counts. */
const settlingMs = ({ signal, hooked }: RegisterEntry, evidence: string | undefined): number => {
  if (signal.kind === 'rests' && evidence?.startsWith('in the background')) return FURTHER_TURN_MS;
  return hooked ? HOOKED_MS : SETTLED_MS;
};

/** When the agent was last given an answer, in milliseconds since 1970. */
const answeredAt = ({ answers = [] }: Instance): number => Date.parse(answers.at(-1)?.at ?? '') || 0;

/** Milliseconds until an entry counts: undefined when it tells no more than was heard already, 0 when it counts now. */
const dueIn = (
  instance: Instance,
  entry: RegisterEntry,
  { lastHeard, now }: { lastHeard: LastHeard; now: number },
): number | undefined => {
  const { kind, since, evidence } = activity(instance);
  const answered = answeredAt(instance);
  // A rule answers before the agent has shown its dialog, which goes a moment after that.
  if (entry.hooked && kind === 'working' && entry.at <= answered + LATE_HOOK_MS)
    return Math.max(0, answered + STANDING_MS - now);
  const last = Math.max(lastHeard.get(instance.instance_id) ?? 0, Date.parse(since));
  if (entry.at > last) return Math.max(0, entry.at + settlingMs(entry, evidence) - now);
  // That an agent has started its box tells sooner; where that is not known, the register makes sure.
  const isLate = (kind === 'working' && last - entry.at < LATE_HOOK_MS) || kind === 'starting' || kind === 'unknown';
  if (entry.signal.kind === 'waiting' && kind === 'working') return Math.max(0, last + STANDING_MS - now);
  const overtaken = entry.signal.kind === 'rests' && isLate;
  return overtaken ? Math.max(0, last + Math.max(QUIET_MS, settlingMs(entry, evidence)) - now) : undefined;
};

/** Whether a message of this instance's hooks waits to be taken. */
const isSpooled = async (target: Target, id: string): Promise<boolean> =>
  ((await target.files.list(await findSpool(target, id))) ?? []).some(
    (name) => MESSAGE.test(name) && name.startsWith(`${id}-`),
  );

/** Reads the files of a folder that have changed since; a folder that is not there has none. */
const makeReader = (services: DaemonServices, { files }: Target) => {
  const known = new Map<string, { changed: bigint; entry: RegisterEntry | undefined }>();
  return async (folder: string, agent: string): Promise<readonly RegisterEntry[]> => {
    const register = services.adapterFor(agent).register!;
    const found = (await files.entries(folder, register.file)) ?? [];
    const paths = new Set(found.map(({ name }) => `${folder}/${name}`));
    for (const path of known.keys()) if (path.startsWith(`${folder}/`) && !paths.has(path)) known.delete(path);
    for (const { name, changedNs: changed } of found) {
      const path = `${folder}/${name}`;
      if (known.get(path)?.changed === changed) continue;
      known.set(path, { changed, entry: register.read((await files.readText(path)) ?? '') });
    }
    return [...known].flatMap(([path, { entry }]) => (paths.has(path) && entry ? [entry] : []));
  };
};

/** That a program has started is written down a little later than it begins to write. */
const WRITTEN_MS = 2000;

/** When the program of an instance was started, in milliseconds since 1970; 0 where that is so long ago that nobody knows. */
const startedAt = ({ state, transitions }: Instance): number =>
  Date.parse([...transitions, state].findLast(({ kind }) => kind === 'starting')?.since ?? '') || 0;

/** The entries of these instances, without those that were left over by programs that were killed. */
const runningOnes = async (
  { processes }: Target,
  entries: readonly RegisterEntry[],
  instances: readonly Instance[],
): Promise<readonly RegisterEntry[]> => {
  const conversations = new Set(instances.map((one) => one.conversation));
  const own = entries.filter((one) => conversations.has(one.conversation));
  // A program that is shut in knows its number inside alone, and nobody else writes where it does but the one before it.
  if (instances.every(isShutIn)) {
    const first = Math.min(...instances.map(startedAt)) - WRITTEN_MS;
    return own.filter(({ at }) => at >= first);
  }
  const running = await processes.running(own.map(({ pid }) => pid));
  return own.filter(({ pid }) => running.has(pid));
};

/** The living instances on a machine of agents that keep a register, by its folder. */
const instancesByFolder = (services: DaemonServices, target: Target): ReadonlyMap<string, readonly Instance[]> =>
  Map.groupBy(
    instancesOn(target, services.store.state).filter(
      ({ agent, state, pane, hold }) =>
        pane !== null && hold === null && isAlive(state.kind) && services.adapterFor(agent).register !== undefined,
    ),
    (one) => services.adapterFor(one.agent).register!.folder(envOf(target, one)),
  );

type Hearing = { readonly lastHeard: LastHeard; readonly record: RecordSignal };

/** One look at a machine: records what counts now, and resolves with the milliseconds until more could count. */
export const makeRegisterLook = (services: DaemonServices, target: Target, { lastHeard, record }: Hearing) => {
  const read = makeReader(services, target);
  /** Records what the entry of an instance says, if it counts by now; the milliseconds until it could, if it does not. */
  const lookAt = async (id: string, entries: readonly RegisterEntry[]): Promise<number> => {
    const instance = services.store.state.instances[id];
    const entry = instance && entryOf(instance, entries);
    if (!entry) return LOOK_MS;
    const now = Date.parse(services.now());
    const wait = dueIn(instance, entry, { lastHeard, now });
    if (wait !== 0) return wait ?? LOOK_MS;
    if (now - entry.at < UNFINISHED_MS && (await isSpooled(target, id))) return SPOOLED_MS;
    await record(id, entry.signal);
    return LOOK_MS;
  };
  return async (): Promise<{ readonly folders: readonly string[]; readonly nextMs: number }> => {
    const folders = instancesByFolder(services, target);
    let nextMs = LOOK_MS;
    for (const [folder, instances] of folders) {
      const entries = await runningOnes(target, await read(folder, instances[0]!.agent), instances);
      for (const { instance_id: id } of instances) nextMs = Math.min(nextMs, await lookAt(id, entries));
    }
    return { folders: [...folders.keys()], nextMs };
  };
};

/** Looks at the registers of a machine once a second, and as soon as something changes in one of their folders. */
const watchRegisterOn = (services: DaemonServices, target: Target, hearing: Hearing) => {
  const { log, signal } = services;
  const complaint = 'reading what agents say of themselves failed';
  const rounds = makeRounds({ complaint, everyMs: LOOK_MS, log, signal });
  return { host: target.host, rounds, done: lookOn(services, { target, hearing, rounds }) };
};

const lookOn = async (
  services: DaemonServices,
  { target, hearing, rounds }: { target: Target; hearing: Hearing; rounds: Rounds },
): Promise<void> => {
  const look = makeRegisterLook(services, target, hearing);
  let { promise: news, resolve: wake } = Promise.withResolvers<void>();
  const watchFolders = makeFolderWatches(services, target, () => wake());
  services.signal.addEventListener('abort', () => wake(), { once: true });
  while (!services.signal.aborted) {
    ({ promise: news, resolve: wake } = Promise.withResolvers<void>());
    let nextMs = LOOK_MS;
    await rounds.work(async () => {
      const seen = await look();
      nextMs = seen.nextMs;
      watchFolders(seen.folders);
    });
    const ms = nextMs === LOOK_MS ? untilBeat(LOOK_MS) : Math.max(20, nextMs);
    await Promise.race([news, pause(ms, undefined, { ref: false })]);
  }
};

/**
 * Corrects what hooks do not tell by what agents say of themselves in their register. Its folder is watched and looked at
 * once a second, without any process, and only while an instance of such an agent lives.
 */
export const watchRegister = (services: DaemonServices, hearing: Hearing): Service => {
  const machines = services.targets.map((target) => watchRegisterOn(services, target, hearing));
  return {
    name: 'register-watch',
    capabilities: ['learn from registers of agents what their hooks do not tell'],
    health: () => joinRounds(machines),
    done: Promise.all(machines.map(({ done }) => done)).then(() => undefined),
  };
};
