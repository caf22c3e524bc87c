import { appendFileSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openTestTarget, TARGET_KINDS } from './target-kinds.ts';

const SIZE = { cols: 80, rows: 24 };

const nameOf = (segment: number, ending: string) => `${String(segment).padStart(6, '0')}.${ending}`;

const stage = async (kind: (typeof TARGET_KINDS)[number]) => {
  const opened = await openTestTarget(kind);
  const folder = join(opened.root, 'log');
  const { logs } = opened.target;
  await logs.begin(folder, SIZE);
  return {
    ...opened,
    folder,
    logs,
    print: (segment: number, bytes: string | Uint8Array) => appendFileSync(join(folder, nameOf(segment, 'log')), bytes),
  };
};

const collect = async (pieces: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
};

describe.each(TARGET_KINDS)('logs of a %s target', (kind) => {
  test('each start begins a segment of its own with an empty screen of its size', async () => {
    await using it = await stage(kind);
    it.print(1, 'x');
    expect(await it.logs.begin(it.folder, { cols: 100, rows: 30 })).toBe(2);
    expect(JSON.parse(readFileSync(join(it.folder, nameOf(2, 'seed')), 'utf8'))).toEqual({
      ...{ segment: 2, cols: 100, rows: 30, text: '' },
    });
  });

  test('what earlier starts printed is bounded by size and by number, the newest are kept', async () => {
    await using it = await stage(kind);
    for (let segment = 1; segment <= 5; segment += 1) {
      it.print(segment, '');
      truncateSync(join(it.folder, nameOf(segment, 'log')), 4 * 1024 * 1024);
    }
    expect(await it.logs.begin(it.folder, SIZE)).toBe(6);
    expect(readdirSync(it.folder)).toEqual([3, 4, 5].map((n) => nameOf(n, 'log')).concat(nameOf(6, 'seed')));
    for (let segment = 6; segment <= 130; segment += 1) it.print(segment, '');
    await it.logs.begin(it.folder, SIZE);
    expect(readdirSync(it.folder).filter((one) => one.endsWith('.log'))).toHaveLength(100);
  });

  test('the last bytes come as they were printed, over several segments; of a log that is not there, none', async () => {
    await using it = await stage(kind);
    const bytes = Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * 7) % 256);
    it.print(1, bytes);
    it.print(2, 'the end');
    const all = await collect(it.logs.read(it.folder, 10_000_000));
    expect(all.equals(Buffer.concat([bytes, Buffer.from('the end')]))).toBe(true);
    expect((await collect(it.logs.read(it.folder, 5))).toString()).toBe('e end');
    expect(await collect(it.logs.read(`${it.folder}-not`, 5))).toHaveLength(0);
  });

  test('who has read enough of a log just leaves', async () => {
    await using it = await stage(kind);
    it.print(1, new Uint8Array(8 * 1024 * 1024));
    let pieces = 0;
    for await (const _piece of it.logs.read(it.folder, 10_000_000)) {
      pieces += 1;
      if (pieces === 2) break;
    }
    expect(pieces).toBe(2);
    expect(await collect(it.logs.read(it.folder, 3))).toHaveLength(3);
  });

  test('what is printed later follows the last bytes, across segments, until it is enough', async () => {
    await using it = await stage(kind);
    it.print(1, 'before');
    const stop = new AbortController();
    const heard = it.logs.tail(it.folder, 3, stop.signal)[Symbol.asyncIterator]();
    const next = async () => Buffer.from((await heard.next()).value ?? []).toString();
    expect(await next()).toBe('ore');
    it.print(1, 'then');
    expect(await next()).toBe('then');
    it.print(2, 'anew');
    expect(await next()).toBe('anew');
    const over = heard.next();
    stop.abort();
    expect((await over).done).toBe(true);
  });

  test('it is known when a log has grown last', async () => {
    await using it = await stage(kind);
    expect(await it.logs.grownAt(it.folder)).toBe(0);
    expect(await it.logs.grownAt(`${it.folder}-not`)).toBe(0);
    for (const [segment, seconds] of [
      [1, 50],
      [2, 40.5],
    ] as const) {
      it.print(segment, '');
      utimesSync(join(it.folder, nameOf(segment, 'log')), seconds, seconds);
    }
    expect(await it.logs.grownAt(it.folder)).toBe(40_500);
  });

  test('a photograph is wanted of a log that went on, and of one whose size has changed', async () => {
    await using it = await stage(kind);
    it.print(1, '');
    expect(await it.logs.photographSegment(it.folder, SIZE)).toBeNull();
    expect(await it.logs.photographSegment(it.folder, { ...SIZE, cols: 81 })).toBe(2);
    it.print(2, '');
    expect(await it.logs.photographSegment(it.folder, SIZE)).toBe(3);
    writeFileSync(join(it.folder, nameOf(2, 'seed')), 'broken');
    expect(await it.logs.photographSegment(it.folder, SIZE)).toBe(3);
  });

  test('what is read comes with the times between which it was printed, as far as that was noted', async () => {
    await using it = await stage(kind);
    it.print(1, 'abc');
    await it.logs.noteTime(it.folder, 1000);
    it.print(1, 'def');
    await it.logs.noteTime(it.folder, 2000);
    it.print(2, 'gh');
    await it.logs.noteTime(it.folder, 3000);
    it.print(2, 'i');
    const read = async (tailBytes: number) => {
      const parts: string[] = [];
      for await (const { bytes, after, by } of it.logs.readTimed(it.folder, tailBytes))
        parts.push(`${new TextDecoder().decode(bytes)} ${after}-${by}`);
      return parts;
    };
    expect(await read(100)).toEqual(['abc null-1000', 'def 1000-2000', 'gh 2000-3000', 'i 3000-null']);
    expect(await read(4)).toEqual(['f 1000-2000', 'gh 2000-3000', 'i 3000-null']);
    expect(await read(0)).toEqual([]);
    // A terminal that was still for long printed after the last look at it.
    await it.logs.noteTime(it.folder, 4000);
    await it.logs.noteTime(it.folder, 9000);
    it.print(2, 'j');
    await it.logs.noteTime(it.folder, 9500);
    expect(await read(1)).toEqual(['j 9000-9500']);
  });

  test('what was printed last before a late look has the time at which it was printed', async () => {
    await using it = await stage(kind);
    it.print(1, 'abc');
    const printed = new Date('2026-01-01T00:00:05.000Z');
    utimesSync(join(it.folder, nameOf(1, 'log')), printed, printed);
    await it.logs.noteTime(it.folder, printed.getTime() + 10_000);
    expect(readFileSync(join(it.folder, 'times'), 'utf8')).toBe(`${printed.getTime()} 1 3\n`);
  });

  test('how far a log has come is noted for each growth, and when it had not grown yet', async () => {
    await using it = await stage(kind);
    await it.logs.noteTime(it.folder, 1000);
    it.print(1, 'abc');
    await it.logs.noteTime(it.folder, 2000);
    await it.logs.noteTime(it.folder, 3000);
    it.print(1, 'd');
    await it.logs.noteTime(it.folder, 4000);
    expect(readFileSync(join(it.folder, 'times'), 'utf8')).toBe('2000 1 3\n3000 1 3\n4000 1 4\n');
    // The folder has been as it is for a while: what is news is seen all the same.
    const old = Date.now() / 1000 - 60;
    for (const at of [5000, 6000]) {
      utimesSync(it.folder, old, old);
      await it.logs.noteTime(it.folder, at);
    }
    it.print(1, 'e');
    await it.logs.noteTime(it.folder, 7000);
    utimesSync(it.folder, old, old);
    await it.logs.noteTime(it.folder, 8000);
    it.print(2, 'f');
    await it.logs.noteTime(it.folder, 9000);
    expect(readFileSync(join(it.folder, 'times'), 'utf8')).toBe(
      '2000 1 3\n3000 1 3\n4000 1 4\n6000 1 4\n7000 1 5\n8000 1 5\n9000 2 1\n',
    );
  });
});
