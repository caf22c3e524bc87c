import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { livingIn } from '../../../src/process/living-in.ts';
import { openSwarm } from '../../helpers/swarm.ts';
import { instanceIs, worktreeAt } from '../stage.ts';

test('a worktree is removed after a question, and what was uncommitted in it is kept', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create worktree scratch');
  writeFileSync(join(worktreeAt(swarm, 'scratch'), 'idea'), 'good');
  const asked = await swarm.propose('remove worktree scratch');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('removes 1 worktree (scratch)')]);
  expect(existsSync(worktreeAt(swarm, 'scratch'))).toBe(true);
  const reply = await swarm.say('remove worktree scratch');
  expect(reply.message).toBe('Removed 1 worktree: scratch. Uncommitted work of scratch is kept.');
  expect(reply.data).toMatchObject([{ worktree: 'scratch', archive: 'refs/drover/archive/scratch' }]);
  expect(existsSync(worktreeAt(swarm, 'scratch'))).toBe(false);
  expect(swarm.git('show', 'refs/drover/archive/scratch:idea')).toBe('good');
  // The branch is where it was.
  expect(swarm.git('rev-parse', 'drover/scratch')).toBe(swarm.git('rev-parse', 'main'));
  await swarm.say('create worktree scratch branch=drover/scratch');
  expect((await swarm.say('remove worktree scratch')).data).toMatchObject([
    { saved: null, archive: 'refs/drover/archive/scratch-2' },
  ]);
});

test('what is too large to be kept holds a worktree where it is, and goes with it where that is said', async () => {
  await using swarm = await openSwarm({
    settings: { agent: 'rehearsal', worktrees: { teardown: 'touch "$DROVER_CHECKOUT/../torn-down"' } },
  });
  for (const name of ['look', 'look-around'])
    expect(await swarm.say(`create worktree ${name}`)).toMatchObject({ exit: 0 });
  const path = worktreeAt(swarm, 'look');
  writeFileSync(join(path, 'idea'), 'good');
  writeFileSync(join(path, 'big.bin'), '');
  // It takes no room: nothing is in it.
  truncateSync(join(path, 'big.bin'), 3 * 1024 ** 3);
  const refused = {
    exit: 6,
    message: 'The worktree "look" is not removed: no commit can keep big.bin (3072 MiB).',
    hint: 'Move it elsewhere, rename it, or have git ignore it; with "force" it is deleted with the worktree.',
    data: { code: 'worktree/unkept' },
  };
  expect(await swarm.propose('remove worktrees look, look-around')).toMatchObject(refused);
  expect(await swarm.say('remove worktree look')).toMatchObject(refused);
  expect([existsSync(join(path, 'big.bin')), existsSync(join(path, '../torn-down'))]).toEqual([true, false]);
  expect((await swarm.propose('remove worktrees look, look-around force')).message).toContain(
    'nothing else is there; what no commit can keep is lost: look/big.bin (3072 MiB).',
  );
  const removed = await swarm.say('remove worktree look force');
  expect([removed.exit, removed.message]).toEqual([0, 'Removed 1 worktree: look. Uncommitted work of look is kept.']);
  expect(existsSync(path)).toBe(false);
  expect(swarm.git('ls-tree', '-r', '--name-only', 'refs/drover/archive/look').split('\n')).toEqual([
    '.drover/config.json',
    'idea',
  ]);
});

