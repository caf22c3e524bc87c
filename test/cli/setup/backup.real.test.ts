import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runMain } from '../../helpers/io.ts';
import { openSwarm } from '../../helpers/swarm.ts';

test('[INI-4] a state is not replaced under agents that live, and they go on after it once they were ended', async () => {
  await using swarm = await openSwarm();
  const drover = (...argv: string[]) => runMain(argv, { cwd: swarm.root, env: swarm.env });
  const file = `${swarm.env['HOME']}/swarm.backup`;
  await swarm.say('launch 1 instance');
  expect(await drover('backup', 'create', file)).toMatchObject({ exit: 0 });
  await swarm.say('create task "Later" id=later');
  await swarm.close();
  const refused = await drover('backup', 'restore', file, '--replace');
  expect([refused.exit, refused.stderr]).toEqual([
    6,
    expect.stringContaining('agents of this swarm live, in r-rehearsal-1'),
  ]);
  await swarm.reopen();
  expect(Object.keys((await swarm.state()).tasks)).toEqual(['later']);
  await swarm.say('stop all instances');
  await swarm.close();
  expect(await drover('backup', 'restore', file, '--replace')).toMatchObject({ exit: 0 });
  await swarm.reopen();
  expect((await swarm.state()).tasks).toEqual({});
  expect(await swarm.say('resume all instances')).toMatchObject({ exit: 0 });
});

test('[INI-4] after the whole state was removed, tasks are listed from a backup as they were', async () => {
  await using swarm = await openSwarm();
  const drover = (...argv: string[]) => runMain(argv, { cwd: swarm.root, env: swarm.env });
  const listed = async () => JSON.parse((await drover('tasks', 'list', '--json')).stdout) as unknown[];
  const file = `${swarm.env['HOME']}/swarm.backup`;
  await swarm.say('create task "Say hello" id=a check="test -d ." priority=high');
  await swarm.say('create task "Say it again" id=b deps=a description="Twice."');
  await swarm.say('run task a agent=rehearsal wait=true');
  const before = await listed();
  expect(before).toHaveLength(2);
  await swarm.say('stop all instances');
  expect(await drover('backup', 'create', file)).toMatchObject({ exit: 0 });
  await swarm.close();
  rmSync(swarm.paths.state, { recursive: true });
  expect(await drover('backup', 'restore', file)).toMatchObject({ exit: 0 });
  await swarm.reopen();
  expect(await listed()).toEqual(before);
});

test('[INI-4] in another place instances get worktrees of their own, and those of the first place stay', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  await swarm.say('stop all instances');
  const paths = Object.values((await swarm.state()).instances).map((one) => one.workspace_path);
  await swarm.say(`set config worktrees.folder="${swarm.env['HOME']}/elsewhere-{hash}"`);
  await swarm.close();
  // As if this were a clone of the first place, into which its backup was restored.
  const first = join(swarm.env['HOME']!, 'first');
  swarm.git('clone', '-q', '.', first);
  for (const path of paths) {
    swarm.git('worktree', 'remove', '--force', path);
    swarm.git('-C', first, 'worktree', 'add', '-q', '--detach', path);
    writeFileSync(join(path, 'mine.txt'), 'not committed\n');
  }
  await swarm.reopen();
  const removed = await swarm.say('remove instance rehearsal-2');
  expect([removed.exit, removed.message]).toEqual([0, 'Removed 1 instance: rehearsal-2.']);
  expect(await swarm.say('restart instance rehearsal-1')).toMatchObject({ exit: 0 });
  const { instances } = await swarm.state();
  expect(Object.keys(instances)).toEqual(['rehearsal-1']);
  expect(instances['rehearsal-1']!.workspace_path).toMatch(/\/elsewhere-[0-9a-f]+\/rehearsal-1$/u);
  expect(swarm.git('worktree', 'list')).toContain('/elsewhere-');
  for (const path of paths) expect(readFileSync(join(path, 'mine.txt'), 'utf8')).toBe('not committed\n');
  for (const path of paths) rmSync(path, { recursive: true });
});
