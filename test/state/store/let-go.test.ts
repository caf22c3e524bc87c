import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OldEvents } from '../../../src/ports/history.ts';
import { writeBase } from '../../../src/state/store/base.ts';
import { checkJournal } from '../../../src/state/store/check.ts';
import { realDisk } from '../../../src/state/store/disk.ts';
import { type OpenStore, openStore, type StoreOptions } from '../../../src/state/store/open.ts';
import { rebuildProjection } from '../../../src/state/store/rebuild.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { timeOf } from '../story.ts';
import { alert, BY_CLI, listed, optionsIn } from './place.ts';

const LIMITS = { events: 4, bytes: 1e6, live: 2 };

const momentOf = (n: number): number => Date.parse(timeOf(n));

/** Options of a store in which event n happens at second n. */
const optionsWithTimes = (
  folder: string,
  changes: Partial<StoreOptions> = {},
): StoreOptions & { setTime(n: number): void } => {
  let at = 0;
  return {
    ...optionsIn(folder, { limits: LIMITS, ...changes }),
    now: () => timeOf(at),
    setTime: (n) => {
      at = n;
    },
  };
};

const fill = async (store: OpenStore, options: { setTime(n: number): void }, count: number): Promise<void> => {
  for (let left = count; left > 0; left -= 1) {
    options.setTime(store.state.seq + 1);
    await store.append([alert(`a${store.state.seq + 1}`)], BY_CLI);
  }
};

/** Eighteen events in five segments: two packed, two full ones, and one that is written to. */
const EVENTS = 18;

const letGo = async ({ history }: OpenStore, before: number): Promise<OldEvents> => {
  const { kept } = await history.old(before);
  return history.letGo(before, kept.from.seq);
};

const seqsOf = async (store: OpenStore, from = 1): Promise<readonly number[]> =>
  (await listed(store, from)).map(({ seq }) => seq);

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, n) => from + n);

const faultsOf = async ({ paths }: StoreOptions): Promise<readonly string[]> => {
  const told: string[] = [];
  for await (const { fault } of checkJournal(paths.journal)) if (fault) told.push(fault.what);
  return told;
};

const segmentsOf = ({ paths }: StoreOptions): readonly string[] =>
  readdirSync(paths.journal)
    .filter((name) => /\.jsonl(?:\.gz)?$/u.test(name))
    .toSorted();

test('[STO-5] whole segments that are older than a moment go for good, packed or not, and the state needs none of them', async () => {
  using folder = temporaryFolder('let-go');
  const options = optionsWithTimes(folder.path);
  {
    await using store = await openStore(options);
    await fill(store, options, EVENTS);
    // Five files: two are packed, and what they were packed from is gone.
    await expect
      .poll(() => segmentsOf(options).map((name) => name.slice('000000000'.length)))
      .toEqual(['001.jsonl.gz', '005.jsonl.gz', '009.jsonl', '013.jsonl', '017.jsonl']);
    const sizes = segmentsOf(options).map((name) => statSync(`${options.paths.journal}/${name}`).size);
    const found = await store.history.old(momentOf(15));
    expect(found).toEqual({
      old: {
        events: 12,
        from: { seq: 1, at: timeOf(1) },
        to: { seq: 12, at: timeOf(12) },
        files: 3,
        bytes: sizes[0]! + sizes[1]! + sizes[2]!,
      },
      kept: { from: { seq: 13, at: timeOf(13) } },
    });
    const known = store.state;
    expect(await store.firstKept()).toBe(1);
    // Looking changes nothing.
    expect(await seqsOf(store)).toEqual(range(1, EVENTS));
    expect(await store.history.letGo(momentOf(15), 13)).toEqual(found);
    expect(segmentsOf(options)).toEqual(['000000000013.jsonl', '000000000017.jsonl']);
    expect([await seqsOf(store), await seqsOf(store, 3), await seqsOf(store, 15)]).toEqual([
      range(13, EVENTS),
      range(13, EVENTS),
      range(15, EVENTS),
    ]);
    expect([store.state, await store.firstKept()]).toEqual([known, 13]);
    expect(await store.rebuild()).toMatchObject({ equal: true, trouble: null });
    await fill(store, options, 20);
    expect(await seqsOf(store)).toEqual(range(13, 38));
  }
  expect(await faultsOf(options)).toEqual([]);
  await using again = await openStore(options);
  expect([again.repairs, again.losses, Object.keys(again.state.alerts).length]).toEqual([[], [], 38]);
});

test('[STO-5] the segment that is written to stays, however old it is, and so does one with anything newer in it', async () => {
  using folder = temporaryFolder('let-go');
  const options = optionsWithTimes(folder.path);
  await using store = await openStore(options);
  await fill(store, options, 3);
  const nothing = { old: null, kept: { from: { seq: 1, at: timeOf(1) } } };
  expect(await letGo(store, momentOf(1000))).toEqual(nothing);
  await fill(store, options, EVENTS - 3);
  expect(await letGo(store, momentOf(4))).toEqual(nothing);
  expect(await seqsOf(store)).toEqual(range(1, EVENTS));
  expect((await letGo(store, momentOf(1000))).kept.from).toEqual({ seq: 17, at: timeOf(17) });
  expect(await seqsOf(store)).toEqual([17, 18]);
  expect(await letGo(store, momentOf(1000))).toEqual({ old: null, kept: { from: { seq: 17, at: timeOf(17) } } });
});

