import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { writeTrusted } from '../../helpers/trust.ts';
import { sayAs } from '../process.ts';
import { until } from '../until.ts';

const quick = { DROVER_REHEARSAL_TASK_MS: '20' };

/** Everything of the user's: files, index, HEAD, branches of theirs, stash, configuration. */
const checkout = (swarm: Swarm): string => {
  const hash = createHash('sha256');
  for (const file of globSync('**', { cwd: swarm.root, exclude: ['.git'] }).toSorted()) {
    const path = join(swarm.root, file);
    hash.update(`${file} ${statSync(path).mode} ${statSync(path).mtimeMs}\n`);
    if (statSync(path).isFile()) hash.update(readFileSync(path));
  }
  for (const file of ['index', 'HEAD', 'config', 'refs/heads/main'])
    hash.update(readFileSync(join(swarm.root, '.git', file)));
  return `${hash.digest('hex')} ${swarm.git('stash', 'list')}`;
};

const create = async (swarm: Swarm, tasks: Readonly<Record<string, string>>) => {
  for (const [id, words] of Object.entries(tasks)) {
    const reply = await swarm.say(`create task ${words} id=${id}`);
    if (reply.exit !== 0) throw new Error(reply.message);
  }
};

const subjects = (swarm: Swarm, range: string) =>
  swarm.git('log', '--first-parent', '--reverse', '--format=%s', range).split('\n');

test('[GIT-3] three verified tasks become batch-1 in order, and the user’s checkout stays as it is, dirty files and all', async () => {
  await using swarm = await openSwarm({ env: quick, files: { 'notes.txt': 'one\n', 'staged.txt': 'a\n' } });
  writeFileSync(join(swarm.root, 'notes.txt'), 'two\n');
  writeFileSync(join(swarm.root, 'staged.txt'), 'b\n');
  writeFileSync(join(swarm.root, 'untracked.txt'), 'new\n');
  swarm.git('add', 'staged.txt');
  swarm.git('status');
  const before = checkout(swarm);

  await swarm.say('launch 2 instances');
  await create(swarm, { t1: '"First"', t2: '"Second" deps=t1', t3: '"Third"' });
  expect((await swarm.say('run tasks t1, t2, t3 wait=true')).exit).toBe(0);
  const reply = await swarm.say('merge completed branches');
  expect([reply.exit, reply.message]).toEqual([0, 'batch-1: 3 branches merged into drover/integration.']);

  const { batches, tasks } = await swarm.state();
  const order = batches['batch-1']!.merged.map((one) => one.task);
  expect(order.toSorted()).toEqual(['t1', 't2', 't3']);
  expect(order.indexOf('t1')).toBeLessThan(order.indexOf('t2'));
  expect(subjects(swarm, 'main..drover/integration')).toEqual(order.map((id) => `Merge ${id}: ${tasks[id]!.title}`));
  expect(Object.values(tasks).map((task) => task.batch)).toEqual(['batch-1', 'batch-1', 'batch-1']);
  expect((await swarm.say('list integrations')).text).toContain('batch-1');
  expect(checkout(swarm)).toBe(before);

  const again = await swarm.say('merge completed branches');
  expect([again.exit, again.message]).toEqual([6, 'No finished branch waits to be merged.']);
  const integration = join(swarm.paths.worktrees, 'integration');
  expect(swarm.git('-C', integration, 'status', '--porcelain', '--branch')).toBe('## drover/integration');
});

