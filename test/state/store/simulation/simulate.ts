import { AppError } from '../../../../src/lib/errors.ts';
import { type AppEvent, emptyState, reduce } from '../../../../src/state/index.ts';
import { type OpenStore, openStore, type StoreOptions } from '../../../../src/state/store/open.ts';
import { checkJournal } from '../../../../src/state/store/check.ts';
import { timeOf } from '../../story.ts';
import { alert, listed, optionsIn } from '../place.ts';
import { type Fault, type MemoryDisk, memoryDisk } from './memory-disk.ts';
import { type Random, randomOf } from './random.ts';

const FOLDER = '/repository';

/** A machine with a repository in which no swarm was yet. */
export const newMachine = async (random: Random): Promise<MemoryDisk> => {
  const disk = memoryDisk(random);
  await disk.makeFolder(`${FOLDER}/.git`);
  for (const folder of ['/', FOLDER]) await disk.syncFolder(folder);
  return disk;
};

/** Options of a store on such a machine: nobody else is there, and nothing happens by the clock. */
export const optionsOn = (disk: MemoryDisk, changes: Partial<StoreOptions> = {}): StoreOptions =>
  optionsIn(FOLDER, {
    disk,
    lock: async () => ({ isInPlace: () => true, [Symbol.asyncDispose]: async () => undefined }),
    projectionEvery: 2 ** 31 - 1,
    complain: () => undefined,
    ...changes,
  });

/** What was promised so far: facts that were acknowledged by their numbers, and those that were refused. */
export type Promised = { readonly certain: Map<string, number>; readonly refused: Set<string> };

export const nothingPromised = (): Promised => ({ certain: new Map(), refused: new Set() });

/** Appends a group of facts and notes what came of it. */
const appendGroup = async (store: OpenStore, ids: readonly string[], { certain, refused }: Promised): Promise<void> => {
  try {
    const events = await store.append(
      ids.map((id) => alert(id)),
      { actor: 'cli', corr: ids[0]! },
    );
    for (const { seq, data } of events) certain.set((data as { id: string }).id, seq);
  } catch (error) {
    for (const id of ids) refused.add(id);
    if (!(error instanceof AppError)) throw error;
  }
};

type Work = { readonly random: Random; readonly promised: Promised; readonly name: string };

/** Lets go of what is older than one of its events; whether that works is up to the disk. */
const cleanSome = async (store: OpenStore, random: Random): Promise<void> => {
  const before = Date.parse(timeOf(random.below(60)));
  try {
    const { kept, old } = await store.history.old(before);
    if (old !== null) await store.history.letGo(before, kept.from.seq);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
};

/** Uses a store until it fails or its work is done. */
const workOn = async (store: OpenStore, { random, promised, name }: Work): Promise<void> => {
  for (let step = 0; step < 2 + random.below(4) && store.failure === null; step += 1) {
    const groups = Array.from({ length: 1 + random.below(3) }, (_, lane) =>
      Array.from({ length: 1 + random.below(3) }, (_one, part) => `${name}.${step}.${lane}.${part}`),
    );
    await Promise.all(groups.map((ids) => appendGroup(store, ids, promised)));
    if (random.chance(0.15) && store.failure === null) await store.rebuild();
    if (random.chance(0.2) && store.failure === null) await cleanSome(store, random);
  }
};

/** What does not hold of an opened store, in a sentence; undefined where all of it does. */
export const wrongWith = async (
  store: OpenStore,
  { certain, refused }: Promised,
  isUndone: boolean,
): Promise<string | undefined> => {
  const events: readonly AppEvent[] = await listed(store);
  const gap = events.findIndex(({ seq }, index) => seq !== events[0]!.seq + index);
  if (gap >= 0) return `event ${events[gap]!.seq} stands in another one's place`;
  const ids = events.flatMap(({ type, data }) => (type === 'alert.raised' ? [(data as { id: string }).id] : []));
  if (new Set(ids).size !== ids.length) return 'an event is there twice';
  for (const [id, seq] of certain)
    if (store.state.alerts[id] === undefined) return `event ${seq}, ${id}, was acknowledged and is lost`;
  const first = events[0]?.seq ?? 1;
  for (const [id, seq] of certain)
    if (seq >= first && (events[seq - first]?.data as { id?: string } | undefined)?.id !== id)
      return `event ${seq}, ${id}, is not in its place`;
  const undone = isUndone ? [...refused].find((id) => store.state.alerts[id] !== undefined) : undefined;
  if (undone !== undefined) return `${undone} was said not to have happened and did`;
  if (first === 1 && JSON.stringify(events.reduce(reduce, emptyState)) !== JSON.stringify(store.state))
    return 'the events do not lead to the state';
  return store.losses.length > 0 ? `it says that something is lost: ${store.losses.join()}` : undefined;
};

/** Opens what a machine left behind and says what is wrong with it; what it refuses by a sentence counts as wrong as well. */
export const judge = async (disk: MemoryDisk, options: Partial<StoreOptions>, promised: Promised) => {
  try {
    await using store = await openStore(optionsOn(disk, options));
    const wrong = await wrongWith(store, promised, false);
    if (wrong !== undefined) return wrong;
    for await (const { fault } of checkJournal(optionsOn(disk).paths.journal, disk)) if (fault) return fault.what;
    return undefined;
  } catch (error) {
    return `it does not open: ${(error as Error).stack}`;
  }
};

const KINDS = ['power', 'power', 'power', 'kill', 'ENOSPC', 'EIO', 'EMFILE'] as const;

const faultOf = (random: Random): Fault => ({
  at: 1 + random.below(70),
  kind: random.oneOf(KINDS),
  late: random.chance(0.5),
});

/** One life of a daemon, from its start to a fault or its end; gives what is wrong with it. */
const live = async (disk: MemoryDisk, options: Partial<StoreOptions>, work: Work): Promise<string | undefined> => {
  let store: OpenStore | undefined;
  try {
    store = await openStore(optionsOn(disk, options));
    await workOn(store, work);
    await store[Symbol.asyncDispose]();
  } catch (error) {
    await Promise.resolve(store?.[Symbol.asyncDispose]()).catch(() => undefined);
    if (disk.isOff()) return undefined;
    // A machine that works refuses nothing, and one that fails does it by a sentence.
    if (!disk.hasFailed()) return `without a fault: ${(error as Error).stack}`;
    if (!(error instanceof AppError) && store === undefined) return `it failed without a sentence: ${String(error)}`;
  }
  return undefined;
};

/** One or two lives of daemons on one machine, each with a fault; gives what was wrong, and whether the power went. */
export const simulate = async (
  seed: number,
): Promise<{ readonly wrong: string | undefined; readonly cuts: number }> => {
  const random = randomOf(seed);
  const promised = nothingPromised();
  const limits = { events: 2 + random.below(5), bytes: 1e6, live: 1 + random.below(2), archived: 2 + random.below(20) };
  let disk = await newMachine(random);
  let cuts = 0;
  for (let life = random.below(2); life < 2; life += 1) {
    const fault = faultOf(random);
    disk = disk.restarted(fault);
    const wrong = await live(disk, { limits }, { random, promised, name: `${life}` });
    if (wrong !== undefined) return { wrong: `life ${life}, ${JSON.stringify(fault)}: ${wrong}`, cuts };
    if (disk.isOff() && fault.kind === 'power') cuts += 1;
    disk = disk.restarted();
    const found = await judge(disk, { limits }, promised);
    if (found !== undefined) return { wrong: `after life ${life}, ${JSON.stringify(fault)}: ${found}`, cuts };
  }
  return { wrong: undefined, cuts };
};
