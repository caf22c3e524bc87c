import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DiffData } from '../../../src/text/diff-data.ts';
import { openSwarm } from '../../helpers/swarm.ts';

test('a diff shows what a task, an instance or a branch changed, with what is not committed', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=t1');
  await swarm.say('run task t1 wait=true');
  const done = await swarm.say('show diff t1');
  const { files, patch, uncommitted } = done.data as DiffData;
  expect(done.exit).toBe(0);
  expect(files.length).toBeGreaterThan(0);
  expect(patch).toContain('diff --git a/');
  expect(uncommitted).toBe(false);
  expect(done.data).toMatchObject({ suggestions: [] });
  const { tasks, instances } = await swarm.state();
  const branch = tasks['t1']!.run!.branch;
  expect((await swarm.say(`show diff ${branch}`)).data).toMatchObject({ patch });

  const { workspace_path: worktree } = instances['rehearsal-1']!;
  mkdirSync(join(worktree, 'new'));
  writeFileSync(join(worktree, 'new', 'a b.txt'), 'one\ntwo\n');
  writeFileSync(join(worktree, 'data.bin'), Buffer.from([0, 1, 2, 0]));
  const now = await swarm.say('diff rehearsal-1');
  expect(now.message).toMatch(/^rehearsal-1: \d files, .*not all committed\.$/);
  expect((now.data as DiffData).files).toEqual(
    expect.arrayContaining([
      { path: 'new/a b.txt', insertions: 2, deletions: 0 },
      { path: 'data.bin', insertions: null, deletions: null },
    ]),
  );
  expect(now.text).toContain('+two');
  // Looking changes nothing.
  expect(swarm.git('-C', worktree, 'status', '--porcelain', '--untracked-files=all').split('\n').toSorted()).toEqual([
    '?? "new/a b.txt"',
    '?? data.bin',
  ]);
});

test('a diff of a task that failed has what its agent left uncommitted, until another one is begun there', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=t1 check=false');
  await swarm.say('run task t1 wait=true');
  const { instances, tasks } = await swarm.state();
  expect(tasks['t1']!.state).toBe('failed');
  const { workspace_path: worktree } = instances['rehearsal-1']!;
  writeFileSync(join(worktree, 'half.txt'), 'half\n');
  const seen = await swarm.say('show diff t1');
  expect(seen.message).toMatch(/, not all committed\.$/u);
  expect((seen.data as DiffData).patch).toContain('+half');
  // The page of the failure leads here: from here the task is tried again as from there.
  const ways = (seen.data as { suggestions: readonly { command: string }[] }).suggestions.map(({ command }) => command);
  expect(ways).toEqual([
    'review task t1',
    'retry task t1',
    'retry task t1 prompt="…"',
    'set task t1 check="…"',
    'cancel task t1',
  ]);
  // What somebody writes after it was verified is not its work.
  await swarm.say('create task Two id=t2');
  await swarm.say('run task t2 wait=true');
  writeFileSync(join(worktree, 'late.txt'), 'late\n');
  expect((await swarm.say('show diff t2')).data).toMatchObject({ uncommitted: false });
  expect(((await swarm.say('show diff t1')).data as DiffData).patch).not.toContain('late');
});

test('a diff of what there is not, or of what changed nothing, says so', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await swarm.say('create task Two id=t2');
  expect((await swarm.say('show diff rehearsal-1')).text).toBe('rehearsal-1 has changed nothing.');
  const unknown = await swarm.say('show diff t2');
  expect([unknown.exit, unknown.message]).toEqual([3, 'There is no task with a run, instance or branch "t2".']);
});

test('the diff of what is merged says how to bring it to the branch of the person, until that has happened', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=t1');
  await swarm.say('run task t1 wait=true');
  await swarm.say('merge completed branches');
  const waysOf = async () =>
    ((await swarm.say('show diff drover/integration')).data as { suggestions: readonly { command: string }[] })
      .suggestions;
  expect(await waysOf()).toEqual([
    {
      command: 'merge completed branches to=main',
      what: expect.stringMatching(/commits? merged, to deliver to main$/u),
    },
  ]);
  await swarm.say('merge completed branches to=main');
  expect(await waysOf()).toEqual([]);
});