test('[GIT-6] of four branches the conflicting one is set aside with what builds on it, and the others are merged', async () => {
  await using swarm = await openSwarm({ env: quick });
  await swarm.say('launch 4 instances');
  const conflict = 'rehearse: conflict same.txt';
  await create(swarm, {
    t1: `"${conflict}"`,
    t2: `"${conflict}"`,
    t3: '"Three"',
    t4: '"Four"',
    t5: '"Five" deps=t2',
    t6: '"Six" deps=t1',
  });
  expect((await swarm.say('run tasks t1, t2, t3, t4, t5, t6 wait=true')).exit).toBe(0);
  const reply = await swarm.say('merge completed branches');
  expect(reply.exit).toBe(6);
  expect(reply.message).toContain('batch-1: 4 branches merged into drover/integration, 2 set aside');
  expect(reply.message).toContain('conflict with t1 in same.txt (1 line)');
  const { batches, tasks, alerts } = await swarm.state();
  const { merged, set_aside } = batches['batch-1']!;
  const conflicting = set_aside[0]!;
  expect(conflicting).toMatchObject({ reason: 'conflict', files: ['same.txt'] });
  expect(tasks[conflicting.task]).toMatchObject({ state: 'done', batch: null });
  const needing = set_aside.find((one) => one.task === 't5')!;
  expect(needing).toMatchObject({ reason: 'dependency', message: 'it builds on t2, which was set aside' });
  expect((await swarm.say('list conflicts')).data).toContainEqual(
    expect.objectContaining({ task: conflicting.task, files: ['same.txt'] }),
  );
  expect(merged.map((one) => one.task).toSorted()).toEqual(['t1', 't3', 't4', 't6']);
  expect(alerts[`aside:${conflicting.task}`]?.suggestion).toBe(`show conflict ${conflicting.task}`);
  expect(swarm.git('show', 'drover/integration:same.txt')).toBe('This line belongs to task t1.');
});

test('[GIT-7] a merge that fails its gate is undone and its task has failed; a retry is merged', async () => {
  const flag = 'limit.txt';
  const merge = `! test -e rehearsal/broken || { echo coverage 71 is below 80; exit 1; }`;
  await using swarm = await openSwarm({ env: quick, settings: { agent: 'rehearsal', checks: { merge } } });
  await swarm.say('launch 3 instances');
  await create(swarm, { t1: `"One ${flag}"`, t2: '"rehearse: fail-check"', t3: '"Three"', t4: '"Four" deps=t2' });
  expect((await swarm.say('run tasks t1, t2, t3, t4 wait=true')).exit).toBe(0);
  const reply = await swarm.say('merge completed branches');
  expect(reply.exit).toBe(6);
  const state = await swarm.state();
  expect(state.batches['batch-1']!.merged.map((one) => one.task)).toEqual(['t1', 't3']);
  expect(state.tasks['t2']).toMatchObject({
    state: 'failed',
    batch: null,
    run: { failure: { class: 'gate', message: expect.stringMatching(/coverage 71 is below 80$/u) } },
  });
  // What is built on that has to be done again, and no gate has judged it.
  expect(state.tasks['t4']).toMatchObject({ state: 'failed', run: { failure: { class: 'dependency' } } });
  expect(state.batches['batch-1']!.set_aside.map(({ task, reason }) => [task, reason])).toEqual([
    ['t2', 'gate'],
    ['t4', 'dependency'],
  ]);
  expect((await swarm.say('show task t4')).text).toContain('has to be done again ');
  for (const id of ['t2', 't4']) {
    const { suggestions } = (await swarm.say(`show failure ${id}`)).data as { suggestions: { command: string }[] };
    expect(suggestions.map(({ command }) => command)).toEqual([
      ...[`show diff ${id}`, `review task ${id}`],
      ...[`retry task ${id}`, `retry task ${id} prompt="…"`],
      `cancel task ${id}`,
    ]);
  }
  expect(swarm.git('ls-tree', '-r', '--name-only', 'drover/integration')).not.toContain('broken');
  expect(subjects(swarm, 'main..drover/integration')).toHaveLength(2);

  await swarm.say('set task t2 title="Repaired"');
  const retried = await swarm.say('retry tasks t2, t4');
  expect(retried.exit).toBe(0);
  await expect
    .poll(async () => Object.values((await swarm.state()).tasks).map((task) => task.state))
    .toEqual(['done', 'done', 'done', 'done']);
  const second = await swarm.say('merge completed branches');
  expect([second.exit, second.message]).toEqual([0, 'batch-2: 2 branches merged into drover/integration.']);
  expect(Object.keys((await swarm.state()).alerts)).toEqual([]);
});

