import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { spooledIn } from '../../../src/daemon/watch/watch-spool.ts';
import { localFiles } from '../../../src/files/open.ts';
import { storeFailed } from '../../../src/state/store/errors.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { leave, openSpool } from './spool-stage.ts';

test('what lies there is taken first, in the order in which it was left, and then what comes', async () => {
  using folder = temporaryFolder('spool');
  const own = join(folder.path, 'r-1');
  leave(own, 'a', 3, { seconds: 30 });
  leave(own, 'c', 1, { seconds: 10 });
  leave(own, 'b', 2, { seconds: 20 });
  leave(own, 'bb', 2.5, { seconds: 20 });
  writeFileSync(join(own, 'half.tmp'), '{');
  writeFileSync(join(own, 'broken.json'), 'no message');
  await using spool = await openSpool(folder.path);
  await spool.backlogTaken;
  expect(spool.taken).toEqual([1, 2, 2.5, 3]);
  leave(own, 'd', 4);
  await spool.sees(5);
  await vi.waitUntil(() => readdirSync(own).join() === 'half.tmp');
});

test('what a killed program was about to leave is removed when it is old, and what is being left is not', async () => {
  using folder = temporaryFolder('spool');
  const [tmux, own] = [join(folder.path, 'tmux'), join(folder.path, 'r-1')];
  for (const [place, name, at] of [
    [tmux, '7-0.tmp', 10],
    [tmux, '8-0.tmp', Date.now() / 1000],
    [own, 'r-1-9-0.tmp', 10],
    [own, 'mine.txt', 10],
  ] as const) {
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, name), '{"instance":"r-1","source":"tmux","token":null,"body":{"event":"pane-died"}}\n');
    utimesSync(join(place, name), at, at);
  }
  await using spool = await openSpool(folder.path);
  await spool.backlogTaken;
  expect([readdirSync(tmux), readdirSync(own), spool.taken]).toEqual([['8-0.tmp'], ['mine.txt'], []]);
});

test('a message that cannot be taken is told of and does not hold up the next one', async () => {
  using folder = temporaryFolder('spool');
  const own = join(folder.path, 'r-1');
  const seen: unknown[] = [];
  leave(own, 'a', 1, { seconds: 10 });
  leave(own, 'b', 2, { seconds: 20 });
  leave(own, 'c', 3, { seconds: 30 });
  await using spool = await openSpool(folder.path, {
    take: async ({ body }) => {
      seen.push(body);
      if (body === 1) throw new Error('no such agent');
      if (body === 2) throw 'text';
    },
  });
  await spool.backlogTaken;
  expect([seen, spool.log]).toEqual([
    [1, 2, 3],
    ['a message could not be taken: no such agent', 'a message could not be taken: text'],
  ]);
  expect(readdirSync(own)).toEqual([]);
});

test.each([
  ['in folders of their own', (_spool: string, id: string) => join(_spool, id), []],
  ['in the one place of before', (spool: string) => spool, ['slow-1', 'r-3']],
])('a message that has to wait holds up its own sender and nobody else, %s', async (_name, place, old) => {
  using folder = temporaryFolder('spool');
  const gate = Promise.withResolvers<void>();
  const seen: string[] = [];
  await using spool = await openSpool(folder.path, {
    ...{ old, instances: old.length > 0 ? [] : ['slow-1', 'r-3'] },
    take: async ({ instance, body }) => {
      seen.push(`${instance} ${body} comes`);
      if (body === 1) await gate.promise;
      seen.push(`${instance} ${body}`);
    },
  });
  const say = (instance: string, body: number): void =>
    leave(place(folder.path, instance), `${instance}-${body}`, body, { instance });
  say('slow-1', 1);
  await vi.waitUntil(() => seen.includes('slow-1 1 comes'));
  say('slow-1', 2);
  say('r-3', 3);
  await vi.waitUntil(() => seen.includes('r-3 3'));
  expect(seen.filter((one) => !one.endsWith('comes'))).toEqual(['r-3 3']);
  gate.resolve();
  await vi.waitUntil(() => seen.includes('slow-1 2'));
  expect(seen.filter((one) => !one.endsWith('comes'))).toEqual(['r-3 3', 'slow-1 1', 'slow-1 2']);
  await spool.backlogTaken;
});

test('what could not be recorded is there for the next daemon, and so is what comes when everything ends', async () => {
  using folder = temporaryFolder('spool');
  const own = join(folder.path, 'r-1');
  leave(own, 'a', 1, { seconds: 10 });
  leave(own, 'b', 2, { seconds: 20 });
  const failure = storeFailed({ file: 'j', cause: 'the disk is full', hint: 'Free some space', undone: true });
  {
    await using spool = await openSpool(folder.path, {
      take: async ({ body }) => {
        if (body === 1) throw failure;
        spool.stop.abort();
        throw new Error('the end');
      },
    });
    await spool.done;
  }
  expect(readdirSync(own)).toEqual(['a.json', 'b.json']);
});

test('folders that somebody removed come back, and messages in them are taken', async () => {
  using folder = temporaryFolder('spool');
  const path = join(folder.path, 'spool');
  await using spool = await openSpool(path);
  await spool.backlogTaken;
  const own = join(path, 'r-1');
  for (const [n, gone] of [own, path].entries()) {
    rmSync(gone, { recursive: true });
    await vi.waitUntil(() => existsSync(own));
    expect(statSync(own).mode & 0o777).toBe(0o700);
    leave(own, 'a', n);
    await spool.sees(n + 1);
  }
});

test('a spool that is no folder is told of and ends with its daemon', async () => {
  using folder = temporaryFolder('spool');
  const path = join(folder.path, 'spool');
  await using spool = await openSpool(path);
  await spool.backlogTaken;
  rmSync(path, { recursive: true });
  writeFileSync(path, '');
  await vi.waitUntil(() => spool.log.some((line) => line.includes('the spool could not be read: EEXIST')));
});

test('a message that is still being written is taken when it is whole, or when its writer was ended long ago', async () => {
  using folder = temporaryFolder('spool');
  const own = join(folder.path, 'r-1');
  mkdirSync(own);
  const header = '{"instance":"r-1","source":"hook","token":"t"}\n';
  const [growing, abandoned, dated] = ['r-1-7-0.hook', 'r-1-8-0.hook', 'r-1-9-0.hook'].map((name) => join(own, name));
  writeFileSync(growing!, `${header}{"n":`);
  writeFileSync(abandoned!, `${header}{"hook_event_name":"Stop","rest`);
  utimesSync(abandoned!, 10, 10);
  // Nobody waits for what says that it is of tomorrow.
  writeFileSync(dated!, `${header}{"hook_event_name":"Notification","rest`);
  const tomorrow = Date.now() / 1000 + 86_400;
  utimesSync(dated!, tomorrow, tomorrow);
  await using spool = await openSpool(folder.path);
  await spool.backlogTaken;
  expect(spool.taken).toEqual([
    expect.objectContaining({ hook_event_name: 'Stop', cut: true }),
    expect.objectContaining({ hook_event_name: 'Notification', cut: true }),
  ]);
  expect(await spooledIn(localFiles, folder.path)).toBe(1);
  appendFileSync(growing!, '1}\n.\n');
  await spool.sees(3);
  expect(spool.taken.at(-1)).toEqual({ n: 1 });
  await vi.waitUntil(() => readdirSync(own).length === 0);
});
