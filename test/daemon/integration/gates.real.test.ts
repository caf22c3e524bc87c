import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../helpers/folder.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';

const env = { DROVER_REHEARSAL_TASK_MS: '20' };

test('[GIT-7] a branch that lowers the coverage under the limit is found among six, and is not in the batch', async () => {
  const coverage = 'test -e rehearsal/broken && echo "Lines: 71.5 %" || echo "Lines: 88 %"';
  const gates = [
    { name: 'tests', command: 'echo all pass' },
    { name: 'coverage', command: coverage, coverage: { minimum: 80 } },
  ];
  await using swarm = await openSwarm({ env, settings: { agent: 'rehearsal', checks: { gates } } });
  await swarm.say('launch 3 instances');
  for (const n of [1, 2, 4, 5, 6]) await swarm.say(`create task "Task ${n}" id=t${n}`);
  await swarm.say('create task "rehearse: fail-check" id=t3');
  expect((await swarm.say('run all tasks wait=true')).exit).toBe(0);
  const reply = await swarm.say('merge completed branches');
  expect([reply.exit, reply.message]).toEqual([
    6,
    'batch-1: 5 branches merged into drover/integration, 1 set aside: t3 (gate: coverage: 71.5 % is below 80 %).',
  ]);
  const { batches, tasks } = await swarm.state();
  expect(tasks['t3']).toMatchObject({
    state: 'failed',
    batch: null,
    run: { failure: { class: 'gate', message: 'coverage: 71.5 % is below 80 %' } },
  });
  expect(swarm.git('ls-tree', '-r', '--name-only', 'drover/integration')).not.toContain('broken');
  const { checks, head_commit, merged } = batches['batch-1']!;
  expect(merged.map(({ task }) => task).toSorted()).toEqual(['t1', 't2', 't4', 't5', 't6']);
  const last = checks.filter(({ gate }) => gate === 'coverage').at(-1)!;
  expect(last).toMatchObject({ commit: head_commit, coverage: 88, problem: null });
  expect(checks[1]).toMatchObject({
    gate: 'coverage',
    coverage: 71.5,
    retries: 1,
    tasks: expect.arrayContaining(['t1', 't6']),
  });
  expect(readFileSync(checks[1]!.log!, 'utf8')).toBe(`$ ${coverage}\nLines: 71.5 %\n\n$ ${coverage}\nLines: 71.5 %\n`);
  const report = (await swarm.say('report integration batch-1')).text ?? '';
  expect(report).toContain('71.5 %');
});

test('a gate that fails once and passes when it is repeated is flaky, and that is recorded', async () => {
  const command = 'test -e ../flaked || { touch ../flaked; echo red; exit 1; }';
  const checks = { gates: [{ name: 'tests', command }] };
  await using swarm = await openSwarm({ env, settings: { agent: 'rehearsal', checks } });
  await swarm.say('create task "One" id=t1');
  await swarm.say('run all tasks wait=true');
  const reply = await swarm.say('merge completed branches');
  expect([reply.exit, existsSync(join(swarm.paths.worktrees, 'flaked'))]).toEqual([0, true]);
  expect((await swarm.state()).batches['batch-1']!.checks).toMatchObject([
    { gate: 'tests', problem: null, retries: 1, flaky: expect.stringContaining('red') },
  ]);
  expect((await swarm.say('show integration batch-1')).message).toContain('flaky, passed when it was repeated');
});

test('a pattern of coverage that takes too long fails the gate, which says so, and the daemon goes on', async () => {
  const letters = `${'a'.repeat(33)}!`;
  const gates = [{ name: 'slow', command: `echo ${letters}`, coverage: { minimum: 1, pattern: '((a+)+)$' } }];
  await using swarm = await openSwarm({ env, settings: { agent: 'rehearsal', checks: { gates, retries: 0 } } });
  await swarm.say('create task "One" id=t1');
  await swarm.say('run all tasks wait=true');
  expect(await swarm.say('merge completed branches')).toMatchObject({
    exit: 6,
    message: expect.stringContaining('slow: the pattern of its coverage takes too long'),
  });
});

test('[STO-7] that a batch has begun is on the disk before anything of it changes its worktree', async () => {
  // A daemon that is killed then goes on with it, and takes nothing there for what a person has changed.
  const journal = 'grep -q batch.stepped "$DROVER_CHECKOUT"/.git/drover/journal/*.jsonl';
  const setup = `test "$DROVER_WORKTREE" != integration || ${journal}`;
  const settings = { agent: 'rehearsal', checks: { merge: 'true' }, worktrees: { setup } };
  await using swarm = await openSwarm({ env, settings });
  await swarm.say('create task "One" id=t1');
  await swarm.say('run all tasks wait=true');
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
});