const PLAN = `# Implementation Plan

- [ ] 1. Group one
- [ ] 1.1 First thing
  - _Requirements: 1.1_
- [ ] 1.2 Second thing
  - _Requirements: 1.2_
- [x] 2. Done before
- [ ] 3. Third thing`;

test('[TSK-4] a merge ticks the box of its task and nothing else, and that of a group with its last task', async () => {
  const path = '.kiro/specs/demo/tasks.md';
  await using swarm = await openSwarm({ env: quick, files: { [path]: PLAN } });
  const imported = await swarm.say(`import spec .kiro/specs/demo`);
  expect(imported.exit).toBe(0);
  expect((await swarm.say('run all tasks wait=true')).exit).toBe(0);
  const { exit, message } = await swarm.say('merge completed branches');
  expect([exit, message]).toEqual([0, 'batch-1: 3 branches merged into drover/integration.']);
  const commits = swarm.git('rev-list', '--first-parent', '--reverse', 'main..drover/integration').split('\n');
  const stats = commits.map((commit) => swarm.git('diff', '--numstat', `${commit}^1`, commit, '--', path));
  expect(stats.toSorted()).toEqual([`1\t1\t${path}`, `1\t1\t${path}`, `2\t2\t${path}`]);
  // `git` of the tests trims; the bytes come from the object itself.
  expect(swarm.git('show', `drover/integration:${path}`)).toBe(PLAN.replaceAll('[ ]', '[x]'));
  expect(swarm.git('cat-file', '-s', `drover/integration:${path}`)).toBe(String(Buffer.byteLength(PLAN)));
  expect(readFileSync(join(swarm.root, path), 'utf8')).toBe(PLAN);
});

test('[TSK-4] a plan that came to the base after the first merge is named as not ticked, and ticked with the next merge', async () => {
  const path = 'TASKS.md';
  await using swarm = await openSwarm({ env: quick });
  await create(swarm, { t1: '"One"' });
  await swarm.say('run all tasks wait=true');
  await swarm.say('merge completed branches');
  writeFileSync(join(swarm.root, path), '- [ ] 1. First\n- [ ] 2. Second\n');
  swarm.git('add', path);
  swarm.git('commit', '-q', '-m', 'a plan');
  await swarm.say(`import spec ${path}`);
  await swarm.say('run all tasks wait=true');
  expect((await swarm.say('merge branch 1')).message).toBe(
    'batch-2: 1 branch merged into drover/integration. TASKS.md is not ticked: drover/integration does not have it. To bring it in and tick it: sync branch drover/integration',
  );
  expect(await swarm.say('sync branch drover/integration')).toMatchObject({ exit: 0 });
  expect(swarm.git('show', `drover/integration:${path}`)).toBe('- [x] 1. First\n- [ ] 2. Second');
  expect((await swarm.say('merge branch 2')).message).toBe('batch-3: 1 branch merged into drover/integration.');
  expect(swarm.git('show', `drover/integration:${path}`)).toBe('- [x] 1. First\n- [x] 2. Second');
});

