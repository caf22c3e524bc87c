import { existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import {
  deleteTrashed,
  emptyTrash,
  forgetUnmoved,
  noteTrashed,
  restoreTrashed,
  settleTrash,
  trashed,
} from '../../../src/daemon/actions/trash.ts';
import { localFiles } from '../../../src/files/open.ts';
import type { Git } from '../../../src/ports/index.ts';
import type { Files } from '../../../src/ports/target.ts';
import { openTargetProcesses } from '../../../src/process/target-processes.ts';
import { dyingAt } from '../../git/dying.ts';
import { openWorld, type World, write } from '../../git/world.ts';
import { servicesWith } from '../../helpers/services.ts';
import { syncedDuring } from '../../helpers/synced.ts';
import { servicesOn } from '../../helpers/target.ts';

const REMOVED = '2026-01-01T00:00:00.000Z';

/** The trash as a daemon has it that reaches the disk and git in this way. */
const daemonWith = (
  world: World,
  { log, ...parts }: { git?: Git; files?: Files; log?: (line: string) => void } = {},
  now = () => REMOVED,
) => {
  const { processes, env } = world;
  const { signal } = new AbortController();
  const running = openTargetProcesses({ processes, env, signal });
  return servicesWith({
    paths: { trash: join(world.home, 'records') },
    settings: { cleanup: { trash: '24h' } },
    now,
    signal,
    log: log ?? ((line) => expect.unreachable(String(line))),
    ...servicesOn({ git: world.open(), processes: running, paths: { worktrees: dirname(world.at('a')) }, ...parts }),
  });
};

/** A removed worktree with work in it, noted in the trash. */
const stage = async (world: World) => {
  const { git } = world;
  const path = world.at('a');
  const branch = await git.createBranch('drover/a', world.first);
  await git.addWorktree(path, { branch });
  for (const name of ['.env', 'notes']) write(path, name, 'mine');
  const folder = (await git.removeWorktree(path, world.at('.drover-trash/a-1')))!;
  const one = {
    ...{ id: 'a-1', name: 'a', path, branch, head: world.first, archive: 'refs/drover/archive/a', sparse: null },
    ...{ host: 'local', folder, removed_at: REMOVED },
  };
  await noteTrashed(daemonWith(world), one);
  const names = async () => (await trashed(daemonWith(world))).map(({ id }) => id);
  return { one, path, branch, folder, names, record: join(world.home, 'records/a-1.json') };
};

test.each(['reset', 'unlock', 'update-index'])(
  'what was being restored when the daemon was killed at its %s comes back on its branch',
  async (word) => {
    await using world = await openWorld();
    const { one, path, branch, names, record } = await stage(world);
    const { git, reached } = dyingAt(world, word);
    void restoreTrashed(daemonWith(world, { git }), one);
    await reached;
    expect(await names()).toEqual(['a-1']);
    expect(await restoreTrashed(daemonWith(world), one)).toBe(branch);
    expect(readFileSync(join(path, '.env'), 'utf8')).toBe('mine');
    expect(await world.open().worktreeState(path)).toMatchObject({ branch, dirty: ['.env', 'notes'] });
    expect([existsSync(record), await names()]).toEqual([false, []]);
  },
);

test('a worktree that has the branch is left as it is, in the place and elsewhere', async () => {
  await using world = await openWorld();
  const { one, path, branch, folder, names } = await stage(world);
  const daemon = daemonWith(world);
  await world.git.addWorktree(path, { branch });
  write(path, 'readme.md', 'new\n');
  await expect(restoreTrashed(daemon, one)).rejects.toMatchObject({ code: 'git/path-taken' });
  expect(await world.git.worktreeState(path)).toMatchObject({ branch, dirty: ['readme.md'] });
  expect([existsSync(join(folder, '.env')), await names()]).toEqual([true, ['a-1']]);
  await world.git.moveWorktree(path, world.at('b'));
  expect(await restoreTrashed(daemon, one)).toBe(null);
  expect(await world.open().worktreeState(world.at('b'))).toMatchObject({ branch, dirty: ['readme.md'] });
});

test('what somebody has deleted in the trash is not offered, and not taken for what is in its place', async () => {
  await using world = await openWorld();
  const { one, path, branch, folder, names } = await stage(world);
  rmSync(folder, { recursive: true });
  await world.git.addWorktree(path, { branch });
  expect(await names()).toEqual([]);
  await expect(restoreTrashed(daemonWith(world), one)).rejects.toMatchObject({ code: 'git/kept-gone', exit: 3 });
  expect([await names(), await world.git.hasWorktree(path)]).toEqual([[], true]);
});

test('what is deleted after a restoring of it was cut off is not taken for what is in its place', async () => {
  await using world = await openWorld();
  const { one, path, branch, folder, names } = await stage(world);
  const { git, reached } = dyingAt(world, 'reset');
  void restoreTrashed(daemonWith(world, { git }), one);
  await reached;
  rmSync(folder, { recursive: true });
  await world.open().addWorktree(path, { branch });
  await expect(restoreTrashed(daemonWith(world), one)).rejects.toMatchObject({ code: 'git/kept-gone' });
  expect(await names()).toEqual([]);
});

/** The files of a daemon that is killed when it removes this path, where that has got half way. */
const dyingOver = (path: string, half: () => void = () => {}) => {
  const reached = Promise.withResolvers<void>();
  const files: Files = {
    ...localFiles,
    remove: (one) => {
      if (one !== path) return localFiles.remove(one);
      half();
      reached.resolve();
      return new Promise(() => undefined);
    },
  };
  return { files, reached: reached.promise };
};

test.each(['the folder', 'the record'])(
  'what was being deleted when the daemon was killed over %s is offered no more, and its rest goes',
  async (what) => {
    await using world = await openWorld();
    const { one, path, branch, folder, names, record } = await stage(world);
    const half = () => rmSync(join(folder, 'notes'));
    const { files, reached } = what === 'the folder' ? dyingOver(folder, half) : dyingOver(record);
    void deleteTrashed(daemonWith(world, { files }), one);
    await reached;
    await world.git.addWorktree(path, { branch });
    expect([existsSync(record), await names()]).toEqual([true, []]);
    await emptyTrash(daemonWith(world));
    expect([existsSync(record), existsSync(folder), await world.git.hasWorktree(path)]).toEqual([false, false, true]);
  },
);

test('a clock that is set far forward while a daemon is up ages nothing, and what is old when one begins goes', async () => {
  await using world = await openWorld();
  const { folder } = await stage(world);
  const later = '2027-01-01T00:00:00.000Z';
  let time = REMOVED;
  const daemon = daemonWith(world, {}, () => time);
  await emptyTrash(daemon);
  time = later;
  await emptyTrash(daemon);
  expect(existsSync(folder)).toBe(true);
  await emptyTrash(daemonWith(world, {}, () => later));
  expect(existsSync(folder)).toBe(false);
});

test('what was brought back meanwhile is not deleted by whoever empties the trash', async () => {
  await using world = await openWorld();
  const { one, path } = await stage(world);
  const daemon = daemonWith(world);
  const [branch] = await Promise.all([restoreTrashed(daemon, one), deleteTrashed(daemon, one)]);
  expect([branch, readFileSync(join(path, 'notes'), 'utf8')]).toEqual(['drover/a', 'mine']);
});

test('[STO-2] what is put into the trash is noted on the disk before it goes there, and lies there after a power cut', async () => {
  await using world = await openWorld();
  const { git } = world;
  const { one, record, path, folder } = await stage(world);
  const isNoted = await syncedDuring(() => noteTrashed(daemonWith(world), { ...one, name: 'b' }));
  expect([record, dirname(record)].map(isNoted)).toEqual([true, true]);
  const isBack = await syncedDuring(() => restoreTrashed(daemonWith(world), one));
  expect([dirname(path), dirname(folder)].map(isBack)).toEqual([true, true]);
  const isMoved = await syncedDuring(() => git.removeWorktree(path, folder));
  expect([dirname(path), dirname(folder)].map(isMoved)).toEqual([true, true]);
});

test('[STO-2] what was put beside its place, because the trash is on another disk, is found where no daemon got to note that', async () => {
  await using world = await openWorld();
  const { one, path, branch, folder, names } = await stage(world);
  const daemon = daemonWith(world);
  await noteTrashed(daemon, { ...one, folder: '/of/another/disk/.drover-trash/a-1' });
  expect([await names(), (await trashed(daemon))[0]?.folder]).toEqual([['a-1'], folder]);
  // Whoever removes a worktree of that place once more forgets nothing of it.
  await forgetUnmoved(daemon, one);
  expect(await restoreTrashed(daemon, (await trashed(daemon))[0]!)).toBe(branch);
  expect([readFileSync(join(path, 'notes'), 'utf8'), await names()]).toEqual(['mine', []]);
});

test('what nobody can look at for now is not taken for gone: it is offered, and comes back once it can be reached', async () => {
  await using world = await openWorld();
  const { one, path, branch, folder, names, record } = await stage(world);
  const [trash, away] = [dirname(folder), world.at('away')];
  renameSync(trash, away);
  // Whoever looks there is refused, as where a disk does not answer.
  symlinkSync(trash, trash);
  await world.git.addWorktree(path, { branch });
  const lines: string[] = [];
  const daemon = daemonWith(world, { log: (line) => lines.push(line) });
  await settleTrash(daemon);
  await forgetUnmoved(daemon, one);
  expect([existsSync(record), await names(), lines]).toEqual([
    true,
    ['a-1'],
    [expect.stringContaining(`${folder} is not at its end: ELOOP`)],
  ]);
  rmSync(trash);
  renameSync(away, trash);
  await world.git.removeWorktree(path);
  expect([await restoreTrashed(daemon, one), readFileSync(join(path, 'notes'), 'utf8')]).toEqual([branch, 'mine']);
});

test('what somebody had put into a worktree that was not finished is told of once, and stays', async () => {
  await using world = await openWorld();
  const path = world.at('a');
  const branch = await world.git.createBranch('drover/a', world.first);
  const dying = dyingAt(world, 'unlock');
  void dying.git.addWorktree(path, { branch });
  await dying.reached;
  write(path, 'notes', 'mine');
  expect(await world.open().clearHalfMade()).toEqual([path]);
  const lines: string[] = [];
  const daemonAt = (time: string) => daemonWith(world, { log: (line) => lines.push(line) }, () => time);
  for (let round = 1; round <= 2; round += 1) await emptyTrash(daemonAt(REMOVED));
  const folder = /(?<folder>\/\S+-unfinished-[-\da-f]+)/u.exec(lines.join('\n'))?.groups?.['folder'] ?? '';
  expect([lines.length, readFileSync(join(folder, 'notes'), 'utf8')]).toEqual([1, 'mine']);
  // There is no commit that it belongs to.
  expect(await trashed(daemonAt(REMOVED))).toEqual([]);
  await settleTrash(daemonAt(REMOVED));
  await emptyTrash(daemonAt('2026-01-03T00:00:00.000Z'));
  expect([readFileSync(join(folder, 'notes'), 'utf8'), lines.length]).toEqual(['mine', 1]);
});