test('a worktree that is in use, or is not one of the swarm, is not removed', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  expect(await swarm.say('remove worktree rehearsal-1')).toMatchObject({ exit: 6, data: { code: 'worktree/in-use' } });
  const own = join(swarm.root, '..', 'of-mine');
  swarm.git('worktree', 'add', '-q', own);
  expect(await swarm.say('remove worktree of-mine')).toMatchObject({ exit: 4, data: { code: 'worktree/not-ours' } });
  expect(await swarm.say('remove worktree nope')).toMatchObject({ exit: 3 });
  await swarm.say('create worktree scratch');
  expect(await swarm.propose('remove worktrees scratch, look-around')).toMatchObject({ exit: 3, confirm: null });
  expect(await swarm.say('remove stale worktrees')).toMatchObject({ exit: 1, data: { code: 'command/not-yet' } });
  expect(existsSync(own)).toBe(true);
  expect((await swarm.say('list worktrees')).message).toContain('2 others of your own');
  await swarm.say('stop instance rehearsal-1');
  expect(await swarm.say('remove worktree rehearsal-1')).toMatchObject({ exit: 0 });
  // Its instance makes it again from its branch.
  await swarm.say('restart instance rehearsal-1');
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  expect(existsSync(worktreeAt(swarm, 'rehearsal-1'))).toBe(true);
});

test.each([
  ['remove worktree rehearsal-1 force', { exit: 6, data: { code: 'worktree/in-use' } }],
  ['remove worktree rehearsal-1', { exit: 6, data: { code: 'worktree/in-use' } }],
  ['clean worktree rehearsal-1 force', { exit: 0, data: { removed: [], kept: [{ worktree: 'rehearsal-1' }] } }],
])('"%s" takes nothing from under an agent that was started during the teardown', async (line, answer) => {
  const teardown = 'touch "$DROVER_CHECKOUT/../waits"; until test -e "$DROVER_CHECKOUT/../go"; do sleep 0.05; done';
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', worktrees: { teardown } } });
  await swarm.say('launch 1 instance');
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  await swarm.say('stop instance rehearsal-1');
  const place = worktreeAt(swarm, 'rehearsal-1');
  // What the session began needs a moment to leave the folder.
  await expect.poll(async () => livingIn(place), { timeout: 30_000 }).toEqual([]);
  const removing = swarm.say(line);
  await expect.poll(() => existsSync(join(swarm.root, '..', 'waits')), { timeout: 30_000 }).toBe(true);
  expect(await swarm.say('restart instance rehearsal-1')).toMatchObject({ exit: 0 });
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  writeFileSync(join(place, '.env'), 'mine');
  writeFileSync(join(swarm.root, '..', 'go'), '');
  expect(await removing).toMatchObject(answer);
  expect(existsSync(join(place, '.env'))).toBe(true);
  expect(swarm.git('for-each-ref', 'refs/drover/archive')).toBe('');
  await swarm.say('stop instance rehearsal-1');
  await expect.poll(async () => livingIn(place), { timeout: 30_000 }).toEqual([]);
  const removed = await swarm.say('remove worktree rehearsal-1 force');
  expect([removed.exit, removed.message]).toEqual([0, expect.stringContaining('Removed 1 worktree: rehearsal-1.')]);
  expect(existsSync(place)).toBe(false);
});

test('a batch that is being put together keeps the worktree that it is put together in', async () => {
  const check = 'until test -e ../../../../../go; do sleep 0.05; done';
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', checks: { merge: check } } });
  await swarm.say('create task "One" id=t1');
  await swarm.say('run task t1 wait=true');
  const merging = swarm.say('merge completed branches');
  await expect.poll(() => existsSync(worktreeAt(swarm, 'integration')), { timeout: 30_000 }).toBe(true);
  expect(await swarm.say('remove worktree "integration"')).toMatchObject({
    exit: 6,
    message: expect.stringContaining('batch-1 is being put together there'),
  });
  writeFileSync(join(swarm.root, '..', 'go'), '');
  await merging;
  expect(await swarm.say('remove worktree "integration"')).toMatchObject({ exit: 0 });
});

