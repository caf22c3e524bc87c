import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { inWords, storeFailed } from '../../../src/state/store/errors.ts';
import { openStore } from '../../../src/state/store/open.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { diskWith, systemError } from './disks.ts';
import { alert, BY_CLI, firstSegment, optionsIn } from './place.ts';

const caught = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

test('a disk that is full refuses in words, takes back the half that it wrote, and accepts nothing more', async () => {
  using folder = temporaryFolder('failure');
  let full = false;
  const openFile = diskWith((file) => ({
    append: async (bytes) => {
      if (!full) return file.append(bytes);
      await file.append(bytes.subarray(0, 40));
      throw systemError('ENOSPC');
    },
  }));
  const options = optionsIn(folder.path, { openFile });
  {
    await using store = await openStore(options);
    await store.append([alert('a')], BY_CLI);
    const before = readFileSync(firstSegment(options.paths), 'utf8');
    full = true;
    const waiting = store.until((state) => state.seq > 1).catch((error: unknown) => error);
    const [first, second] = await Promise.all([
      caught(store.append([alert('b')], BY_CLI)),
      caught(store.append([alert('c')], BY_CLI)),
    ]);
    full = false;
    const later = await caught(store.append([alert('d')], BY_CLI));
    expect(storeFailed.matches(first) && first).toMatchObject({
      exit: 1,
      message: `nothing more can be recorded in ${firstSegment(options.paths)}: the disk is full`,
      hint: 'Free some space, then start the daemon again. What was acknowledged is safe; what was refused did not happen.',
    });
    expect([second, later, await waiting, store.failure]).toEqual([first, first, first, first]);
    expect(store.state.seq).toBe(1);
    expect(readFileSync(firstSegment(options.paths), 'utf8')).toBe(before);
  }
  await using store = await openStore(options);
  expect(store.repairs).toEqual([]);
  expect(Object.keys(store.state.alerts)).toEqual(['a']);
});

test('room that was kept for a full disk is given back once, and what was refused is written then', async () => {
  using folder = temporaryFolder('failure');
  let room = 2;
  const openFile = diskWith((file) => ({
    append: async (bytes) => {
      if (room > 0) {
        room -= 1;
        return file.append(bytes);
      }
      await file.append(bytes.subarray(0, 40));
      throw systemError('ENOSPC');
    },
  }));
  const given: number[] = [];
  const makeRoom = async () => {
    given.push(given.length);
    room = given.length === 1 ? 1 : 0;
    return given.length === 1;
  };
  const options = optionsIn(folder.path, { openFile, makeRoom });
  {
    await using store = await openStore(options);
    for (const id of ['a', 'b', 'c']) await store.append([alert(id)], BY_CLI);
    expect([given, store.failure]).toEqual([[0], null]);
    expect(await caught(store.append([alert('d')], BY_CLI))).toSatisfy(storeFailed.matches);
    expect(given).toEqual([0, 1]);
  }
  await using store = await openStore(optionsIn(folder.path));
  expect([store.repairs, Object.keys(store.state.alerts)]).toEqual([[], ['a', 'b', 'c']]);
});

test('after a sync that failed for want of room nothing is said again, and no room is given back', async () => {
  using folder = temporaryFolder('failure');
  const openFile = diskWith(() => ({ sync: () => Promise.reject(systemError('ENOSPC')) }));
  const makeRoom = vi.fn(async () => true);
  await using store = await openStore(optionsIn(folder.path, { openFile, makeRoom }));
  expect(await caught(store.append([alert('a')], BY_CLI))).toSatisfy(storeFailed.matches);
  expect(makeRoom).not.toHaveBeenCalled();
});

test('where taking back the half of a write fails, no second half is put behind it', async () => {
  using folder = temporaryFolder('failure');
  const openFile = diskWith(() => ({
    append: () => Promise.reject(systemError('ENOSPC')),
    cutTo: () => Promise.reject(systemError('EIO')),
  }));
  const makeRoom = vi.fn(async () => true);
  await using store = await openStore(optionsIn(folder.path, { openFile, makeRoom }));
  expect(await caught(store.append([alert('a')], BY_CLI))).toSatisfy(storeFailed.matches);
  expect(makeRoom).not.toHaveBeenCalled();
});

