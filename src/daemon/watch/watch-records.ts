import { setTimeout as pause } from 'node:timers/promises';
import type { Target } from '../../ports/target.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive } from '../../state/moves.ts';
import { untilBeat } from '../health/beat.ts';
import { joinRounds } from '../health/health-report.ts';
import { makeRounds, type Rounds, type Service } from '../health/service.ts';
import { type DaemonServices, instancesOn } from '../services.ts';
import { noteRecord, recordFolderOf } from '../signals/known-records.ts';
import { makeFolderWatches } from './folder-watches.ts';
import { beginRecord, type Desk, type Followed, lookAtRecord, setLost } from './follow-record.ts';
import { makeLineReader } from './usage-files.ts';

const LOOK_MS = 1000;
/** What comes within so many milliseconds is read at once: what a program has answered by itself was asked of nobody. */
const TOGETHER_MS = 25;
/** How soon it is looked again whether the input box of an agent is there that is ready otherwise, in milliseconds. */
const BOX_MS = 100;

type Hearing = Pick<Desk, 'lastHeard' | 'record'>;

/** The living instances on a machine of agents that keep a record. */
const recording = ({ services, target }: Desk): readonly Instance[] =>
  instancesOn(target, services.store.state).filter(
    ({ agent, state, pane, hold }) =>
      pane !== null && hold === null && isAlive(state.kind) && services.adapterFor(agent).record !== undefined,
  );

/** Forgets the record of a program that has ended, and removes it: all that was said is in it. */
const endRecord = async (desk: Desk, id: string, one: Followed): Promise<void> => {
  noteRecord(desk.services, id, undefined);
  await setLost(desk, id, one, false);
  const now = desk.services.store.state.instances[id];
  if (now && ['stopped', 'failed', 'lost'].includes(now.state.kind) && now.pid === one.pid)
    await desk.target.files.remove(recordFolderOf(desk.target.paths, id));
};

/** One look at all records of a machine: the folders to be watched, and how soon the next look is due. */
const makeLook = (desk: Desk) => {
  const followed = new Map<string, Followed>();
  const isOver = (id: string): boolean => !isAlive(desk.services.store.state.instances[id]?.state.kind ?? 'stopped');
  return async (): Promise<{ readonly folders: readonly string[]; readonly nextMs: number }> => {
    for (const [id, one] of [...followed]) {
      if (!isOver(id)) continue;
      followed.delete(id);
      await endRecord(desk, id, one);
    }
    const instances = recording(desk);
    for (const instance of instances) {
      const { instance_id: id, pid } = instance;
      const known = followed.get(id);
      const one = known?.pid === pid ? known : beginRecord(desk, instance);
      followed.set(id, one);
      await lookAtRecord(desk, instance, one);
    }
    const isBoxAwaited = [...followed.values()].some(({ ready }) => ready !== undefined);
    const folders = instances.map(({ instance_id: id }) => recordFolderOf(desk.target.paths, id));
    return { folders, nextMs: isBoxAwaited ? BOX_MS : LOOK_MS };
  };
};

const lookOn = async (desk: Desk, rounds: Rounds): Promise<void> => {
  const { services, target } = desk;
  const { signal, store } = services;
  const look = makeLook(desk);
  let { promise: news, resolve: wake } = Promise.withResolvers<void>();
  const watchFolders = makeFolderWatches(services, target, () => wake());
  // The folder of a program that is being started is not watched yet.
  const leave = store.subscribe(() => {
    if (recording(desk).some(({ state }) => state.kind === 'starting')) wake();
  });
  signal.addEventListener('abort', () => wake(), { once: true });
  while (!signal.aborted) {
    ({ promise: news, resolve: wake } = Promise.withResolvers<void>());
    let nextMs = LOOK_MS;
    await rounds.work(async () => {
      const seen = await look();
      nextMs = seen.nextMs;
      watchFolders(seen.folders);
    });
    const ms = nextMs === LOOK_MS ? untilBeat(LOOK_MS) : nextMs;
    const isNews = await Promise.race([news.then(() => true), pause(ms, false, { ref: false })]);
    if (isNews) await pause(TOGETHER_MS, undefined, { ref: false });
  }
  leave();
};

const watchOn = (services: DaemonServices, target: Target, hearing: Hearing) => {
  const { log, signal } = services;
  const rounds = makeRounds({ complaint: 'reading the records of agents failed', everyMs: LOOK_MS, log, signal });
  const desk: Desk = {
    services,
    target,
    lines: makeLineReader(target.files),
    openedAt: Date.parse(services.now()),
    ...hearing,
  };
  return { host: target.host, rounds, done: lookOn(desk, rounds) };
};

/**
 * Reads on in the records that programs of agents keep of themselves, by offset and as soon as they grow. What is read there
 * is as sure as a hook, and tells more: that a request waits, who answered it, and how a turn ended.
 */
export const watchRecords = (services: DaemonServices, hearing: Hearing): Service => {
  const machines = services.targets.map((target) => watchOn(services, target, hearing));
  return {
    name: 'record-watch',
    capabilities: ['learn from records of agents what they do, ask and were answered'],
    health: () => joinRounds(machines),
    done: Promise.all(machines.map(({ done }) => done)).then(() => undefined),
  };
};
