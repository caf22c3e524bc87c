import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { hang, hangs, QUICK, worktreeAt } from '../stage.ts';

/** Has as many instances do a task each, stops them, and merges what they did. */
const mergedSwarm = async (count: number, settings: object = {}): Promise<Swarm> => {
  const swarm = await openSwarm({
    settings: { agent: 'rehearsal', ...settings },
    env: QUICK,
    files: { '.gitignore': 'cache/\n' },
  });
  for (let n = 1; n <= count; n += 1) await swarm.say(`create task "Task ${n}" id=t${n}`);
  await swarm.say(`launch ${count} instances`);
  await swarm.say('run all tasks wait=true');
  await swarm.say('stop all instances');
  await swarm.say('merge completed branches');
  return swarm;
};

const dataOf = (reply: { data: unknown }) =>
  reply.data as { removed: { worktree: string; why: string }[]; kept: { worktree: string; why: string }[] };

test('[WTR-4] the worktree of a merged task is gone after the grace, and its archive ref is there', async () => {
  await using swarm = await mergedSwarm(1, { cleanup: { grace: '1s' } });
  await vi.waitUntil(() => !existsSync(worktreeAt(swarm, 'rehearsal-1')));
  await expect.poll(() => swarm.git('for-each-ref', 'refs/drover/archive/rehearsal-1')).not.toBe('');
  const merged = swarm.git('rev-parse', 'refs/drover/archive/rehearsal-1');
  expect(swarm.git('branch', '--format=%(refname:short)', '--contains', merged)).toContain('drover/integration');
  expect((await swarm.state()).instances['rehearsal-1']?.state.kind).toBe('stopped');
  // The daemon has said a command, so that the history tells of it: once it is over, which is after the folder went.
  await expect
    .poll(async () => (await swarm.say('list events')).data)
    .toContainEqual(
      expect.objectContaining({ actor: 'daemon', data: expect.objectContaining({ verb: 'clean', noun: 'worktree' }) }),
    );
});

test('[WTR-4] "worktrees prune" shows what goes and why; dirty, unmerged, locked and lived-in ones stay and are named', async () => {
  await using swarm = await mergedSwarm(5);
  const at = (n: number) => worktreeAt(swarm, `rehearsal-${n}`);
  writeFileSync(join(at(2), 'idea'), 'good');
  await swarm.say('lock worktree rehearsal-3 reason="look at it"');
  const child = spawn('sleep', ['600'], { cwd: at(4), stdio: 'ignore' });
  await once(child, 'spawn');
  swarm.git('-C', at(5), 'commit', '-q', '--allow-empty', '-m', 'one more');
  try {
    // What the sessions began needs a moment to leave the folders.
    await expect.poll(async () => dataOf(await swarm.say('worktrees prune dry-run')).removed).toHaveLength(1);
    const dry = await swarm.say('worktrees prune dry-run');
    expect(dry.message).toMatch(/^This would remove 1 worktree\. [\d.]+ MB will be free/u);
    const why = [
      { worktree: 'rehearsal-2', why: '1 path with uncommitted work' },
      { worktree: 'rehearsal-3', why: 'it is locked: look at it' },
      { worktree: 'rehearsal-4', why: `the process ${child.pid} (sleep 600) is in it` },
      { worktree: 'rehearsal-5', why: expect.stringContaining('merged nowhere') },
    ];
    expect(dataOf(dry)).toMatchObject({
      removed: [{ worktree: 'rehearsal-1', why: expect.stringMatching(/^t\d is merged$/u) }],
      kept: why,
    });
    const asked = await swarm.propose('worktrees prune');
    expect(asked).toMatchObject({ exit: 5, message: expect.stringContaining('rehearsal-1 (t') });
    expect(asked.message).toContain('rehearsal-2 (1 path with uncommitted work)');
    expect(dataOf(await swarm.say('worktrees prune'))).toMatchObject({
      removed: [{ worktree: 'rehearsal-1' }],
      kept: why,
    });
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  expect([1, 2, 3, 4, 5].map((n) => existsSync(at(n)))).toEqual([false, true, true, true, true]);
  expect((await swarm.say('clean worktrees older=7d')).message).toContain('No worktree is to be cleaned up');
});

test('with "force", or without a trash, the folder is deleted at once and the question says so', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', cleanup: { trash: 'off' } } });
  await swarm.say('create worktree scratch');
  expect((await swarm.propose('remove worktree scratch')).message).not.toContain('trash');
  expect((await swarm.say('remove worktree scratch')).data).toMatchObject([{ trashed: false }]);
  expect(await swarm.say('restore worktree scratch')).toMatchObject({ exit: 3 });
  expect(readdirSync(swarm.paths.worktrees)).toEqual([]);
});

test('a worktree without its instance is stale; one of a person rests for a day before it goes; one at work stays', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await swarm.say(hang('t1'));
  await swarm.say('run task t1');
  await hangs(swarm, 't1');
  await swarm.say('create worktree scratch');
  swarm.git('worktree', 'add', '-q', '-b', 'left', worktreeAt(swarm, 'rehearsal-9'), 'main');
  swarm.git('worktree', 'add', '-q', join(swarm.root, '..', 'of-mine'));
  expect(dataOf(await swarm.say('clean worktrees dry-run'))).toMatchObject({
    removed: [{ worktree: 'rehearsal-9', why: 'its instance is gone' }],
    kept: [
      { worktree: 'rehearsal-1', why: expect.stringContaining('working there') },
      { worktree: 'scratch', why: expect.stringContaining('your own') },
    ],
  });
  expect(dataOf(await swarm.say('clean stale worktrees')).removed).toMatchObject([{ worktree: 'rehearsal-9' }]);
  expect(dataOf(await swarm.say('clean worktrees older=0s dry-run')).removed).toMatchObject([{ worktree: 'scratch' }]);
  expect(existsSync(join(swarm.root, '..', 'of-mine'))).toBe(true);
});
