import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { verifyAudit } from '../../src/audit/chain.ts';
import { openAudit } from '../../src/audit/open.ts';
import type { AuditEntry } from '../../src/ports/audit.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const AT = '2026-01-01T00:00:00.000Z';

const entry = (n: number): AuditEntry => ({
  ...{ at: AT, actor: 'cli', role: 'admin', seen: 'it is a test', corr: `c-${n}`, command: `stop instance i-${n}` },
  ...{
    targets: [`i-${n}`],
    decision: n % 2 === 0 ? 'denied' : 'allowed',
    exit: n % 2 === 0 ? 4 : 0,
    result: 'Grün 🌱.',
  },
});

/** Half a dozen records in files of two. */
const LONGEST = 500;

const stage = () => {
  const folder = temporaryFolder('audit');
  const complaints: string[] = [];
  const open = () =>
    openAudit({ folder: folder.path, now: () => AT, complain: (line) => void complaints.push(line), longest: LONGEST });
  return {
    folder: folder.path,
    complaints,
    open,
    files: () =>
      readdirSync(folder.path)
        .filter((name) => name !== 'tip')
        .toSorted(),
    path: (name: string) => join(folder.path, name),
    fill: async (count: number): Promise<void> => {
      const audit = await open();
      for (let n = 1; n <= count; n += 1) await audit.note(entry(n));
      await audit.close();
    },
    verify: () => verifyAudit(folder.path),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
};

test.skipIf(process.platform !== 'linux')(
  'where the end is written down is on the disk from the first time on: a power cut is not taken for somebody’s doing',
  async () => {
    using it = stage();
    const handle = await open(it.folder);
    const prototype = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const synced: string[] = [];
    const { sync } = prototype;
    using _spy = vi.spyOn(prototype, 'sync').mockImplementation(function (this: FileHandle) {
      synced.push(basename(readlinkSync(`/proc/self/fd/${this.fd}`)));
      return sync.call(this);
    });
    await it.fill(1);
    expect(synced).toEqual(['tip']);
    await it.fill(1);
    expect(synced).toEqual(['tip']);
  },
);

test('[SEC-2] the chain goes on from file to file and from daemon to daemon', async () => {
  using it = stage();
  await it.fill(3);
  await it.fill(3);
  expect(it.files()).toEqual(['000000000001.jsonl', '000000000003.jsonl', '000000000005.jsonl']);
  const { tip, fault } = await it.verify();
  expect([tip.seq, fault]).toEqual([6, null]);
  const audit = await it.open();
  const seen: unknown[] = [];
  for await (const { seq, corr } of audit.records()) seen.push([seq, corr]);
  await audit.close();
  expect(seen).toEqual([1, 2, 3, 4, 5, 6].map((seq) => [seq, `c-${((seq - 1) % 3) + 1}`]));
});

test('[SEC-2] whichever byte is changed, its line is named', async () => {
  using it = stage();
  await it.fill(6);
  const originals = new Map(it.files().map((name) => [name, readFileSync(it.path(name))]));
  const place = fc
    .constantFrom(...originals.keys())
    .chain((name) => fc.record({ name: fc.constant(name), at: fc.nat(originals.get(name)!.length - 1) }));
  await fc.assert(
    fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async ({ name, at }, change) => {
      const bytes = Buffer.from(originals.get(name)!);
      const line = bytes.toString('latin1', 0, at).split('\n').length;
      bytes[at]! ^= change;
      writeFileSync(it.path(name), bytes);
      const { fault } = await it.verify();
      writeFileSync(it.path(name), originals.get(name)!);
      expect(fault).toMatchObject({ file: name, line });
    }),
    { numRuns: 100 },
  );
});

test('[SEC-2] a line that is removed, moved or cut off shows, and so does a file', async () => {
  using it = stage();
  await it.fill(6);
  const [first, second, last] = it.files() as [string, string, string];
  const damaged = async (name: string, edit: (lines: string[]) => string[]) => {
    const text = readFileSync(it.path(name), 'utf8');
    writeFileSync(it.path(name), `${edit(text.trimEnd().split('\n')).join('\n')}\n`);
    const { fault } = await it.verify();
    writeFileSync(it.path(name), text);
    return fault && `${fault.file}:${fault.line} ${fault.what}`;
  };
  const [one, two, three] = [0, 1, 2];
  expect(await damaged(second, (lines) => lines.toSpliced(1, 1))).toBe(`${second}:2 before it record 3 is missing`);
  expect(await damaged(second, (lines) => lines.slice(0, -1))).toBe(`${last}:1 before it record 4 is missing`);
  expect(await damaged(last, (lines) => lines.slice(0, -1))).toBe(`${last}:3 at the end record 6 is missing`);
  expect(await damaged(first, (lines) => [lines[one]!, lines[three]!, lines[two]!])).toBe(
    `${first}:2 before it record 1 is missing`,
  );
  for (const [name, told] of [
    [first, `${second}:1 before it records 1 to 2 are missing`],
    [second, `${last}:1 before it records 3 to 4 are missing`],
    [last, `${second}:4 at the end records 5 to 6 are missing`],
    ['tip', 'tip:1 the end of the audit is not written down there'],
  ] as const) {
    const bytes = readFileSync(it.path(name));
    rmSync(it.path(name));
    const { fault } = await it.verify();
    writeFileSync(it.path(name), bytes);
    expect(`${fault?.file}:${fault?.line} ${fault?.what}`).toBe(told);
  }
  expect((await it.verify()).fault).toBeNull();
});