test('an integration branch that somebody moved during a batch is left as they made it, and that is what is told', async () => {
  await using swarm = await openSwarm({ env: quick });
  await create(swarm, { t1: '"One"', t2: '"Two"' });
  await swarm.say('run tasks t1, t2 wait=true');
  const tree = swarm.git('rev-parse', 'main^{tree}');
  const theirs = swarm.git('commit-tree', tree, '-p', 'main', '-m', 'theirs');
  const moving = `git update-ref refs/heads/drover/integration ${theirs}`;
  const settings = { agent: 'rehearsal', checks: { merge: moving }, git: { guard: 'off' } };
  writeTrusted(swarm.paths.config, swarm.env, settings);
  await swarm.reopen();
  const reply = await swarm.say('merge completed branches');
  expect([reply.exit, reply.message]).toEqual([6, expect.stringContaining('moved by somebody else')]);
  expect(swarm.git('rev-parse', 'drover/integration')).toBe(theirs);
  const { alerts, batches, tasks } = await swarm.state();
  expect(tasks['t1']).toMatchObject({ state: 'done', batch: null });
  const message = 'drover/integration was moved by somebody else while batch-1 was running';
  expect(batches['batch-1']!.set_aside).toEqual(
    ['t1', 't2'].map((task) => ({ task, reason: 'moved', message, files: [] })),
  );
  expect(alerts['aside:t2']?.text).toBe(`t2 was set aside from batch-1: ${message}`);
  expect((await swarm.say('show integration batch-1')).message).toContain(`set aside  t2  moved: ${message}`);
  expect((await swarm.say('list integrations')).text).toContain('t1 (moved) t2 (moved)');
  expect((await swarm.say('list conflicts')).message).toContain('No conflict is known.');
});

test('work that is sent back while a batch judges it is not merged, and what it is done with next can be', async () => {
  const merge = 'touch ../judged; until test -e ../go; do sleep 0.02; done';
  const task = 'while test -e ../held; do sleep 0.02; done';
  const settings = { agent: 'rehearsal', checks: { merge, task } };
  await using swarm = await openSwarm({ env: quick, settings });
  const beside = (name: string) => join(swarm.paths.worktrees, name);
  const onBranch = () => swarm.git('log', '--format=%H', 'drover/integration').split('\n');
  await create(swarm, { t1: '"One"', t2: '"Two"' });
  await swarm.say('run tasks t1, t2 wait=true');
  const rejected = (await swarm.state()).tasks['t1']!.run!.result!.head_commit;
  const merging = swarm.say('merge completed branches');
  await expect.poll(() => existsSync(beside('judged')), { timeout: 60_000 }).toBe(true);
  writeFileSync(beside('held'), '');
  expect((await swarm.say('return task t1 "again"')).message).toContain('batch-1, which is under way, leaves t1 out.');
  writeFileSync(beside('go'), '');
  const reply = await merging;
  const aside =
    '1 branch merged into drover/integration, 1 set aside: t1 (withdrawn: its work was sent back meanwhile).';
  expect([reply.exit, reply.message]).toEqual([6, `batch-1: ${aside}`]);
  expect(onBranch()).not.toContain(rejected);
  rmSync(beside('held'));
  const done = await until(swarm, ({ tasks }) => tasks['t1']?.state === 'done');
  expect(done.tasks['t1']!.batch).toBe(null);
  expect((await swarm.say('merge completed branches')).message).toBe(
    'batch-2: 1 branch merged into drover/integration.',
  );
  expect(onBranch()).toContain(done.tasks['t1']!.run!.result!.head_commit);
});

test('a batch that git cannot go on with says what git said, and what it had merged stays merged', async () => {
  await using swarm = await openSwarm({ env: quick });
  await create(swarm, { t1: '"One"', t2: '"Two" deps=t1' });
  await swarm.say('run tasks t1, t2 wait=true');
  const integration = join(swarm.paths.worktrees, 'integration');
  const lock = join(swarm.root, '.git/worktrees/integration/index.lock');
  const settings = { agent: 'rehearsal', checks: { merge: `touch ${lock}` }, integration: { together: 1 } };
  writeTrusted(swarm.paths.config, swarm.env, settings);
  await swarm.reopen();
  const reply = await swarm.say('merge completed branches');
  expect([reply.exit, reply.message]).toEqual([6, expect.stringContaining('t2 (busy: another git process holds')]);
  const { alerts, batches, tasks } = await swarm.state();
  expect(Object.keys(alerts)).toEqual(['aside:t2']);
  const { merged, set_aside } = batches['batch-1']!;
  expect([merged.map(({ task }) => task), set_aside.map(({ task, reason }) => [task, reason])]).toEqual([
    ['t1'],
    [['t2', 'busy']],
  ]);
  expect(tasks['t2']).toMatchObject({ state: 'done', batch: null });
  expect((await swarm.say('list conflicts')).message).toContain('No conflict is known.');

  rmSync(lock);
  writeTrusted(swarm.paths.config, swarm.env, { agent: 'rehearsal' });
  await swarm.reopen();
  const again = await swarm.say('merge completed branches');
  expect([again.exit, again.message]).toEqual([0, 'batch-2: 1 branch merged into drover/integration.']);
  expect((await swarm.state()).alerts).toEqual({});
  expect(swarm.git('-C', integration, 'status', '--porcelain', '--branch')).toBe('## drover/integration');
});

