import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openGit } from '../../src/git/open.ts';
import { openProcesses } from '../../src/process/broker.ts';
import { checksum, openWorld, userGit, write } from './world.ts';

const IDS = Array.from({ length: 10 }, (_, n) => `rehearsal-${n + 1}`);

test('[GIT-10] ten instances are launched, work, land and leave at once: no lock error, and the user’s dirty checkout is untouched', async () => {
  await using world = await openWorld();
  const { root, user } = world;
  for (let n = 0; n < 200; n += 1) write(root, `src/${n}.txt`, `${n}\n`);
  user('add', '--all');
  user('commit', '--quiet', '-m', 'files');
  const base = user('rev-parse', 'HEAD').trim();
  write(root, 'readme.md', 'staged\n');
  user('add', 'readme.md');
  write(root, 'readme.md', 'and changed again\n');
  write(root, 'untracked', 'mine\n');
  const before = checksum(root);
  await using processes = await openProcesses();
  const git = openGit({ root, commonDir: join(root, '.git'), processes, env: world.env });

  const heads = await Promise.all(
    IDS.map(async (id) => {
      const branch = await git.createBranch('drover/work', base);
      await git.addWorktree(world.at(id), { branch });
      write(world.at(id), `${id}.txt`, `${id}\n`);
      const saved = await git.saveWork(world.at(id), `Work of ${id}`);
      await git.worktrees();
      await git.archive(id, saved ?? '');
      return saved ?? '';
    }),
  );
  expect((await git.worktrees()).map(({ branch }) => branch).toSorted()).toEqual(
    ['main', 'drover/work', ...IDS.slice(1).map((_, n) => `drover/work-${n + 2}`)].toSorted(),
  );
  const landing = await git.joined(heads, 'All of it');
  expect(landing.kind === 'landed' && (await git.changes(base, landing.commit)).files).toBe(10);
  await Promise.all(IDS.map((id) => git.removeWorktree(world.at(id))));
  expect(readdirSync(join(world.home, 'worktrees'))).toEqual([]);
  expect(checksum(root)).toBe(before);
  expect(user('fsck', '--no-dangling').trim()).toBe('');
});

test('[GIT-10] three programs that know nothing of each other add worktrees at once', async () => {
  await using world = await openWorld();
  const programs = [world.git, world.open(), world.open()];
  await Promise.all(
    programs.flatMap((git, n) =>
      IDS.slice(0, 5).map(async (id) => {
        const branch = await git.createBranch(`drover/${id}`, world.first);
        await git.addWorktree(world.at(`${n}/${id}`), { branch });
      }),
    ),
  );
  const branches = (await world.git.worktrees()).map(({ branch }) => branch);
  expect([branches.length, new Set(branches).size]).toEqual([16, 16]);
});

test('[GIT-10] a lock that another git holds for a moment is waited for', async () => {
  await using world = await openWorld();
  await world.git.createBranch('drover/a', world.first);
  await world.git.addWorktree(world.at('a'), { branch: 'drover/a' });
  write(world.at('a'), 'new', 'work');
  const lock = join(world.root, '.git/worktrees/a/index.lock');
  // Somebody who holds the lock for as long as two of our pauses.
  expect(spawnSync('sh', ['-c', `: > '${lock}'; (sleep 0.1; rm '${lock}') >/dev/null 2>&1 &`]).status).toBe(0);
  expect(await world.git.saveWork(world.at('a'), 'work')).toMatch(/^[0-9a-f]{40}$/u);
});

test('[GIT-10] a lock that stays is told, with its file', async () => {
  await using world = await openWorld();
  await world.git.addWorktree(world.at('a'), { commit: world.first });
  write(world.at('a'), 'new', 'work');
  write(world.root, '.git/worktrees/a/index.lock', '');
  await expect(world.git.saveWork(world.at('a'), 'work')).rejects.toMatchObject({
    code: 'git/busy',
    exit: 6,
    message: expect.stringContaining('.git/worktrees/a/index.lock'),
  });
  expect(userGit(world.at('a'), world.env)('status', '--porcelain')).toBe('?? new\n');
});
