import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Exit, Processes } from '../../src/ports/index.ts';
import { askPs, type Measured, readProc, readPs, readStat, treesOf } from '../../src/process/measure.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const stat = (
  pid: number,
  parent: number,
  { name = 'sh', tty = 34_816, pages = 256, state = 'S', foreground = pid } = {},
): string =>
  `${pid} (${name}) ${state} ${parent} ${pid} ${pid} ${tty} ${foreground} 4194304 100 200 0 0 5 3 20 10 20 0 1 0 12345 99999 ${pages} 1844 1 1 0\n`;

test('a process takes its time and that of its ended children, and the pages that are in memory', () => {
  const read = { pid: 7, parent: 1, tty: '34816', foreground: true, halted: false, cpuMs: 380, memory: 256 * 4096 };
  expect(readStat(stat(7, 1), 4096)).toEqual(read);
  // Stopped it is news in the foreground of its terminal alone, and a debugger's stop is none.
  expect(readStat(stat(7, 1, { state: 'T' }), 4096)).toEqual({ ...read, halted: true });
  for (const other of [{ state: 'T', foreground: 9 }, { state: 'T', tty: 0 }, { state: 't' }])
    expect(readStat(stat(7, 1, other), 4096)).toMatchObject({ halted: false });
  // Its name is its own choice.
  expect(readStat(stat(7, 1, { name: 'a) S 0 0 (b' }), 4096)).toEqual(read);
  expect(readStat(stat(7, 1, { tty: 0 }), 4096)).toMatchObject({ tty: '', foreground: false });
  expect([readStat('', 4096), readStat('7 (sh) S 1 7', 4096), readStat('x (sh) S 1', 4096)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('what ps prints is read on any system', () => {
  const text = [
    '    1     0 ??       Ss     1024   0:01.50',
    '  77     1 ttys001  T+    20480 1-02:03:04',
    ' 78 77 pts/3 T 8 01:00:01',
    'odd',
    '',
  ];
  expect(readPs(text.join('\n'))).toEqual([
    { pid: 1, parent: 0, tty: '', foreground: false, halted: false, cpuMs: 1500, memory: 1024 * 1024 },
    { pid: 77, parent: 1, tty: 'ttys001', foreground: true, halted: true, cpuMs: 93_784_000, memory: 20_480 * 1024 },
    { pid: 78, parent: 77, tty: 'pts/3', foreground: false, halted: false, cpuMs: 3_601_000, memory: 8192 },
  ]);
  expect(readPs('1 0 ? S 5 never')[0]!.cpuMs).toBe(0);
});

test('ps is asked once for all, and what it cannot say is an error', async () => {
  const calls: string[] = [];
  const answers = (exit: Partial<Exit>) =>
    ({
      run: async ({ file, args }: { file: string; args: readonly string[] }) => {
        calls.push([file, ...args].join(' '));
        return { code: 0, signal: null, stdout: '', stderr: '', timedOut: false, ...exit };
      },
    }) as unknown as Processes;
  const { signal } = new AbortController();
  expect(await askPs(answers({ stdout: '5 1 ?? S 4 0:00.10' }), {}, signal)).toHaveLength(1);
  expect(calls).toEqual(['ps -A -o pid=,ppid=,tty=,stat=,rss=,time=']);
  await expect(askPs(answers({ code: 1 }), {}, signal)).rejects.toThrow('could not be measured: ps ended with 1');
  await expect(askPs(answers({ code: null }), {}, signal)).rejects.toThrow('an unknown status');
});

test('the files of the kernel are read in one pass, and what ended meanwhile is left out', async () => {
  using folder = temporaryFolder('proc');
  for (const [name, text] of Object.entries({
    '5': stat(5, 1),
    '6': stat(6, 5),
    '7': '',
    sys: 'x',
    self: stat(5, 1),
  })) {
    mkdirSync(join(folder.path, name));
    if (text !== '') writeFileSync(join(folder.path, name, 'stat'), text);
  }
  const found = await readProc(folder.path);
  expect(found.map(({ pid }) => pid).toSorted()).toEqual([5, 6]);
  mkdirSync(join(folder.path, 'none'));
  expect(await readProc(join(folder.path, 'none'))).toEqual([]);
});

test.skipIf(process.platform !== 'linux')(
  'this very process is found with the memory that it says it has',
  async () => {
    const own = (await readProc()).find(({ pid }) => pid === process.pid)!;
    expect(own.parent).toBe(process.ppid);
    expect(own.memory / process.memoryUsage.rss()).toBeCloseTo(1, 0);
    const used = process.cpuUsage();
    expect(own.cpuMs).toBeLessThanOrEqual((used.user + used.system) / 1000 + 5000);
  },
);

test('to an agent belongs what it started, and what has its terminal although its parent has ended', () => {
  const one = (pid: number, parent: number, tty = ''): Measured => ({
    pid,
    parent,
    tty,
    foreground: tty !== '',
    halted: false,
    cpuMs: 0,
    memory: 0,
  });
  const table = [
    one(1, 0),
    one(10, 1, 'a'),
    one(11, 10, 'a'),
    one(12, 11),
    one(13, 1, 'a'),
    one(14, 13),
    one(20, 1),
    one(21, 20),
    one(30, 1, 'c'),
  ];
  const trees = treesOf(table, new Map([...Object.entries({ x: 10, y: 20, gone: 99 })]));
  expect(Object.fromEntries([...trees].map(([id, tree]) => [id, tree.map(({ pid }) => pid).toSorted()]))).toEqual({
    x: [10, 11, 12, 13, 14],
    y: [20, 21],
  });
});
