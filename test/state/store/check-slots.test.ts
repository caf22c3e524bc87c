import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openCheckSlots } from '../../../src/state/store/check-slots.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

const { signal } = new AbortController();

const slotsIn = (folder: string, limit: number, log: string[] = []) =>
  openCheckSlots({ folder, limit: () => limit, log: (line) => void log.push(line), lookMs: 5 });

/** A piece of work that ends when it is told to. */
const makeWork = () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let began = false;
  return {
    end: resolve,
    begun: () => began,
    run: () => {
      began = true;
      return promise;
    },
  };
};

test('two swarms of a machine share one budget, and who came first goes first', async () => {
  using folder = temporaryFolder('slots');
  const [one, other] = [slotsIn(folder.path, 2), slotsIn(folder.path, 2)];
  const works = Array.from({ length: 4 }, makeWork);
  const waits: number[] = [];
  const uses: Promise<void>[] = [];
  for (const [n, work] of works.entries()) {
    uses.push((n % 2 === 0 ? one : other).use(work.run, { signal, onWait: () => waits.push(n) }));
    await vi.waitUntil(() => work.begun() || waits.includes(n));
  }
  expect(works.map((work) => work.begun())).toEqual([true, true, false, false]);
  expect([waits, one.counts(), other.counts()]).toEqual([
    [2, 3],
    { running: 1, waiting: 1 },
    { running: 1, waiting: 1 },
  ]);
  works[1]!.end();
  await vi.waitUntil(() => works[2]!.begun());
  expect(works[3]!.begun()).toBe(false);
  for (const work of works) work.end();
  await Promise.all(uses);
  expect(readdirSync(join(folder.path, 'waiting'))).toEqual([]);
});

test('what is cancelled while it waits leaves the line', async () => {
  using folder = temporaryFolder('slots');
  const slots = slotsIn(folder.path, 1);
  const work = makeWork();
  const first = slots.use(work.run, { signal });
  await vi.waitUntil(work.begun);
  const cancel = new AbortController();
  const second = slots.use(async () => expect.unreachable('it was cancelled'), {
    signal: cancel.signal,
    onWait: () => cancel.abort(),
  });
  await expect(second).rejects.toMatchObject({ name: 'AbortError' });
  expect(readdirSync(join(folder.path, 'waiting'))).toEqual([]);
  work.end();
  await first;
});

const HOLDER = `
const { DatabaseSync } = require('node:sqlite');
new DatabaseSync(process.argv[1]).exec('BEGIN EXCLUSIVE');
console.log('holds');
setInterval(() => {}, 1000);`;

test('a process that is killed gives its place back, and the ticket of one that is gone holds up nobody', async () => {
  using folder = temporaryFolder('slots');
  const slots = slotsIn(folder.path, 1);
  await slots.use(async () => undefined, { signal });
  const slot = join(folder.path, 'slot-1.db');
  expect(existsSync(slot)).toBe(true);
  const holder = spawn(process.execPath, ['-e', HOLDER, slot], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(holder.stdout, 'data');
  const ticket = join(folder.path, 'waiting', '0000000000001-1-1');
  writeFileSync(ticket, '');
  utimesSync(ticket, 1, 1);
  const work = makeWork();
  let waits = false;
  const use = slots.use(work.run, { signal, onWait: () => (waits = true) });
  await vi.waitUntil(() => waits);
  expect(work.begun()).toBe(false);
  holder.kill('SIGKILL');
  await vi.waitUntil(() => work.begun());
  work.end();
  await use;
  expect(readdirSync(join(folder.path, 'waiting'))).toEqual([]);
});

test('the ticket of one that is gone holds up nobody where the clock was set back since', async () => {
  using folder = temporaryFolder('slots');
  const slots = slotsIn(folder.path, 1);
  await slots.use(async () => undefined, { signal });
  const ticket = join(folder.path, 'waiting', '0000000000001-1-1');
  writeFileSync(ticket, '');
  const tomorrow = Date.now() / 1000 + 86_400;
  utimesSync(ticket, tomorrow, tomorrow);
  await expect(slots.use(async () => 'checked', { signal })).resolves.toBe('checked');
  expect(existsSync(ticket)).toBe(false);
});

test('a budget that cannot be kept is told once, and checks run', async () => {
  using folder = temporaryFolder('slots');
  const file = join(folder.path, 'file');
  writeFileSync(file, '');
  const log: string[] = [];
  const slots = slotsIn(join(file, 'below'), 1, log);
  expect(await slots.use(async () => 1, { signal })).toBe(1);
  expect(await slots.use(async () => 2, { signal })).toBe(2);
  expect(log).toEqual([expect.stringContaining(`limits.checks cannot be kept in ${file}/below`)]);
});