test('[STO-5] without db.json and its backup the state comes from what stays beside the journal', async () => {
  using folder = temporaryFolder('let-go');
  const options = optionsWithTimes(folder.path);
  {
    await using store = await openStore(options);
    await fill(store, options, EVENTS);
    await letGo(store, momentOf(1000));
    await fill(store, options, 3);
  }
  const { projection } = options.paths;
  for (const file of [projection, `${projection}.bak`]) rmSync(file, { force: true });
  expect(await rebuildProjection(options.paths)).toEqual({ seq: 21 });
  rmSync(projection);
  await using store = await openStore(options);
  expect([store.losses, Object.keys(store.state.alerts).length]).toEqual([[], 21]);
});

test('[STO-5] history before a gap that a repair left goes as well, and what is left still leads to the state', async () => {
  using folder = temporaryFolder('let-go');
  const options = optionsWithTimes(folder.path);
  {
    await using store = await openStore(options);
    await fill(store, options, EVENTS);
    // As after a repair that had to go on from a state.
    await writeBase(options.paths, { state: store.state, crc: 1 }, timeOf(18));
  }
  const { journal } = options.paths;
  const base = `${journal}/000000000019.state.json`;
  writeFileSync(
    `${journal}/000000000003.state.json`,
    (await readFile(base, 'utf8')).replaceAll('"seq": 18', '"seq": 2'),
  );
  rmSync(base);
  await using store = await openStore(options);
  await letGo(store, momentOf(15));
  expect(existsSync(`${journal}/000000000003.state.json`)).toBe(false);
  expect(await store.rebuild()).toMatchObject({ equal: true });
});

test('[STO-5] an old segment that cannot be read goes with what is newer than it and old enough', async () => {
  using folder = temporaryFolder('let-go');
  const options = optionsWithTimes(folder.path);
  await using store = await openStore(options);
  await fill(store, options, EVENTS);
  await expect.poll(() => segmentsOf(options)[1]).toBe('000000000005.jsonl.gz');
  writeFileSync(`${options.paths.journal}/000000000001.jsonl.gz`, 'nothing that can be unpacked');
  expect(await faultsOf(options)).toHaveLength(1);
  const { old, kept } = await letGo(store, momentOf(9));
  expect([old!.events, old!.from, kept.from.seq]).toEqual([8, { seq: 1, at: null }, 9]);
  expect(await faultsOf(options)).toEqual([]);
});

test('[STO-5] whoever lists or checks the journal while old events go gets what is there, and no error', async () => {
  using folder = temporaryFolder('let-go');
  const options = optionsWithTimes(folder.path, { limits: { ...LIMITS, live: 1 } });
  await using store = await openStore(options);
  await fill(store, options, 60);
  const reader = store.events(1)[Symbol.asyncIterator]();
  const checker = checkJournal(options.paths.journal);
  expect([(await reader.next()).value.seq, (await checker.next()).value!.fault]).toEqual([1, null]);
  await letGo(store, momentOf(45));
  const rest: number[] = [];
  for (let next = await reader.next(); !next.done; next = await reader.next()) rest.push(next.value.seq);
  expect(rest).toEqual([...range(2, 4), ...range(45, 60)]);
  for await (const { fault } of checker) expect(fault).toBeNull();
});

test('[STO-5] nothing newer than the moment ever goes, all that could goes, and what stays is whole', async () => {
  const event = fc.record({
    after: fc.integer({ min: -2, max: 9 }),
    cut: fc.option(fc.integer({ min: 0, max: 120 }), { freq: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 30 }), async (events) => {
      using folder = temporaryFolder('let-go');
      const options = optionsWithTimes(folder.path, { limits: { events: 3, bytes: 1e6, live: 1 } });
      await using store = await openStore(options);
      const times: number[] = [];
      let begin = 1;
      for (const { after, cut } of events) {
        times.push(Math.max(0, (times.at(-1) ?? 0) + after));
        options.setTime(times.at(-1)!);
        await store.append([alert(`a${times.length}`)], BY_CLI);
        if (cut === null) continue;
        const { kept, old } = await letGo(store, momentOf(cut));
        const gone = times.slice(begin - 1, kept.from.seq - 1);
        expect(old?.events ?? 0).toBe(gone.length);
        // A segment is judged by its last event, as clocks that are set back have it.
        for (let last = begin + 2; last < kept.from.seq; last += 3) expect(times[last - 1]).toBeLessThan(cut);
        const isLive = kept.from.seq + 2 >= times.length;
        if (!isLive) expect(times[kept.from.seq + 1]).toBeGreaterThanOrEqual(cut);
        begin = kept.from.seq;
        expect(await seqsOf(store)).toEqual(range(begin, times.length));
        expect((await store.rebuild()).equal).toBe(true);
      }
      expect(await faultsOf(options)).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test('[STO-5] a disk that is full lets go of nothing, and says so in a sentence', async () => {
  using folder = temporaryFolder('let-go');
  let isFull = false;
  const options = optionsWithTimes(folder.path, {
    disk: {
      ...realDisk,
      open: async (path, flags) => {
        if (isFull && path.includes('/journal/')) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        return realDisk.open(path, flags);
      },
    },
  });
  await using store = await openStore(options);
  await fill(store, options, EVENTS);
  isFull = true;
  await expect(letGo(store, momentOf(15))).rejects.toMatchObject({
    code: 'store/not-cleaned',
    message: 'old events could not be let go of: the disk is full',
  });
  isFull = false;
  expect(await seqsOf(store)).toEqual(range(1, EVENTS));
  expect((await letGo(store, momentOf(15))).old?.events).toBe(12);
});
