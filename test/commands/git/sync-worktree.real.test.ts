import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { instanceIs, worktreeAt } from '../stage.ts';

const commit = (folder: string, env: Record<string, string>, file: string, text: string): string => {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, env, encoding: 'utf8' }).trim();
  writeFileSync(join(folder, file), text);
  git('add', file);
  git('-c', 'user.name=Agent', '-c', 'user.email=a@a', 'commit', '-q', '-m', `with ${file}`);
  return git('rev-parse', 'HEAD');
};

const opened = async (): Promise<Swarm> => {
  const swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  return swarm;
};

test('[WTR-6] a clean worktree is not behind afterwards, by a merge or a rebase', async () => {
  await using swarm = await opened();
  const folder = worktreeAt(swarm, 'rehearsal-1');
  const own = commit(folder, swarm.env, 'own.txt', 'own\n');
  commit(swarm.root, swarm.env, 'base.txt', 'base\n');
  const merged = await swarm.say('sync worktree rehearsal-1');
  expect(merged).toMatchObject({
    exit: 0,
    data: { results: [{ status: 'updated', ahead: 2, behind: 0, applied: 1, conflicts: [], from: own }] },
  });
  const base = commit(swarm.root, swarm.env, 'more.txt', 'more\n');
  const rebased = await swarm.say('sync worktree rehearsal-1 rebase');
  expect(rebased).toMatchObject({ data: { results: [{ status: 'updated', ahead: 1, behind: 0, applied: 1 }] } });
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, env: swarm.env, encoding: 'utf8' }).trim();
  expect(git('rev-parse', 'HEAD^')).toBe(base);
  expect(git('log', '-1', '--format=%an: %s')).toBe('Agent: with own.txt');
  expect(git('status', '--porcelain')).toBe('');
  expect(git('branch', '--show-current')).toBe((await swarm.state()).instances['rehearsal-1']!.branch_name);
  expect(git('for-each-ref', '--format=%(refname)', 'refs/drover/archive/')).toContain('rehearsal-1-before-rebase');
  expect(await swarm.say('sync worktree nope')).toMatchObject({ exit: 3 });
});

test('[WTR-6] where it conflicts nothing is changed, and the files are named', async () => {
  await using swarm = await opened();
  const folder = worktreeAt(swarm, 'rehearsal-1');
  const own = commit(folder, swarm.env, 'same.txt', 'mine\n');
  commit(swarm.root, swarm.env, 'same.txt', 'theirs\n');
  const reply = await swarm.say('sync worktree rehearsal-1');
  expect([reply.exit, reply.message]).toEqual([6, 'Conflict, nothing was changed: rehearsal-1 (same.txt).']);
  expect(reply.data).toMatchObject({
    results: [{ status: 'conflict', conflicts: ['same.txt'], ahead: 1, behind: 1, applied: 0, from: own, to: own }],
  });
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, env: swarm.env, encoding: 'utf8' }).trim();
  expect([git('rev-parse', 'HEAD'), git('status', '--porcelain')]).toEqual([own, '']);
});
