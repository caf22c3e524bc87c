import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { AppError } from '../../../../src/lib/errors.ts';
import type { State } from '../../../../src/state/index.ts';
import { checkJournal } from '../../../../src/state/store/check.ts';
import { openStore, type StoreOptions } from '../../../../src/state/store/open.ts';
import { alert, BY_CLI } from '../place.ts';
import type { MemoryDisk } from './memory-disk.ts';
import { randomOf } from './random.ts';
import { newMachine, optionsOn } from './simulate.ts';

const EVENTS = 22;
/** Events of the last life of the daemon, which was killed: db.json does not know of them. */
const BEHIND = 3;
/** Two packed segments, three full ones and a sixth. */
const LIMITS = { events: 4, bytes: 1e6, live: 3 };

/** A journal of one alert an event, whose projection is of an event before the last one. */
const killedMachine = async (): Promise<MemoryDisk> => {
  const disk = (await newMachine(randomOf(7))).restarted();
  const options = optionsOn(disk, { limits: LIMITS });
  const { projection } = options.paths;
  {
    await using store = await openStore(options);
    for (let n = 1; n <= EVENTS - BEHIND; n += 1) await store.append([alert(`a${n}`)], BY_CLI);
  }
  const then = await disk.read(projection);
  {
    await using store = await openStore(options);
    for (let n = EVENTS - BEHIND + 1; n <= EVENTS; n += 1) await store.append([alert(`a${n}`)], BY_CLI);
  }
  disk.harm(projection, () => then);
  disk.harm(`${projection}.bak`, () => undefined);
  return disk;
};

/** `alerts` are those of the state that was recovered; null where the store was refused with a sentence. */
type Told = { readonly told: readonly string[]; readonly alerts: State['alerts'] | null };

/** Everything that says that something is wrong: the refusal, or what an opened store and a look at the journal tell. */
const toldOf = async (disk: MemoryDisk, options: StoreOptions): Promise<Told> => {
  const told: string[] = [];
  if (disk.files().some((path) => path.startsWith(`${options.paths.journal}/`)))
    for await (const { fault } of checkJournal(options.paths.journal, disk)) if (fault) told.push(fault.what);
  try {
    await using store = await openStore(options);
    told.push(...store.repairs, ...store.losses);
    return { told, alerts: store.state.alerts };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { told: [...told, error.message], alerts: null };
  }
};

const flipped = (bytes: Buffer, at: number): Buffer => {
  bytes[at] = bytes[at]! ^ (1 << (at % 8));
  return bytes;
};

/** A place in the journal, by its share of the way through all of its files of a kind. */
const placeAt = async (disk: MemoryDisk, share: number, kind: RegExp): Promise<{ file: string; at: number }> => {
  const files = disk
    .files()
    .filter((path) => kind.test(path))
    .toSorted();
  const exact = share * files.length;
  const file = files[Math.floor(exact)]!;
  return { file, at: Math.floor((exact % 1) * (await disk.read(file)).length) };
};

const SEGMENT = /\.jsonl(?:\.gz)?$/u;
const PROJECTION = /db\.json$/u;
const SNAPSHOT = /\.snapshot\.json$/u;

type Harm = {
  readonly what: string;
  readonly kind: RegExp;
  readonly count: number;
  readonly edit: (bytes: Buffer, at: number) => Buffer | undefined;
};

const HARMS: readonly Harm[] = [
  { what: 'a byte flipped', kind: SEGMENT, count: 120, edit: flipped },
  { what: 'a file cut', kind: SEGMENT, count: 60, edit: (bytes, at) => bytes.subarray(0, at) },
  { what: 'a segment removed', kind: SEGMENT, count: 6, edit: () => undefined },
  { what: 'a byte of db.json flipped', kind: PROJECTION, count: 40, edit: flipped },
  { what: 'db.json cut', kind: PROJECTION, count: 10, edit: (bytes, at) => bytes.subarray(0, at) },
  { what: 'db.json removed', kind: PROJECTION, count: 1, edit: () => undefined },
  { what: 'a byte of a snapshot flipped', kind: SNAPSHOT, count: 20, edit: flipped },
  { what: 'a snapshot removed', kind: SNAPSHOT, count: 1, edit: () => undefined },
];

/** Whether a state is what it was after one of the events, so that nothing but the last ones is missing. */
const isPrefix = (alerts: State['alerts'], all: State['alerts']): boolean => {
  const count = Object.keys(alerts).length;
  const first = Object.fromEntries(Object.entries(all).filter(([id]) => Number(id.slice(1)) <= count));
  return isDeepStrictEqual(alerts, first);
};

/** What is wrong with what became of damage; undefined where it was refused, changed nothing, or was told with what is missing. */
const wrongWith = ({ told, alerts }: Told, all: State['alerts']): string | undefined => {
  if (alerts === null || isDeepStrictEqual(alerts, all)) return undefined;
  if (told.length === 0) return 'is not told';
  return isPrefix(alerts, all) ? undefined : `leads to another state: ${Object.keys(alerts).join(' ')}`;
};

test('[STO-2] damage at two hundred positions: recovered as it was or as it was before the last events, which is told, or refused', async () => {
  const sound = await killedMachine();
  const wrong: string[] = [];
  const before = await toldOf(sound.restarted(), optionsOn(sound.restarted(), { limits: LIMITS }));
  const all = before.alerts!;
  expect(Object.keys(all)).toHaveLength(EVENTS);
  for (const { what, kind, count, edit } of HARMS)
    for (let n = 0; n < count; n += 1) {
      const disk = sound.restarted();
      const { file, at } = await placeAt(disk, n / count, kind);
      disk.harm(file, (bytes) => edit(bytes, at));
      const found = wrongWith(await toldOf(disk, optionsOn(disk, { limits: LIMITS })), all);
      if (found !== undefined) wrong.push(`${what} at ${n} of ${count} ${found}`);
    }
  expect(wrong).toEqual([]);
  expect(HARMS.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(200);
});

test.each([
  ['the journal', (path: string) => SEGMENT.test(path) || SNAPSHOT.test(path)],
  ['everything', () => true],
])('[STO-2] %s gone is told', async (_what, isGone) => {
  const disk = await killedMachine();
  for (const path of disk.files().filter((one) => !one.endsWith('.mark') && isGone(one)))
    disk.harm(path, () => undefined);
  const { told } = await toldOf(disk, optionsOn(disk, { limits: LIMITS }));
  expect(told.join()).toMatch(/the journal has lost events|had been acknowledged and are gone/u);
});

test('[STO-2] a byte that was flipped anywhere in a journal without a projection is noticed', async () => {
  const machine = (await newMachine(randomOf(7))).restarted();
  const options = optionsOn(machine);
  {
    await using store = await openStore(options);
    for (let n = 1; n <= 3; n += 1) await store.append([alert(`a${n}`)], BY_CLI);
  }
  for (const file of [options.paths.projection, `${options.paths.projection}.bak`]) machine.harm(file, () => undefined);
  const segment = machine.files().find((path) => SEGMENT.test(path))!;
  const unseen: number[] = [];
  const codes = new Map<string, number>();
  for (let at = 0; at < (await machine.read(segment)).length; at += 1) {
    const disk = machine.restarted();
    disk.harm(segment, (bytes) => flipped(bytes, at));
    const error: unknown = await openStore(optionsOn(disk)).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (error instanceof AppError) codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
    else unseen.push(at);
  }
  expect(unseen).toEqual([]);
  expect([...codes.keys()].toSorted()).toEqual(['store/damaged', 'store/newer']);
  expect(codes.get('store/newer')).toBe(1);
});
