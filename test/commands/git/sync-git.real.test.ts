import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../../../src/client/request.ts';
import type { SyncResult } from '../../../src/state/sync.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { hang, hangs, instanceIs, worktreeAt } from '../stage.ts';

const statuses = (data: unknown) =>
  Object.fromEntries((data as { results: SyncResult[] }).results.map((one) => [one.worktree, one.status]));

const behind = async (swarm: Swarm): Promise<Record<string, number>> =>
  Object.fromEntries(
    ((await swarm.say('list worktrees')).data as { name: string; behind: number }[]).map((one) => [
      one.name,
      one.behind,
    ]),
  );

/** A commit on `main` in the person's own checkout. */
const commitOnMain = (swarm: Swarm, file: string, text: string): string => {
  writeFileSync(join(swarm.root, file), text);
  swarm.git('add', file);
  swarm.git('commit', '-q', '-m', `with ${file}`);
  return swarm.git('rev-parse', 'main');
};

/** A bare repository beside it, as the remote `origin`. */
const withRemote = (swarm: Swarm): ((...args: string[]) => string) => {
  const remote = join(swarm.root, '../remote.git');
  const git = (...args: string[]) => execFileSync('git', ['-C', remote, ...args], { env: swarm.env, encoding: 'utf8' });
  mkdirSync(remote);
  git('init', '-q', '--bare', '-b', 'main');
  swarm.git('remote', 'add', 'origin', remote);
  swarm.git('push', '-q', 'origin', 'main');
  return (...args) => git(...args).trim();
};

test('[GIT-1] clean worktrees are brought up to date, a dirty one and one at work are named, nothing is pushed', async () => {
  await using swarm = await openSwarm();
  const remote = withRemote(swarm);
  await swarm.say('launch 5 instances');
  await Promise.all([1, 2, 3, 4, 5].map((n) => instanceIs(swarm, `rehearsal-${n}`, 'idle')));
  await swarm.say(hang('h1'));
  await swarm.say('run task h1 on=rehearsal-5');
  await hangs(swarm, 'h1');
  const before = remote('for-each-ref');
  const tip = commitOnMain(swarm, 'new.txt', 'new\n');
  writeFileSync(join(worktreeAt(swarm, 'rehearsal-4'), 'left.txt'), 'left\n');
  writeFileSync(join(swarm.root, 'uncommitted.txt'), 'of the person\n');
  expect(await behind(swarm)).toMatchObject({ 'rehearsal-1': 1, 'rehearsal-2': 1, 'rehearsal-3': 1 });

  const dry = await swarm.say('git sync dry-run');
  expect(dry.message).toContain('Would be brought up to date: rehearsal-1 (+1)');
  expect(await behind(swarm)).toMatchObject({ 'rehearsal-1': 1 });

  const reply = await swarm.say('git sync');
  expect(reply.exit).toBe(0);
  expect(statuses(reply.data)).toEqual({
    'rehearsal-1': 'updated',
    'rehearsal-2': 'updated',
    'rehearsal-3': 'updated',
    'rehearsal-4': 'skipped',
    'rehearsal-5': 'skipped',
  });
  expect(reply.message).toContain('rehearsal-4 (uncommitted: left.txt)');
  expect(reply.message).toMatch(/rehearsal-5 \(its agent is (?:working|stuck)\)/);
  expect(await behind(swarm)).toMatchObject({ 'rehearsal-1': 0, 'rehearsal-2': 0, 'rehearsal-3': 0, 'rehearsal-4': 1 });
  expect(readFileSync(join(worktreeAt(swarm, 'rehearsal-1'), 'new.txt'), 'utf8')).toBe('new\n');
  expect((await swarm.state()).instances['rehearsal-1']!.sync).toMatchObject({
    status: 'updated',
    applied: 1,
    to: tip,
  });
  expect(remote('for-each-ref')).toBe(before);
  expect(swarm.git('status', '--porcelain')).toBe('?? uncommitted.txt');
  expect((await swarm.say('git sync')).message).toContain(
    'Nothing was missing in rehearsal-1, rehearsal-2, rehearsal-3.',
  );
});

test('[GIT-1] upstream fetches first, and a push asks first and never forces', async () => {
  await using swarm = await openSwarm();
  expect(await swarm.say('git sync upstream')).toMatchObject({ exit: 3, data: { code: 'sync/no-upstream' } });
  const remote = withRemote(swarm);
  await swarm.say('launch 1 instance');
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  const clone = join(swarm.root, '../clone');
  const env = {
    ...swarm.env,
    GIT_AUTHOR_NAME: 'B',
    GIT_AUTHOR_EMAIL: 'b@b',
    GIT_COMMITTER_NAME: 'B',
    GIT_COMMITTER_EMAIL: 'b@b',
  };
  const other = (...args: string[]) => execFileSync('git', args, { cwd: clone, env, encoding: 'utf8' }).trim();
  execFileSync('git', ['clone', '-q', join(swarm.root, '../remote.git'), clone], { env });
  other('commit', '-q', '--allow-empty', '-m', 'of another person');
  other('push', '-q', 'origin', 'HEAD:main');
  const theirs = other('rev-parse', 'HEAD');
  const main = swarm.git('rev-parse', 'main');
  const reply = await swarm.say('git sync upstream');
  expect([reply.exit, reply.message]).toEqual([
    0,
    `Fetched origin/main at ${theirs.slice(0, 10)}. Brought up to date: rehearsal-1 (+1).`,
  ]);
  expect(swarm.git('rev-parse', 'main')).toBe(main);

  const branch = (await swarm.state()).instances['rehearsal-1']!.branch_name;
  const asked = await ask(swarm.paths, swarm.env, {
    text: `sync branch ${branch} push`,
    actor: 'test',
    view: { columns: 80, color: false },
  });
  expect([asked.exit, asked.confirm?.loses]).toEqual([5, expect.stringContaining(`publishes ${branch} at`)]);
  expect(remote('branch', '--list', branch)).toBe('');
  expect((await swarm.say(`sync branch ${branch} push`)).message).toBe(
    `Pushed ${branch} at ${theirs.slice(0, 10)} to origin.`,
  );
  expect(remote('rev-parse', branch)).toBe(theirs);
  other('fetch', '-q', 'origin', branch);
  other('commit', '-q', '--allow-empty', '-m', 'work of another');
  other('push', '-q', 'origin', `HEAD:${branch}`);
  const refused = await swarm.say(`sync branch ${branch} push`);
  expect(refused).toMatchObject({ exit: 6, data: { code: 'sync/push-behind' } });
  expect(remote('rev-parse', branch)).toBe(other('rev-parse', 'HEAD'));
  rmSync(join(swarm.root, '../remote.git'), { recursive: true });
  expect(await swarm.say('git sync upstream')).toMatchObject({ exit: 1, data: { code: 'git/fetch' } });
});