test('records that were cut off while no daemon ran stay a fault for good', async () => {
  using it = stage();
  await it.fill(2);
  const [file] = it.files() as [string];
  const text = readFileSync(it.path(file), 'utf8');
  writeFileSync(it.path(file), `${text.trimEnd().split('\n').slice(0, -1).join('\n')}\n`);
  await it.fill(2);
  const { fault } = await it.verify();
  expect(fault).toEqual({ file, line: 3, what: 'at the end record 2 is missing, as a daemon found when it started' });
});

test('half a line, as a power cut leaves it, is dropped and told of, and is no fault', async () => {
  using it = stage();
  await it.fill(2);
  const [file] = it.files() as [string];
  const size = readFileSync(it.path(file)).length;
  appendFileSync(it.path(file), 'ab12');
  expect((await it.verify()).fault).toMatchObject({ line: 4, what: 'it is cut' });
  truncateSync(it.path(file), size + 2);
  await it.fill(1);
  const { tip, fault } = await it.verify();
  expect([tip.seq, fault]).toEqual([4, null]);
});

test('everything written anew shows by its end, which stands beside it', async () => {
  using it = stage();
  await it.fill(4);
  using other = stage();
  const audit = await other.open();
  for (let n = 1; n <= 4; n += 1) await audit.note({ ...entry(n), actor: 'somebody else' });
  await audit.close();
  for (const name of other.files()) writeFileSync(it.path(name), readFileSync(other.path(name)));
  for (const name of it.files()) if (!other.files().includes(name)) rmSync(it.path(name));
  expect((await it.verify()).fault).toMatchObject({ what: 'everything up to it was written anew' });
});

test('what could not be written is counted, complained of and told with the next record', async () => {
  using it = stage();
  const audit = await it.open();
  rmSync(it.folder, { recursive: true });
  await audit.note(entry(1));
  expect(await audit.health()).toMatchObject({ state: 'failed', indicators: { lost: 1 } });
  expect(it.complaints[0]).toContain('the audit could not be written');
  mkdirSync(it.folder);
  await audit.note(entry(2));
  const { fault } = await audit.verify();
  expect(fault).toMatchObject({ line: 2, what: 'before it 1 could not be written' });
  expect(await audit.health()).toMatchObject({ state: 'ok' });
  await audit.close();
});

test.each<[string, (path: string) => void, string]>([
  ['removed', (path) => rmSync(path), '000000000001.jsonl was removed while a daemon ran: records 1 to 2 are missing'],
  [
    'cut',
    (path) => truncateSync(path, readFileSync(path).lastIndexOf('\n', readFileSync(path).length - 2) + 1),
    '000000000001.jsonl was cut while a daemon ran: record 2 is missing',
  ],
  [
    'emptied',
    (path) => truncateSync(path),
    '000000000001.jsonl was cut while a daemon ran: records 1 to 2 are missing',
  ],
  [
    'written to',
    (path) => appendFileSync(path, 'x\n'),
    '000000000001.jsonl was written to by somebody else while a daemon ran',
  ],
  [
    'replaced',
    (path) => {
      const bytes = readFileSync(path);
      rmSync(path);
      writeFileSync(path, bytes);
    },
    '000000000001.jsonl was replaced while a daemon ran',
  ],
])(
  '[SEC-2] a file that is %s under a daemon is told first in a new one, and nothing after it is lost',
  async (_how, harm, told) => {
    using it = stage();
    const audit = await it.open();
    await audit.note(entry(1));
    await audit.note(entry(2));
    harm(it.path('000000000001.jsonl'));
    await audit.note(entry(3));
    await audit.look();
    expect(audit.harm()).toBe(told);
    expect(await audit.health()).toMatchObject({ state: 'degraded', why: `${told}.`, indicators: { lost: 0 } });
    const records = [];
    for await (const record of audit.records()) records.push(record);
    expect(records.slice(-2)).toMatchObject([
      { seq: 3, exit: 1, result: told },
      { seq: 4, corr: 'c-3' },
    ]);
    expect(readFileSync(it.path('000000000003.jsonl'), 'utf8')).toContain(told);
    expect((await audit.verify()).fault).not.toBeNull();
    await audit.close();
  },
);

test('an audit that is removed while nothing is commanded is told of when it is listed', async () => {
  using it = stage();
  const audit = await it.open();
  await audit.note(entry(1));
  rmSync(it.folder, { recursive: true });
  const results: string[] = [];
  for await (const { result } of audit.records()) results.push(result);
  expect(results).toEqual(['000000000001.jsonl was removed while a daemon ran: record 1 is missing']);
  await audit.close();
});
