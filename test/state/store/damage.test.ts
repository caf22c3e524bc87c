import { appendFileSync, copyFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { AppError } from '../../../src/lib/errors.ts';
import { unknownEvent } from '../../../src/state/errors.ts';
import { checkJournal } from '../../../src/state/store/check.ts';
import { storeDamaged, storeNewer } from '../../../src/state/store/errors.ts';
import { chainChecksum, hex } from '../../../src/state/store/line.ts';
import { openStore, type StoreOptions } from '../../../src/state/store/open.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { alert, BY_CLI, firstSegment, listed, optionsIn, withoutSnapshots } from './place.ts';

const LIMITS = { limits: { events: 4, bytes: 1e6 } };

/** Leaves a closed store with alerts a1 … an, each appended alone, in segments of four. */
const filled = async (options: StoreOptions, count: number): Promise<void> => {
  await using store = await openStore(options);
  for (let n = 1; n <= count; n += 1) await store.append([alert(`a${n}`)], BY_CLI);
};

const segment = ({ paths }: StoreOptions, first: number): string =>
  `${paths.journal}/${String(first).padStart(12, '0')}.jsonl`;

/** Leaves nothing that knows a state but the events. */
const withoutStates = ({ paths }: StoreOptions): void => {
  withoutSnapshots(paths);
  for (const file of [paths.projection, `${paths.projection}.bak`]) rmSync(file, { force: true });
};

/** How opening fails; fails the test when it does not. */
const refusal = async (options: StoreOptions): Promise<AppError> => {
  const outcome = await openStore(options).then(
    async (store) => store[Symbol.asyncDispose](),
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(Error);
  return outcome as AppError;
};

test('[STO-2] half an event at the end is dropped, reported and recorded', async () => {
  using folder = temporaryFolder('damage');
  const options = optionsIn(folder.path);
  await filled(options, 3);
  appendFileSync(firstSegment(options.paths), '0123abcd {"seq":4,"at":"2026-01-0');
  await using store = await openStore(options);
  expect(store.repairs).toEqual([expect.stringContaining('000000000001.jsonl ended in half an event')]);
  expect(Object.keys(store.state.alerts)).toEqual(['a1', 'a2', 'a3']);
  expect(await listed(store, 4)).toMatchObject([
    { seq: 4, type: 'journal.repaired', actor: 'daemon', data: { message: store.repairs[0] } },
  ]);
  expect(await store.append([alert('next')], BY_CLI)).toMatchObject([{ seq: 5 }]);
});

test('[STO-2] of facts that belong together none is there when one is missing', async () => {
  using folder = temporaryFolder('damage');
  const options = optionsIn(folder.path);
  await filled(options, 1);
  withoutStates(options);
  const file = firstSegment(options.paths);
  const before = readFileSync(file, 'utf8').length;
  {
    await using store = await openStore(options);
    await store.append([alert('b1'), alert('b2'), alert('b3')], BY_CLI);
  }
  const whole = readFileSync(file);
  const repaired = whole.indexOf('"b1"');
  expect(repaired).toBeGreaterThan(before);
  // The group starts behind the note of the repair that the open above made.
  const start = whole.lastIndexOf('\n', repaired) + 1;
  for (let size = start; size < whole.length; size += 7) {
    withoutStates(options);
    writeFileSync(file, whole.subarray(0, size));
    await using store = await openStore(options);
    expect(Object.keys(store.state.alerts)).toEqual(['a1']);
  }
});

test('[STO-2] zeros that a power cut left at the end count as not written', async () => {
  using folder = temporaryFolder('damage');
  const options = optionsIn(folder.path);
  await filled(options, 2);
  appendFileSync(firstSegment(options.paths), Buffer.alloc(500));
  await using store = await openStore(options);
  expect(store.repairs).toHaveLength(1);
  expect(store.state.alerts).toHaveProperty('a2');
});

test('a damaged line is named with its file, and what can be done', async () => {
  using folder = temporaryFolder('damage');
  const options = optionsIn(folder.path);
  await filled(options, 3);
  const file = firstSegment(options.paths);
  writeFileSync(file, readFileSync(file, 'utf8').replace('"a2"', '"a9"'));
  const error = await refusal(options);
  expect(error).toMatchObject({
    code: 'store/damaged',
    exit: 1,
    message: `${file} is damaged at line 3: its checksum does not fit`,
  });
  expect(error.hint).toContain('backup');
});

test.each([
  [
    'a segment in the middle is gone',
    (o: StoreOptions) => rmSync(segment(o, 5)),
    /000000000009\.jsonl.* does not continue/,
  ],
  ['the first segment is gone', (o: StoreOptions) => rmSync(segment(o, 1)), /000000000005\.jsonl.* begins at event 5/],
  [
    'an earlier segment lost its end',
    (o: StoreOptions) => truncateSync(segment(o, 5), 300),
    /000000000005\.jsonl.* end is missing/,
  ],
  [
    'a segment has another’s place',
    (o: StoreOptions) => copyFileSync(segment(o, 1), segment(o, 5)),
    /000000000005\.jsonl.* header/,
  ],
])('%s: refused by name', async (_what, harm, message) => {
  using folder = temporaryFolder('damage');
  const options = optionsIn(folder.path, LIMITS);
  await filled(options, 10);
  withoutStates(options);
  harm(options);
  const error = await refusal(options);
  expect(error.message).toMatch(message);
  expect(storeDamaged.matches(error)).toBe(true);
});

test('[STO-2] a journal that ends before what the projection knows: the state goes on, and what cannot be listed is told', async () => {
  using folder = temporaryFolder('damage');
  const options = optionsIn(folder.path, LIMITS);
  await filled(options, 10);
  rmSync(segment(options, 9));
  {
    await using store = await openStore(options);
    expect(store.losses).toEqual([
      'the journal has lost events 9 to 10: the state is whole, but what happened then cannot be listed',
    ]);
    expect(Object.keys(store.state.alerts)).toHaveLength(10);
    await store.append([alert('next')], BY_CLI);
  }
  // Behind the gap the journal leads to the same state again, also without the projection.
  withoutStates(options);
  await using store = await openStore(options);
  expect(store.losses).toEqual([]);
  expect(Object.keys(store.state.alerts)).toHaveLength(11);
});

test('[STO-2] a state is kept with each full segment: a start without db.json needs nothing of what is before it', async () => {
  using folder = temporaryFolder('damage');
  const options = optionsIn(folder.path, LIMITS);
  await filled(options, 10);
  for (const file of [options.paths.projection, `${options.paths.projection}.bak`]) rmSync(file);
  writeFileSync(segment(options, 1), 'nonsense');
  rmSync(segment(options, 5));
  await using store = await openStore(options);
  expect(Object.keys(store.state.alerts)).toHaveLength(10);
  expect(store.repairs).toEqual(['db.json was missing', 'the state was rebuilt from the journal']);
  const faults: string[] = [];
  for await (const { fault } of checkJournal(options.paths.journal)) if (fault) faults.push(fault.what);
  expect(faults).toEqual([expect.stringContaining('header')]);
});

test('[STO-2] a state beside a segment that is of another event is not gone on from', async () => {
  using folder = temporaryFolder('damage');
  const options = optionsIn(folder.path, LIMITS);
  await filled(options, 10);
  const beside = (first: number) => segment(options, first).replace('.jsonl', '.snapshot.json');
  copyFileSync(beside(5), beside(9));
  for (const file of [options.paths.projection, `${options.paths.projection}.bak`]) rmSync(file);
  await using store = await openStore(options);
  expect(Object.keys(store.state.alerts)).toHaveLength(10);
});

test('[STO-1] a db.json of which one letter has become another one is set aside', async () => {
  using folder = temporaryFolder('damage');
  const options = optionsIn(folder.path);
  await filled(options, 3);
  const { projection } = options.paths;
  writeFileSync(projection, readFileSync(projection, 'utf8').replace('something happened', 'something happens?'));
  await using store = await openStore(options);
  expect(Object.values(store.state.alerts).map(({ text }) => text)).toEqual(Array(3).fill('something happened'));
  expect(store.repairs[0]).toBe('db.json was damaged (its checksum does not fit): kept as db.json.damaged');
});

test('an event that this version does not know is refused, not skipped', async () => {
  using folder = temporaryFolder('damage');
  const options = optionsIn(folder.path);
  await filled(options, 1);
  withoutStates(options);
  const file = firstSegment(options.paths);
  const crc = Number.parseInt(readFileSync(file, 'utf8').split('\n')[1]!.slice(0, 8), 16);
  const json = '{"seq":2,"at":"x","corr":"k","actor":"cli","type":"agent.cloned","data":{}}';
  appendFileSync(file, `${hex(chainChecksum(json, crc))} ${json}\n`);
  expect(await refusal(options)).toSatisfy(unknownEvent.matches);
});

test('an event with a number that is not its place is refused', async () => {
  using folder = temporaryFolder('damage');
  const options = optionsIn(folder.path);
  await filled(options, 1);
  withoutStates(options);
  const file = firstSegment(options.paths);
  const crc = Number.parseInt(readFileSync(file, 'utf8').split('\n')[1]!.slice(0, 8), 16);
  const json = '{"seq":5,"at":"x","corr":"k","actor":"cli","type":"daemon.stopped","data":{"pid":1}}';
  appendFileSync(file, `${hex(chainChecksum(json, crc))} ${json}\n`);
  expect((await refusal(options)).message).toContain('event 5 instead of 2');
});

test('a journal of a later format is refused', async () => {
  using folder = temporaryFolder('damage');
  const options = optionsIn(folder.path);
  await filled(options, 1);
  const file = firstSegment(options.paths);
  writeFileSync(file, readFileSync(file, 'utf8').replace('# v1', '# v2'));
  expect(await refusal(options)).toSatisfy(storeNewer.matches);
});

test('a store that could not be opened is free for the next who tries', async () => {
  using folder = temporaryFolder('damage');
  const options = optionsIn(folder.path);
  await filled(options, 1);
  const file = firstSegment(options.paths);
  const sound = readFileSync(file);
  writeFileSync(file, 'nonsense');
  await refusal(options);
  writeFileSync(file, sound);
  await using store = await openStore(options);
  expect(store.state.seq).toBe(1);
  expect(existsSync(`${options.paths.lock}.pid`)).toBe(true);
});