test('what git ignores is named before it goes, and nothing is taken from under a process', async () => {
  await using swarm = await openSwarm({ files: { '.gitignore': '.env\nbuild/\n' } });
  await swarm.say('create worktree scratch');
  const place = worktreeAt(swarm, 'scratch');
  mkdirSync(join(place, 'build'));
  for (const path of ['.env', 'build/out', 'idea']) writeFileSync(join(place, path), 'x');
  const asked = await swarm.propose('remove worktree scratch');
  expect([asked.exit, asked.message]).toEqual([
    5,
    expect.stringContaining('stays in the trash for 24h: .env, build/.'),
  ]);
  expect((await swarm.propose('remove worktree scratch force')).message).toContain('is lost: .env, build/.');
  const child = spawn('sleep', ['600'], { cwd: join(place, 'build'), stdio: 'ignore' });
  await once(child, 'spawn');
  const refused = await swarm.say('remove worktree scratch');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect([refused.exit, refused.message]).toEqual([6, expect.stringContaining(`the process ${child.pid} (sleep 600)`)]);
  expect(existsSync(join(place, '.env'))).toBe(true);
  expect(await swarm.say('remove worktree scratch')).toMatchObject({ exit: 0 });
});

test('a worktree in the middle of a merge or a rebase stays, and why is said', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create worktree scratch');
  const at = worktreeAt(swarm, 'scratch');
  const other = swarm.git('commit-tree', 'main^{tree}', '-p', 'main', '-m', 'other');
  swarm.git('-C', at, 'commit', '-q', '--allow-empty', '-m', 'mine');
  swarm.git('-C', at, 'merge', '-q', '--no-ff', '--no-commit', other);
  const reply = await swarm.say('remove worktree scratch force');
  expect(reply).toMatchObject({ exit: 6, message: expect.stringContaining('a merge is in the middle there') });
  expect(reply.hint).toBe(`Finish it, or give it up with: git -C ${at} merge --abort`);
  const cleaned = (await swarm.say('clean worktree scratch dry-run')).data as { kept: unknown };
  expect(cleaned.kept).toEqual([{ worktree: 'scratch', why: 'a merge is in the middle there' }]);
  swarm.git('-C', at, 'merge', '--abort');
  swarm.git('-C', at, '-c', 'sequence.editor=sed -i 1ibreak', 'rebase', '-q', '-i', '--keep-empty', 'main');
  expect((await swarm.say('remove worktree scratch')).message).toContain('a rebase is in the middle there');
  swarm.git('-C', at, 'rebase', '--abort');
  expect(await swarm.say('remove worktree scratch')).toMatchObject({ exit: 0 });
});

test('of several worktrees those that can go do, and the answer tells of them and of the one that stays', async () => {
  await using swarm = await openSwarm();
  for (const name of ['alpha', 'beta', 'gamma']) await swarm.say(`create worktree ${name}`);
  await swarm.say('lock worktree beta reason="a demo"');
  const reply = await swarm.say('remove worktree alpha,beta,gamma');
  expect([reply.exit, reply.message, reply.hint]).toEqual([
    124,
    expect.stringMatching(
      /^Removed 2 worktrees: alpha, gamma\. .*beta.*it is locked: a demo\. First say: unlock worktree beta$/u,
    ),
    'To bring it back: restore worktree alpha',
  ]);
  expect(reply.data).toMatchObject([{ worktree: 'alpha' }, { worktree: 'gamma' }]);
  expect(['alpha', 'beta', 'gamma'].map((name) => existsSync(worktreeAt(swarm, name)))).toEqual([false, true, false]);
  await swarm.say('create worktree gamma');
  const back = await swarm.say('restore worktree gamma,alpha');
  expect([back.exit, back.message]).toEqual([
    124,
    expect.stringMatching(/^Restored alpha \(drover\/alpha\)\. .*gamma/u),
  ]);
});

test('of three removals at once one removes, and the others are told that there is no such worktree', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create worktree scratch');
  writeFileSync(join(worktreeAt(swarm, 'scratch'), 'idea'), 'good');
  const replies = await Promise.all([1, 2, 3].map(() => swarm.say('remove worktree scratch')));
  const said = replies.map(({ exit, message }) => `${exit} ${message}`).toSorted();
  expect(said).toEqual([
    '0 Removed 1 worktree: scratch. Uncommitted work of scratch is kept.',
    ...Array.from({ length: 2 }, () => expect.stringMatching(/^3 There is no worktree "scratch"/u)),
  ]);
});