test('what waits behind a failed flush is refused with it', async () => {
  using folder = temporaryFolder('failure');
  const gate = Promise.withResolvers<void>();
  const syncing = Promise.withResolvers<void>();
  const openFile = diskWith(() => ({
    sync: () => {
      syncing.resolve();
      return gate.promise;
    },
  }));
  await using store = await openStore(optionsIn(folder.path, { openFile }));
  const first = caught(store.append([alert('a')], BY_CLI));
  await syncing.promise;
  const second = caught(store.append([alert('b')], BY_CLI));
  gate.reject(systemError('EIO'));
  expect(await first).toSatisfy(storeFailed.matches);
  expect(await second).toBe(await first);
  expect(((await first) as Error).message).toContain('the disk reports an error');
});

test('when even the taking back fails, the hint says that it may have happened', async () => {
  using folder = temporaryFolder('failure');
  const refuse = () => Promise.reject(systemError('EIO'));
  const openFile = diskWith(() => ({ sync: refuse, cutTo: refuse }));
  await using store = await openStore(optionsIn(folder.path, { openFile }));
  const error = await caught(store.append([alert('a')], BY_CLI));
  expect(storeFailed.matches(error) && error.hint).toContain('may have happened');
});

test('a new segment that cannot be made stops the store before anything is lost', async () => {
  using folder = temporaryFolder('failure');
  let opened = 0;
  const openFile = async (path: string) => {
    opened += 1;
    if (opened > 1) throw systemError('EMFILE');
    return diskWith(() => ({}))(path);
  };
  const options = optionsIn(folder.path, { openFile, limits: { events: 2, bytes: 1e6 } });
  {
    await using store = await openStore(options);
    await store.append([alert('a'), alert('b')], BY_CLI);
    const error = await caught(store.append([alert('c')], BY_CLI));
    expect(storeFailed.matches(error) && error.message).toContain('too many files are open');
  }
  await using store = await openStore(optionsIn(folder.path));
  expect(Object.keys(store.state.alerts)).toEqual(['a', 'b']);
  expect(await store.append([alert('c')], BY_CLI)).toMatchObject([{ seq: 3 }]);
});

test('a file that cannot be closed does not keep the lock', async () => {
  using folder = temporaryFolder('failure');
  const openFile = diskWith((file) => ({
    close: async () => {
      await file.close();
      throw systemError('EIO');
    },
  }));
  const store = await openStore(optionsIn(folder.path, { openFile }));
  await expect(store[Symbol.asyncDispose]()).rejects.toThrow('EIO');
  await using again = await openStore(optionsIn(folder.path));
  expect(again.failure).toBeNull();
});

test('trouble that has no words of its own is told in the system’s', () => {
  expect(inWords(systemError('EWEIRD')).cause).toBe('EWEIRD: said the system');
  expect(inWords('odd').cause).toBe('odd');
  expect(inWords(systemError('EROFS')).cause).toBe('the file system is read-only');
});

test('a projection that cannot be written is trouble, not failure', async () => {
  using folder = temporaryFolder('failure');
  const options = optionsIn(folder.path, { projectionEvery: 1 });
  await using store = await openStore(options);
  // A folder in the way is an obstacle for everyone, also for root.
  mkdirSync(`${options.paths.projection}.tmp`);
  await store.append([alert('a')], BY_CLI);
  await vi.waitUntil(() => store.projectionTrouble !== null);
  expect(store.projectionTrouble).toContain('a folder lies there');
  rmSync(`${options.paths.projection}.tmp`, { recursive: true });
  await vi.waitUntil(() => store.projectionTrouble === null);
  expect(JSON.parse(readFileSync(options.paths.projection, 'utf8'))).toMatchObject({ seq: 1 });
});