test('where the base fails a gate by itself no task is blamed, and what was merged onto it is merged once it is repaired', async () => {
  const gates = [{ name: 'lint', command: '! test -e red.txt' }];
  const settings = { agent: 'rehearsal', checks: { gates, retries: 0 } };
  await using swarm = await openSwarm({ env, settings, files: { 'red.txt': 'red\n' } });
  for (const id of ['t1', 't2']) await swarm.say(`create task "Task ${id}" id=${id}`);
  await swarm.say('run all tasks wait=true');
  const reply = await swarm.say('merge completed branches');
  expect([reply.exit, reply.message]).toEqual([
    6,
    expect.stringContaining('drover/integration fails without any of them, at '),
  ]);
  const { tasks, batches, alerts } = await swarm.state();
  expect(Object.values(tasks).map(({ state, batch }) => [state, batch])).toEqual([
    ['done', null],
    ['done', null],
  ]);
  expect(batches['batch-1']!.set_aside.map(({ task, reason }) => [task, reason])).toEqual([
    ['t1', 'base'],
    ['t2', 'base'],
  ]);
  expect(alerts['aside:t1']!.text).toContain('lint');
  swarm.git('rm', '-q', 'red.txt');
  swarm.git('commit', '-q', '-m', 'repaired');
  expect(await swarm.say('sync branch drover/integration')).toMatchObject({ exit: 0 });
  expect(await swarm.say('merge completed branches')).toMatchObject({
    exit: 0,
    message: 'batch-2: 2 branches merged into drover/integration.',
  });
});

test('what came onto the integration branch by no batch is judged before it is delivered, and what fails is not', async () => {
  using folder = temporaryFolder('gates');
  const ran = join(folder.path, 'ran');
  const gates = [{ name: 'lint', command: `echo x >> ${ran}; ! test -e red.txt` }];
  await using swarm = await openSwarm({ env, settings: { agent: 'rehearsal', checks: { gates, retries: 0 } } });
  const runs = (): number => readFileSync(ran, 'utf8').trim().split('\n').length;
  const deliver = 'merge completed branches to=main yes=true';
  await swarm.say('create task One id=one');
  await swarm.say('run all tasks wait=true');
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
  writeFileSync(join(swarm.root, 'red.txt'), 'red\n');
  swarm.git('add', 'red.txt');
  swarm.git('commit', '-q', '-m', 'red');
  const red = swarm.git('rev-parse', 'main');
  await swarm.say('sync branch drover/integration');
  expect([runs(), await swarm.say(deliver)]).toEqual([
    1,
    expect.objectContaining({
      exit: 6,
      message: expect.stringMatching(
        /main stays where it is: drover\/integration fails at [0-9a-f]{10}, which no batch had judged: lint: .* ended with 1; repair it on your branch, then merge once more, after this has brought it in: sync branch drover\/integration\.$/u,
      ),
    }),
  ]);
  expect([runs(), swarm.git('rev-parse', 'main')]).toEqual([2, red]);
  const { path } = (await swarm.say('show worktree integration')).data as { path: string };
  expect(swarm.git('-C', path, 'symbolic-ref', '--short', 'HEAD')).toBe('drover/integration');
  swarm.git('rm', '-q', 'red.txt');
  swarm.git('commit', '-q', '-m', 'repaired');
  await swarm.say('sync branch drover/integration');
  expect(await swarm.say(deliver)).toMatchObject({ exit: 0 });
  expect([runs(), swarm.git('rev-parse', 'main')]).toEqual([3, swarm.git('rev-parse', 'drover/integration')]);
  // What a batch has published has passed.
  await swarm.say('create task Two id=two');
  await swarm.say('run all tasks wait=true');
  await swarm.say('merge completed branches');
  expect([runs(), await swarm.say(deliver), runs()]).toEqual([4, expect.objectContaining({ exit: 0 }), 4]);
});

test('a base that fails is repaired in the integration worktree as well, which is left on its branch', async () => {
  const gates = [{ name: 'lint', command: '! test -e red.txt' }];
  const settings = { agent: 'rehearsal', checks: { gates, retries: 0 } };
  await using swarm = await openSwarm({ env, settings, files: { 'red.txt': 'red\n' } });
  await swarm.say('create task One id=one');
  await swarm.say('run all tasks wait=true');
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 6 });
  const { path } = (await swarm.say('show worktree integration')).data as { path: string };
  const ground = (await swarm.state()).batches['batch-1']!.checks.find(({ task }) => task === null)!;
  expect(ground).toMatchObject({ gate: 'lint', problem: expect.stringContaining('lint: ') });
  expect(readFileSync(ground.log!, 'utf8')).toContain('$ ! test -e red.txt');
  expect((await swarm.say('show integration batch-1')).message).toContain(`lint  ${ground.commit.slice(0, 10)}  `);
  swarm.git('-C', path, 'rm', '-q', 'red.txt');
  swarm.git('-C', path, 'commit', '-q', '-m', 'repaired');
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
});