test('the lock of a git that is at work on the integration branch stays, and the batch says which it is', async () => {
  await using swarm = await openSwarm({ env: quick });
  await create(swarm, { t1: '"One"', t2: '"Two"' });
  await swarm.say('run tasks t1, t2 wait=true');
  expect((await swarm.say('merge branch t1')).exit).toBe(0);
  const tip = swarm.git('rev-parse', 'drover/integration');
  const theirs = swarm.git('commit-tree', `${tip}^{tree}`, '-p', tip, '-m', 'theirs');
  swarm.git('-C', join(swarm.paths.worktrees, 'integration'), 'checkout', '-q', '--detach');
  const lock = join(swarm.root, '.git/refs/heads/drover/integration.lock');
  const git = spawn('git', ['update-ref', '--stdin'], { cwd: swarm.root, stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = once(git, 'exit');
  git.stdin.write(`start\nupdate refs/heads/drover/integration ${theirs} ${tip}\nprepare\n`);
  await expect.poll(() => existsSync(lock)).toBe(true);
  // As if it had been at it for a minute.
  utimesSync(lock, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
  const reply = await swarm.say('merge completed branches');
  expect([reply.exit, reply.message]).toEqual([
    6,
    expect.stringContaining(`t2 (busy: another git process holds a lock: ${lock})`),
  ]);
  git.stdin.end('commit\n');
  expect(await ended).toEqual([0, null]);
  expect(swarm.git('rev-parse', 'drover/integration')).toBe(theirs);
});

test('a batch that its daemon did not finish is finished by the next one, and no merge is made twice', async () => {
  const flag = 'gate';
  await using swarm = await openSwarm({ env: quick });
  const gate = join(swarm.root, '..', flag);
  const settings = {
    agent: 'rehearsal',
    checks: { merge: `echo x >>${gate}; until test -e ${gate}.open; do sleep 0.05; done` },
    integration: { together: 1 },
  };
  writeTrusted(swarm.paths.config, swarm.env, settings);
  await swarm.reopen();
  await create(swarm, { t1: '"One"', t2: '"Two" deps=t1' });
  expect((await swarm.say('run tasks t1, t2 wait=true')).exit).toBe(0);
  const answer = sayAs(swarm.paths, 'merge', 'merge completed branches');
  await expect.poll(() => existsSync(gate)).toBe(true);
  await swarm.close();
  expect(await answer).toBeUndefined();
  writeFileSync(`${gate}.open`, '');
  await swarm.reopen();
  await until(swarm, ({ batches }) => batches['batch-1']?.state === 'finished');
  const { batches } = await swarm.state();
  expect(batches['batch-1']!.merged.map((one) => one.task)).toEqual(['t1', 't2']);
  expect(subjects(swarm, 'main..drover/integration')).toEqual(['Merge t1: One', 'Merge t2: Two']);
  const again = await sayAs(swarm.paths, 'merge', 'merge completed branches');
  expect([again?.exit, again?.message]).toEqual([0, 'batch-1: 2 branches merged into drover/integration.']);
});
