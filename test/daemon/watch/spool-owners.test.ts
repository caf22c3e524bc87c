import { execFileSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../helpers/folder.ts';
import { leave, openSpool } from './spool-stage.ts';

const PATIENCE = { timeout: 30_000, interval: 10 };

test('[SEC-11] whose a message is its folder says: one that names another instance is refused, and told of once', async () => {
  using folder = temporaryFolder('spool');
  await using spool = await openSpool(folder.path);
  await spool.backlogTaken;
  const own = join(folder.path, 'r-1');
  for (let n = 0; n < 30; n += 1) leave(own, `r-2-${n}`, 'forged', { instance: `r-${n + 2}` });
  leave(own, 'tmux', 'forged', { source: 'tmux' });
  leave(join(folder.path, 'tmux'), 'r-1-0', 'forged');
  leave(own, 'z', 'mine');
  await vi.waitUntil(() => readdirSync(own).length + readdirSync(join(folder.path, 'tmux')).length === 0, PATIENCE);
  await spool.sees(1);
  expect(spool.taken).toEqual(['mine']);
  const reasons = spool.log.map((line) => line.slice(folder.path.length + 'a file in '.length)).toSorted();
  expect(reasons).toEqual([
    '/r-1 was removed unread: it names another instance (further ones are not told of)',
    '/r-1 was removed unread: only tmux itself tells of sessions (further ones are not told of)',
    '/tmux was removed unread: it is not of tmux (further ones are not told of)',
  ]);
  expect((await spool.health()).indicators).toMatchObject({ refused: 32, waiting: 0, folders: 3 });
});

test('[SEC-11] links, pipes, folders and what is too long are refused without following or waiting, and nobody else waits', async () => {
  using folder = temporaryFolder('spool');
  using other = temporaryFolder('secret');
  const [own, beside] = [join(folder.path, 'r-1'), join(folder.path, 'r-2')];
  const message = JSON.stringify({ instance: 'r-1', source: 'hook', token: 't', body: 'by a link' });
  const target = join(other.path, 'message');
  writeFileSync(target, message);
  mkdirSync(own);
  symlinkSync(target, join(own, 'link.json'));
  symlinkSync(join(other.path, 'nothing'), join(own, 'dangling.json'));
  execFileSync('mkfifo', [join(own, 'pipe.json'), join(own, 'pipe.hook')]);
  mkdirSync(join(own, 'folder.json/deep'), { recursive: true });
  symlinkSync(other.path, join(own, 'folder.json/out'));
  writeFileSync(join(own, 'long.json'), message);
  truncateSync(join(own, 'long.json'), 1024 ** 4);
  leave(own, 'z', 1);
  leave(beside, 'a', 2, { instance: 'r-2' });
  await using spool = await openSpool(folder.path);
  await spool.backlogTaken;
  expect(spool.taken.toSorted()).toEqual([1, 2]);
  await vi.waitUntil(() => readdirSync(own).length === 0, PATIENCE);
  expect(readdirSync(other.path)).toEqual(['message']);
  const why = spool.log.map((line) => /removed unread: (?<why>.*) \(/u.exec(line)?.groups?.['why']);
  expect(why.toSorted()).toEqual(['it is a symbolic link', 'it is no plain file', 'it is too long']);
});

test.runIf(process.geteuid?.() === 0)('[SEC-11] a file of another user is refused', async () => {
  using folder = temporaryFolder('spool');
  await using spool = await openSpool(folder.path);
  await spool.backlogTaken;
  const own = join(folder.path, 'r-1');
  const foreign = join(own, 'theirs.tmp');
  writeFileSync(foreign, JSON.stringify({ instance: 'r-1', source: 'hook', token: 't', body: 'forged' }));
  chownSync(foreign, 65_534, 65_534);
  renameSync(foreign, join(own, 'theirs.json'));
  leave(own, 'z', 'mine');
  await spool.sees(1);
  await vi.waitUntil(() => readdirSync(own).length === 0, PATIENCE);
  expect([spool.taken, spool.log]).toEqual([['mine'], [expect.stringContaining('it belongs to another user')]]);
});

test('[SEC-11] ten thousand files of one agent keep no message of another waiting, and are taken in the end', async () => {
  using folder = temporaryFolder('spool');
  const [own, beside] = [join(folder.path, 'r-1'), join(folder.path, 'r-2')];
  mkdirSync(own);
  const text = JSON.stringify({ instance: 'r-1', source: 'hook', token: 't', body: 'many' });
  for (let n = 0; n < 10_000; n += 1) writeFileSync(join(own, `r-1-${n}.json`), text);
  const seen: string[] = [];
  let left: number | undefined;
  await using spool = await openSpool(folder.path, {
    take: async ({ instance }) => {
      if (instance === 'r-2') left ??= readdirSync(own).length;
      seen.push(instance);
    },
  });
  leave(beside, 'a', 1, { instance: 'r-2' });
  await vi.waitUntil(() => seen.includes('r-2'), PATIENCE);
  expect(left).toBeGreaterThan(0);
  await vi.waitUntil(() => readdirSync(own).length === 0, { timeout: 60_000, interval: 50 });
  expect(seen.filter((one) => one === 'r-1')).toHaveLength(10_000);
  expect(spool.log).toEqual([]);
});

test('[SEC-11] messages of programs that a version before started are taken from where they leave them, and of no others', async () => {
  using folder = temporaryFolder('spool');
  leave(folder.path, 'old-1', 'before', { instance: 'old-1' });
  leave(folder.path, 'r-1', 'forged');
  await using spool = await openSpool(folder.path, { old: ['old-1'] });
  await spool.backlogTaken;
  leave(folder.path, 'old-2', 'after', { instance: 'old-1' });
  leave(folder.path, 'tmux', 'died', { source: 'tmux' });
  await spool.sees(3);
  expect(spool.taken).toEqual(['before', 'after', 'died']);
  expect(spool.log).toEqual([expect.stringContaining('its instance has a folder of its own')]);
  // When its program is started again it has a folder, and the place of before is not its own any more.
  mkdirSync(join(folder.path, 'old-1'));
  leave(join(folder.path, 'old-1'), '1', 'own', { instance: 'old-1' });
  await spool.sees(4);
  leave(folder.path, 'old-3', 'late', { instance: 'old-1' });
  leave(folder.path, 'tmux2', 'again', { source: 'tmux' });
  await spool.sees(5);
  expect(spool.taken.slice(3)).toEqual(['own', 'again']);
});

test('a new folder is read from its beginning, and goes with its instance', async () => {
  using folder = temporaryFolder('spool');
  await using spool = await openSpool(folder.path, { instances: [] });
  await spool.backlogTaken;
  spool.living.add('r-9');
  const own = join(folder.path, 'r-9');
  leave(own, 'a', 1, { instance: 'r-9' });
  await spool.sees(1);
  for (let n = 2; n < 30; n += 1) leave(own, `a${n}`, n, { instance: 'r-9' });
  await spool.sees(29);
  spool.living.delete('r-9');
  await vi.waitUntil(() => !existsSync(own), PATIENCE);
  expect(spool.taken).toHaveLength(29);
  expect(readdirSync(folder.path)).toEqual(['tmux']);
});

test('[SEC-11] a link in the place of a folder is not followed, and a folder comes in its place', async () => {
  using folder = temporaryFolder('spool');
  using other = temporaryFolder('other');
  leave(other.path, 'a', 'elsewhere');
  const own = join(folder.path, 'r-1');
  symlinkSync(other.path, own);
  writeFileSync(join(folder.path, 'r-2'), 'a file');
  await using spool = await openSpool(folder.path);
  await spool.backlogTaken;
  expect([lstatSync(own).isDirectory(), statSync(join(folder.path, 'r-2')).mode & 0o777]).toEqual([true, 0o700]);
  leave(own, 'b', 'own');
  await spool.sees(1);
  expect([spool.taken, readdirSync(other.path)]).toEqual([['own'], ['a.json']]);
});
