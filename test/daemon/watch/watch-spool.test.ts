import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { SpoolMessage } from '../../../src/agents/spool-message.ts';
import { spooledIn, watchSpool } from '../../../src/daemon/watch/watch-spool.ts';
import { localFiles } from '../../../src/files/open.ts';
import { storeFailed } from '../../../src/state/store/errors.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

const leave = (folder: string, name: string, body: unknown, seconds?: number): void => {
  const file = join(folder, `${name}.json`);
  writeFileSync(`${file}.tmp`, JSON.stringify({ instance: 'r-1', source: 'hook', token: 't', body }));
  if (seconds !== undefined) utimesSync(`${file}.tmp`, seconds, seconds);
  renameSync(`${file}.tmp`, file);
};

const open = async (folder: string, take?: (message: SpoolMessage) => Promise<void>) => {
  const stop = new AbortController();
  const log: string[] = [];
  const taken: unknown[] = [];
  const keep = async ({ body }: SpoolMessage) => void taken.push(body);
  const place = { files: localFiles, folder, log: (line: string) => void log.push(line), signal: stop.signal };
  const watch = await watchSpool(place, take ?? keep);
  return {
    ...watch,
    log,
    taken,
    sees: (n: number) => vi.waitUntil(() => taken.length >= n, { timeout: 5000, interval: 5 }),
    stop,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await watch.done;
    },
  };
};

test('what lies there is taken first, in the order in which it was left, and then what comes', async () => {
  using folder = temporaryFolder('spool');
  leave(folder.path, 'a', 3, 30);
  leave(folder.path, 'c', 1, 10);
  leave(folder.path, 'b', 2, 20);
  leave(folder.path, 'bb', 2.5, 20);
  writeFileSync(join(folder.path, 'half.tmp'), '{');
  writeFileSync(join(folder.path, 'broken.json'), 'no message');
  await using spool = await open(folder.path);
  await spool.backlogTaken;
  expect(spool.taken).toEqual([1, 2, 2.5, 3]);
  leave(folder.path, 'd', 4);
  await spool.sees(5);
  await vi.waitUntil(() => readdirSync(folder.path).join() === 'half.tmp', { timeout: 15_000 });
});

test('a message that cannot be taken is told of and does not hold up the next one', async () => {
  using folder = temporaryFolder('spool');
  const seen: unknown[] = [];
  leave(folder.path, 'a', 1, 10);
  leave(folder.path, 'b', 2, 20);
  leave(folder.path, 'c', 3, 30);
  await using spool = await open(folder.path, async ({ body }) => {
    seen.push(body);
    if (body === 1) throw new Error('no such agent');
    if (body === 2) throw 'text';
  });
  await spool.backlogTaken;
  expect([seen, spool.log]).toEqual([
    [1, 2, 3],
    ['a message could not be taken: no such agent', 'a message could not be taken: text'],
  ]);
  expect(readdirSync(folder.path)).toEqual([]);
});

test('a message that has to wait holds up its own sender and nobody else', async () => {
  using folder = temporaryFolder('spool');
  const gate = Promise.withResolvers<void>();
  const seen: string[] = [];
  await using spool = await open(folder.path, async ({ instance, body }) => {
    if (body === 1) await gate.promise;
    seen.push(`${instance} ${body}`);
  });
  const say = (instance: string, body: number): void => {
    const file = join(folder.path, `${instance}-${body}.json`);
    writeFileSync(`${file}.tmp`, JSON.stringify({ instance, source: 'hook', token: 't', body }));
    renameSync(`${file}.tmp`, file);
  };
  say('slow-1', 1);
  await vi.waitUntil(() => readdirSync(folder.path).join() === 'slow-1-1.json', { timeout: 15_000 });
  say('slow-1', 2);
  say('r-1', 3);
  await vi.waitUntil(() => seen.includes('r-1 3'), { timeout: 5000 });
  expect(seen).toEqual(['r-1 3']);
  gate.resolve();
  await vi.waitUntil(() => seen.length === 3, { timeout: 5000 });
  expect(seen).toEqual(['r-1 3', 'slow-1 1', 'slow-1 2']);
  await spool.backlogTaken;
});

test('what could not be recorded is there for the next daemon, and so is what comes when everything ends', async () => {
  using folder = temporaryFolder('spool');
  leave(folder.path, 'a', 1, 10);
  leave(folder.path, 'b', 2, 20);
  const failure = storeFailed({ file: 'j', cause: 'the disk is full', hint: 'Free some space', undone: true });
  {
    await using spool = await open(folder.path, async ({ body }) => {
      if (body === 1) throw failure;
      spool.stop.abort();
      throw new Error('the end');
    });
    await spool.done;
  }
  expect(readdirSync(folder.path)).toEqual(['a.json', 'b.json']);
});

test('a folder that somebody removed comes back, and messages in it are taken', async () => {
  using folder = temporaryFolder('spool');
  const path = join(folder.path, 'spool');
  await using spool = await open(path);
  await spool.backlogTaken;
  rmSync(path, { recursive: true });
  mkdirSync(path, { recursive: true });
  leave(path, 'a', 1);
  await spool.sees(1);
});

test('a spool that is no folder is told of and ends with its daemon', async () => {
  using folder = temporaryFolder('spool');
  const path = join(folder.path, 'spool');
  await using spool = await open(path);
  await spool.backlogTaken;
  rmSync(path, { recursive: true });
  writeFileSync(path, '');
  await vi.waitUntil(() => spool.log.length > 0, { timeout: 5000 });
  expect(spool.log[0]).toContain('the spool could not be read: EEXIST');
});

test('a message that is still being written is taken when it is whole, or when its writer was ended long ago', async () => {
  using folder = temporaryFolder('spool');
  const header = '{"instance":"r-1","source":"hook","token":"t"}\n';
  const [growing, abandoned] = ['r-1-7-0.hook', 'r-1-8-0.hook'].map((name) => join(folder.path, name));
  writeFileSync(growing!, `${header}{"n":`);
  writeFileSync(abandoned!, `${header}{"hook_event_name":"Stop","rest`);
  utimesSync(abandoned!, 10, 10);
  await using spool = await open(folder.path);
  await spool.backlogTaken;
  expect(spool.taken).toEqual([expect.objectContaining({ hook_event_name: 'Stop', cut: true })]);
  expect(await spooledIn(localFiles, folder.path)).toBe(1);
  appendFileSync(growing!, '1}\n.\n');
  await spool.sees(2);
  expect(spool.taken.at(-1)).toEqual({ n: 1 });
  await vi.waitUntil(() => readdirSync(folder.path).length === 0, { timeout: 15_000 });
});
