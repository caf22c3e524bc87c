import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { instanceIs, taskIs, until } from '../stage.ts';

test('only the branch that is named moves; one that is unknown, or holds verified work, does not', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  await swarm.say('create branch feature/x');
  await swarm.say('create branch feature/y');
  const before = swarm.git('rev-parse', 'main');
  swarm.git('commit', '-q', '--allow-empty', '-m', 'second');
  const reply = await swarm.say('git sync branch feature/x');
  expect(reply).toMatchObject({
    exit: 0,
    data: { results: [{ worktree: null, branch: 'feature/x', status: 'updated' }] },
  });
  expect(swarm.git('rev-parse', 'feature/x', 'feature/y').split('\n')).toEqual([
    swarm.git('rev-parse', 'main'),
    before,
  ]);
  expect(await swarm.say('sync branch feature/none')).toMatchObject({ exit: 3 });
  await swarm.say('create task One id=ant');
  await swarm.say('run task ant');
  const { branch, result } = (await taskIs(swarm, 'ant', 'done')).tasks['ant']!.run!;
  swarm.git('commit', '-q', '--allow-empty', '-m', 'third');
  const kept = await swarm.say(`sync branch ${branch}`);
  expect([kept.exit, kept.message]).toEqual([6, expect.stringContaining('it holds the verified work of ant')]);
  expect(swarm.git('rev-parse', branch)).toBe(result!.head_commit);
});

test('the branch of the merges takes what the base has by a merge, with its worktree, and never beside a batch', async () => {
  await using swarm = await openSwarm({ env: { DROVER_REHEARSAL_TASK_MS: '20' } });
  const name = 'drover/integration';
  const fifo = join(swarm.root, '.git', 'go');
  execFileSync('mkfifo', [fifo]);
  await swarm.say('create task One id=ant');
  await swarm.say(`set config checks.merge='cat "${fifo}"'`);
  await swarm.say('run all tasks wait=true');
  const merging = swarm.say('merge completed branches');
  await until(swarm, ({ batches }) => batches['batch-1']?.step?.kind === 'gate');
  writeFileSync(join(swarm.root, 'mine.txt'), 'mine\n');
  swarm.git('add', 'mine.txt');
  swarm.git('commit', '-q', '-m', 'mine');
  expect(await swarm.say(`sync branch ${name}`)).toMatchObject({
    exit: 6,
    message: `Skipped: ${name} (batch-1 is under way there).`,
  });
  writeFileSync(fifo, '');
  expect(await merging).toMatchObject({ exit: 0 });
  expect(await swarm.say(`sync branch ${name} rebase`)).toMatchObject({
    exit: 6,
    message: `Skipped: integration (others build on ${name}: it takes commits in by a merge only).`,
  });
  const before = swarm.git('rev-parse', name);
  expect((await swarm.say(`sync branch ${name} dry-run`)).message).toBe(
    `Would be brought up to date: integration (+1).`,
  );
  expect(swarm.git('rev-parse', name)).toBe(before);
  const { path } = (await swarm.say('show worktree integration')).data as { path: string };
  writeFileSync(join(path, 'left.txt'), 'by a gate\n');
  expect(await swarm.say(`sync branch ${name}`)).toMatchObject({ exit: 0 });
  expect(Object.values((await swarm.state()).alerts).map(({ text }) => text)).toContainEqual(
    expect.stringContaining('changed in the integration worktree and not committed is kept in refs/drover/archive/'),
  );
  expect(swarm.git('rev-list', '--parents', '-1', name).split(' ').slice(1)).toEqual([
    before,
    swarm.git('rev-parse', 'main'),
  ]);
  expect([swarm.git('-C', path, 'status', '--porcelain'), readFileSync(join(path, 'mine.txt'), 'utf8')]).toEqual([
    '?? left.txt',
    'mine\n',
  ]);
});

test('a branch of a person takes what is merged when that is agreed to, as a delivery does', async () => {
  await using swarm = await openSwarm({ env: { DROVER_REHEARSAL_TASK_MS: '20' } });
  await swarm.say('create task One id=ant');
  await swarm.say('run all tasks wait=true');
  swarm.git('branch', 'stable');
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
  const before = swarm.git('rev-parse', 'stable');
  const asked = await swarm.propose('sync branch stable');
  expect([asked.exit, asked.message]).toEqual([
    5,
    expect.stringContaining(
      `This brings what is merged on drover/integration, and what main has, into your branch stable at ${before.slice(0, 10)}.`,
    ),
  ]);
  expect(swarm.git('rev-parse', 'stable')).toBe(before);
  expect(await swarm.propose('sync branch stable dry-run')).toMatchObject({ exit: 0 });
  expect(await swarm.propose('sync branch stable yes=true')).toMatchObject({ exit: 0 });
  expect(swarm.git('rev-parse', 'stable')).toBe(swarm.git('rev-parse', 'drover/integration'));
  // The branches of the swarm are its own.
  const { branch_name } = Object.values((await swarm.state()).instances)[0]!;
  expect([0, 6]).toContain((await swarm.propose(`sync branch ${branch_name}`)).exit);
});

test('a batch that is asked for while a sync moves the branch begins where that has moved it', async () => {
  await using swarm = await openSwarm({ env: { DROVER_REHEARSAL_TASK_MS: '20' } });
  const name = 'drover/integration';
  for (const id of ['ant', 'bee']) await swarm.say(`create task ${id} id=${id}`);
  await swarm.say('run all tasks wait=true');
  expect(await swarm.say('merge branch ant')).toMatchObject({ exit: 0 });
  // What lies in the worktree is kept before it moves: reading it takes until somebody writes.
  const [entered, go] = ['entered', 'go'].map((file) => join(swarm.root, '.git', file)) as [string, string];
  execFileSync('mkfifo', [entered, go]);
  swarm.git('config', 'filter.wait.clean', `echo >'${entered}'; cat '${go}' >&2; cat`);
  writeFileSync(join(swarm.root, '.git', 'info', 'attributes'), 'slow.txt filter=wait\n');
  const { path } = (await swarm.say('show worktree integration')).data as { path: string };
  writeFileSync(join(path, 'slow.txt'), 'left\n');
  swarm.git('commit', '-q', '--allow-empty', '-m', 'mine');
  const syncing = swarm.say(`sync branch ${name}`);
  await readFile(entered, 'utf8');
  const merging = swarm.say('merge completed branches');
  // Answered after the merge was asked for.
  for (const line of ['status git', 'list branches', 'status git']) await swarm.say(line);
  swarm.git('config', 'filter.wait.clean', 'cat');
  writeFileSync(go, '');
  expect([await syncing, await merging]).toEqual([
    expect.objectContaining({ exit: 0 }),
    expect.objectContaining({ exit: 0, message: `batch-2: 1 branch merged into ${name}.` }),
  ]);
  expect(swarm.git('branch', '--contains', 'main', '--list', name)).toContain(name);
});
