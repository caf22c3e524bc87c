import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { storeLocked } from '../../../src/state/store/errors.ts';
import { takeLock } from '../../../src/state/store/lock.ts';
import { openStore } from '../../../src/state/store/open.ts';
import { openExclusive } from '../../../src/state/store/sqlite.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { type Child, startChild } from './children.ts';
import { optionsIn } from './place.ts';

const opened = (child: Child) =>
  vi.waitUntil(() => child.said()[0] ?? (child.process.exitCode === null ? undefined : {}));

const refusal = (folder: string): Promise<unknown> =>
  openStore(optionsIn(folder)).then(
    async (store) => store[Symbol.asyncDispose](),
    (error: unknown) => error,
  );

test('the second who opens a store is told who has it', async () => {
  using folder = temporaryFolder('lock');
  await using child = startChild(folder.path, ['hold']);
  const { open } = await opened(child);
  const error = await refusal(folder.path);
  expect(storeLocked.matches(error) && error).toMatchObject({
    exit: 6,
    message: `the swarm of this repository belongs to process ${open} already`,
  });
});

test('two openers in one process are told apart, too', async () => {
  using folder = temporaryFolder('lock');
  await using _store = await openStore(optionsIn(folder.path));
  const error = await refusal(folder.path);
  expect(storeLocked.matches(error) && error.message).toContain(String(process.pid));
});

test('the lock is free as soon as its owner was killed, and nothing has to be cleaned up', async () => {
  using folder = temporaryFolder('lock');
  await using child = startChild(folder.path, ['hold']);
  await opened(child);
  child.process.kill('SIGKILL');
  await child.gone;
  await using store = await openStore(optionsIn(folder.path));
  expect(store.failure).toBeNull();
});

test('of many who start at once exactly one becomes the owner', async () => {
  using folder = temporaryFolder('lock');
  const children = Array.from({ length: 4 }, () => startChild(folder.path, ['hold']));
  try {
    await Promise.all(children.map(opened));
    const owners = children.filter((child) => child.said()[0]?.open !== undefined);
    expect(owners).toHaveLength(1);
    for (const child of children.filter((other) => other !== owners[0])) {
      // What it said last may come after its end.
      await child.gone;
      expect(child.errors()).toContain('store/locked');
    }
  } finally {
    await Promise.all(children.map((child) => child[Symbol.asyncDispose]()));
  }
});

test('taking the lock does not warn that SQLite is experimental', async () => {
  using folder = temporaryFolder('lock');
  await using child = startChild(folder.path, ['hold']);
  await opened(child);
  expect(child.errors()).toBe('');
});

test('an owner that did not say who it is, or is long gone, is not named', async () => {
  using folder = temporaryFolder('lock');
  const lock = `${folder.path}/lock.db`;
  await using _lock = await takeLock(lock);
  for (const text of ['', 'nonsense', '2147483646']) {
    writeFileSync(`${lock}.pid`, text);
    const error = await takeLock(lock).catch((thrown: unknown) => thrown);
    expect(storeLocked.matches(error) && error).toMatchObject({
      message: 'the swarm of this repository belongs to another process already',
      hint: `See who has ${lock} open.`,
    });
  }
});

test('a lock that is being let go is waited for: its owner takes the name away first', async () => {
  using folder = temporaryFolder('lock');
  const lock = `${folder.path}/lock.db`;
  const held = await openExclusive(lock);
  const taking = takeLock(lock);
  // By the time that this one is refused, that one was.
  await expect(openExclusive(lock)).rejects.toThrow(/locked/);
  held.close();
  await using _lock = await taking;
});

test('a lock that cannot be made for another reason fails with that reason', async () => {
  using folder = temporaryFolder('lock');
  mkdirSync(`${folder.path}/lock.db`);
  await expect(takeLock(`${folder.path}/lock.db`)).rejects.toThrow(/unable to open database file/);
  writeFileSync(`${folder.path}/other.db`, 'this is not a database at all, but long enough to be looked at'.repeat(20));
  await expect(takeLock(`${folder.path}/other.db`)).rejects.toThrow(/not a database/);
});

test('other warnings still come through while SQLite is loaded', async () => {
  using folder = temporaryFolder('lock');
  const heard = vi.fn();
  process.on('warning', heard);
  const taking = takeLock(`${folder.path}/lock.db`);
  process.emitWarning('something else');
  await using _lock = await taking;
  await vi.waitUntil(() => heard.mock.calls.length > 0);
  process.off('warning', heard);
  expect(heard.mock.calls.map(([warning]) => (warning as Error).message)).toEqual(['something else']);
});
