import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { checksum, openWorld, type World } from './world.ts';

// No other test has programs with these numbers.
const SMUDGE = 4_000_000 + process.pid;
const SSH = 5_000_000 + process.pid;
const MERGE = 6_000_000 + process.pid;
const CLEAN = 7_000_000 + process.pid;

const sleeping = (seconds: number): string => {
  try {
    return execFileSync('pgrep', ['-f', `sleep ${seconds}`], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
};

/** A remote behind a program in the place of ssh that never says a word. */
const mute = (world: World): void => {
  const ssh = join(world.home, 'ssh');
  writeFileSync(ssh, `#!/bin/sh\nexec sleep ${SSH}\n`);
  chmodSync(ssh, 0o755);
  world.user('config', 'core.sshCommand', ssh);
  world.user('remote', 'add', 'origin', 'ssh://git@host/project.git');
};

test('a remote that never answers is told in a minute with what waits for it', async () => {
  await using world = await openWorld();
  mute(world);
  const upstream = (await world.git.upstreamOf('main'))!;
  const stood = `stood still for 60 s, waiting for "sleep ${SSH}", and was stopped`;
  const fetchEnd = {
    code: 'git/remote-stalled',
    exit: 124,
    message: `"git fetch" ${stood}`,
    hint: expect.stringContaining('say "git fetch" in a terminal'),
  };
  const pushEnd = {
    code: 'git/push-stalled',
    exit: 124,
    message: `"git push" ${stood}; what it pushed may have arrived all the same`,
    hint: expect.stringContaining('"sync git"'),
  };
  const [fetched, pushed] = await Promise.allSettled([
    world.git.fetchBranch(upstream),
    world.git.pushBranch(upstream, { commit: world.first, expected: null }),
  ]);
  expect(fetched).toMatchObject({ status: 'rejected', reason: fetchEnd });
  expect(pushed).toMatchObject({ status: 'rejected', reason: pushEnd });
  expect(sleeping(SSH)).toBe('');
}, 180_000);

test('a worktree whose files a filter never delivers is told in seconds with what it waits for', async () => {
  await using world = await openWorld();
  world.user('config', 'filter.h.smudge', `sleep ${SMUDGE}`);
  const commit = world.commit(world.first, { '.gitattributes': 'big filter=h\n', big: 'text\n' });
  const path = world.at('side');
  await expect(world.git.addWorktree(path, { commit })).rejects.toMatchObject({
    code: 'git/stalled',
    message: expect.stringMatching(
      new RegExp(`^"git [a-z-]+" in \\S+ stood still for 20 s, waiting for ".*sleep ${SMUDGE}"`, 'u'),
    ),
  });
  expect(sleeping(SMUDGE)).toBe('');
}, 120_000);

test('a delivery that a filter never lets come to its end leaves the checkout of the person as it was', async () => {
  await using world = await openWorld();
  const { git, root, user, first } = world;
  user('config', 'filter.h.smudge', `sleep ${MERGE}`);
  writeFileSync(join(root, '.git/info/attributes'), 'zz filter=h\n');
  const next = world.commit(first, { new: 'theirs\n', 'readme.md': 'theirs\n', zz: 'theirs\n' });
  const before = checksum(root);
  const moving = git.fastForward('main', first, next);
  // It has written the files that come before.
  await vi.waitUntil(() => sleeping(MERGE) !== '' && existsSync(join(root, 'new')), { timeout: 30_000 });
  expect(await moving).toEqual({
    kind: 'refused',
    why: expect.stringMatching(/^"git merge" in \S+ stood still for 20 s, waiting for ".+are put back$/u),
  });
  expect([checksum(root), user('status', '--porcelain'), sleeping(MERGE)]).toEqual([before, '', '']);
  user('config', 'filter.h.smudge', 'cat');
  expect(await git.fastForward('main', first, next)).toEqual({ kind: 'moved' });
}, 120_000);

test('what a filter never lets a look tell is left to the try itself', async () => {
  await using world = await openWorld();
  const { git, root, user, first } = world;
  user('config', 'filter.h.clean', `sleep ${CLEAN}`);
  writeFileSync(join(root, '.git/info/attributes'), 'readme.md filter=h\n');
  utimesSync(join(root, 'readme.md'), 1, 1);
  const next = world.commit(first, { 'readme.md': 'theirs\n' });
  expect([await git.forwardTrouble('main', first, next), sleeping(CLEAN)]).toEqual([null, '']);
}, 120_000);
