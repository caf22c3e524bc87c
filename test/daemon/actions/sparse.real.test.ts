import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { worktreeAt } from '../../commands/stage.ts';
import { runMain } from '../../helpers/io.ts';
import { openSwarm } from '../../helpers/swarm.ts';

const files = { 'apps/web/a.txt': 'one\n', 'libs/x/b.txt': 'one\n', 'readme.md': 'one\n' };

test('[WTR-2] agents work in the folders of the settings, and batches are judged on everything', async () => {
  const checks = { task: 'test -e apps/web/a.txt && test ! -e libs', merge: 'test -e libs/x/b.txt' };
  await using swarm = await openSwarm({
    settings: { agent: 'rehearsal', worktrees: { sparse: ['apps/web/'] }, checks },
    files,
  });
  const status = swarm.git('status');
  await swarm.say('create worktree mine');
  await swarm.say('create task "One" id=t1');
  expect(await swarm.say('run task t1 wait=true')).toMatchObject({ exit: 0 });
  expect((await swarm.say('show brief t1')).text).toContain('only `apps/web` and the files above');
  const at = worktreeAt(swarm, 'rehearsal-1');
  expect([existsSync(join(at, 'apps/web/a.txt')), existsSync(join(at, 'libs'))]).toEqual([true, false]);
  expect((await swarm.say('show diff t1')).message).not.toContain('libs/');
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
  const merged = swarm.git('ls-tree', '-r', '--name-only', 'drover/integration').split('\n');
  expect(merged).toEqual(expect.arrayContaining(Object.keys(files)));
  expect(existsSync(join(swarm.paths.worktrees, 'integration', 'libs/x/b.txt'))).toBe(true);
  // What the checkout has changes for nobody but whoever asked.
  expect([swarm.git('status'), readdirSync(swarm.root)]).toEqual([status, expect.arrayContaining(['libs'])]);
  expect(() => swarm.git('config', 'core.sparseCheckout')).toThrow();

  expect(await swarm.say('sync worktree mine')).toMatchObject({ exit: 0 });
  const own = worktreeAt(swarm, 'mine');
  expect([swarm.git('-C', own, 'status', '--porcelain'), swarm.git('-C', own, 'diff', 'drover/integration')]).toEqual([
    '',
    '',
  ]);
  expect(readdirSync(own)).toEqual(expect.not.arrayContaining(['libs']));
  await swarm.say('stop instance rehearsal-1');
  writeFileSync(join(at, 'apps/web/left.txt'), 'left\n');
  const hint = 'To bring it back: restore worktree rehearsal-1';
  await expect.poll(async () => (await swarm.say('remove worktree rehearsal-1')).hint).toBe(hint);
  expect(await swarm.say('restore worktree rehearsal-1')).toMatchObject({ exit: 0 });
  expect([swarm.git('-C', at, 'status', '--porcelain'), existsSync(join(at, 'libs'))]).toEqual([
    '?? apps/web/left.txt',
    false,
  ]);
});

test('a list that names what is no folder of the repository is refused in one sentence', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', worktrees: { sparse: ['nowhere'] } }, files });
  const at = swarm.git('rev-parse', 'main').slice(0, 10);
  const refused = {
    exit: 2,
    message: `"nowhere", which worktrees.sparse names, is no folder at ${at}, where work begins.`,
    data: { code: 'worktree/no-such-folder' },
  };
  expect(await swarm.say('launch 1 instance')).toMatchObject(refused);
  expect(await swarm.say('create worktree scratch')).toMatchObject(refused);
  expect(swarm.git('branch', '--list', 'drover/*')).toBe('');
  const { stdout } = await runMain(['doctor', '--json', '--timeout', '20s'], { cwd: swarm.root, env: swarm.env });
  expect(JSON.parse(stdout).findings).toContainEqual(
    expect.objectContaining({ id: 'git.sparse', repair: "drover config set worktrees.sparse '[]'" }),
  );
  for (const [value, why] of [
    ['["/apps"]', 'it is a path from the top of the repository, without a / before it'],
    ['["apps/../libs"]', 'there is no . or .. in it'],
    ['["apps//web"]', 'it is the path of one folder, without quotes'],
    ['["apps "]', 'it is the path of one folder, without quotes'],
  ]) {
    const reply = await swarm.say(`set config worktrees.sparse '${value}'`);
    expect([reply.exit, reply.message]).toEqual([2, expect.stringContaining(why!)]);
  }
  expect(await swarm.say(`set config worktrees.sparse '["libs"]'`)).toMatchObject({ exit: 0 });
  expect(await swarm.say('create worktree scratch')).toMatchObject({ exit: 0 });
  expect(readdirSync(worktreeAt(swarm, 'scratch')).toSorted()).toEqual(['.git', 'libs', 'readme.md']);
  // A branch that has lost the folder is gone on with.
  swarm.git('branch', 'without', swarm.git('commit-tree', '-m', 'no libs', swarm.git('rev-parse', 'main:apps')));
  expect(await swarm.say('create worktree old branch=without')).toMatchObject({ exit: 0 });
});