test('a check that is set after the first merge, and that what is merged fails, blames none of the next tasks', async () => {
  await using swarm = await openSwarm({ env });
  await swarm.say('create task One id=one');
  await swarm.say('run all tasks wait=true');
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
  await swarm.say('create task Two id=two');
  await swarm.say('run all tasks wait=true');
  await swarm.say('set config checks.merge=false');
  expect((await swarm.say('merge completed branches')).message).toContain('fails without any of them, at ');
  expect((await swarm.state()).tasks['two']).toMatchObject({ state: 'done', batch: null });
});

test('without a check of merges the one of the tasks judges what came by no batch', async () => {
  await using swarm = await openSwarm({ env, settings: { agent: 'rehearsal', checks: { task: '! test -e red.txt' } } });
  await swarm.say('create task One id=one');
  await swarm.say('run all tasks wait=true');
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
  writeFileSync(join(swarm.root, 'red.txt'), 'red\n');
  swarm.git('add', 'red.txt');
  swarm.git('commit', '-q', '-m', 'red');
  await swarm.say('sync branch drover/integration');
  expect(await swarm.say('merge completed branches to=main yes=true')).toMatchObject({
    exit: 6,
    message: expect.stringContaining('which no batch had judged: "! test -e red.txt" ended with 1'),
  });
});

/** What a person is told to do next. */
const nextOf = async (swarm: Swarm): Promise<readonly string[]> =>
  ((await swarm.say('status')).data as { next: { command: string }[] }).next.map(({ command }) => command);

/** Merges one task. */
const mergeOne = async (swarm: Swarm): Promise<void> => {
  await swarm.say('create task One id=one');
  await swarm.say('run all tasks wait=true');
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
};

test('a commit that fails a gate is not proposed for delivery again, but a look at the check', async () => {
  const gates = [{ name: 'lint', command: '! test -e red.txt' }];
  await using swarm = await openSwarm({ env, settings: { agent: 'rehearsal', checks: { gates, retries: 0 } } });
  await mergeOne(swarm);
  writeFileSync(join(swarm.root, 'red.txt'), 'red\n');
  swarm.git('add', 'red.txt');
  swarm.git('commit', '-q', '-m', 'red');
  await swarm.say('sync branch drover/integration');
  const deliver = 'merge completed branches to=main';
  expect(await nextOf(swarm)).toContain(deliver);
  expect(await swarm.say(`${deliver} yes=true`)).toMatchObject({ exit: 6 });
  const next = await nextOf(swarm);
  expect(next).toContain('show integration batch-2');
  expect(next).not.toContain(deliver);
  expect((await swarm.say('show integration batch-2')).message).toMatch(/lint {2}[0-9a-f]{10} {2}.*: lint: /u);
  swarm.git('rm', '-q', 'red.txt');
  swarm.git('commit', '-q', '-m', 'repaired');
  expect(await nextOf(swarm)).toContain('sync branch drover/integration');
  await swarm.say('sync branch drover/integration');
  expect(await nextOf(swarm)).toContain(deliver);
});

test('what passes by itself before a delivery is not judged again where that did not come about', async () => {
  using folder = temporaryFolder('gates');
  const ran = join(folder.path, 'ran');
  const gates = [{ name: 'lint', command: `echo x >> ${ran}` }];
  await using swarm = await openSwarm({ env, settings: { agent: 'rehearsal', checks: { gates } } });
  const runs = (): number => readFileSync(ran, 'utf8').trim().split('\n').length;
  const deliver = 'merge completed branches to=main yes=true';
  await mergeOne(swarm);
  swarm.git('commit', '-q', '--allow-empty', '-m', 'mine');
  await swarm.say('sync branch drover/integration');
  const [file] = swarm.git('diff', '--name-only', 'main', 'drover/integration').split('\n');
  mkdirSync(dirname(join(swarm.root, file!)), { recursive: true });
  writeFileSync(join(swarm.root, file!), 'in the way\n');
  expect([await swarm.say(deliver), runs()]).toEqual([expect.objectContaining({ exit: 6 }), 2]);
  // It has not failed: what is in the way is for its owner to take away, and then it is proposed again.
  expect((await nextOf(swarm))[0]).toBe('status git');
  rmSync(join(swarm.root, file!));
  expect(await nextOf(swarm)).toContain('merge completed branches to=main');
  expect([await swarm.say(deliver), runs()]).toEqual([expect.objectContaining({ exit: 0 }), 2]);
});

test('after all that was merged is taken back, or nothing could be, a person is told what comes next', async () => {
  await using swarm = await openSwarm({ env });
  await mergeOne(swarm);
  swarm.git('branch', 'seen', 'drover/integration');
  expect(await swarm.say('rollback integration batch-1')).toMatchObject({
    exit: 0,
    data: { rollback: { method: 'revert' } },
  });
  // What it has more than main it takes back itself.
  const next = await nextOf(swarm);
  expect(next[0]).toBe('run all ready tasks');
  expect(next).not.toContain('merge completed branches to=main');
  swarm.git('commit', '-q', '--allow-empty', '-m', 'mine');
  expect(await nextOf(swarm)).toContain('sync branch drover/integration');
});
