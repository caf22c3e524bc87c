import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../../helpers/folder.ts';
import { runMain } from '../../helpers/io.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { answerOf, hang, hangs, sayAs, until, worktreeAt } from '../stage.ts';

// One swarm for all that only look: an agent at work with a file left over, tasks that are merged, verified and failed.
let busy: Swarm;

let worker: string;

beforeAll(async () => {
  busy = await openSwarm();
  await busy.say('launch 2 instances');
  await busy.say(hang('h1'));
  await busy.say('run task h1');
  worker = (await hangs(busy, 'h1')).tasks['h1']!.run!.instance;
  writeFileSync(join(worktreeAt(busy, worker), 'left'), 'over');
  await busy.say('create task "Do it" id=t2');
  await busy.say('run task t2 wait=true');
  await busy.say('merge completed branches');
  await busy.say('create task "More" id=t3 deps=t2');
  await busy.say('run task t3 wait=true');
  await busy.say('create task "Bad" id=t4 check=false');
  await busy.say('run task t4 wait=true');
  await busy.say('retry task t4');
  await until(busy, ({ tasks: { t4 } }) => t4?.attempts === 2 && t4.state === 'failed');
  busy.git('branch', 'mine');
  busy.git('worktree', 'add', '-q', '--detach', join(busy.root, '..', 'detached'));
  writeFileSync(join(busy.root, 'mine'), 'mine');
});

afterAll(() => busy[Symbol.asyncDispose]());

test('[TUI-6] "drover worktrees tree --json" links every worktree to its task, branch and session', async () => {
  const { exit, stdout } = await runMain(['worktrees', 'tree', '--json'], { cwd: busy.root, env: busy.env });
  const nodes = JSON.parse(stdout) as Record<string, unknown>[];
  expect([exit, nodes.map(({ name }) => name)]).toEqual([0, ['integration', 'rehearsal-1', 'rehearsal-2']]);
  for (const node of nodes.slice(1)) {
    const h1 = node['name'] === worker;
    expect(node).toMatchObject({
      instance: node['name'],
      session: `r-${node['name']}`,
      task: h1 ? 'h1' : 't4',
      branch: h1 ? 'feature/h1-hang-h1' : 'feature/t4-bad-2',
      tasks: h1
        ? [{ id: 'h1', word: 'running' }]
        : [
            { id: 't2', word: 'merged, unchecked' },
            { id: 't3', word: 'done, unchecked' },
            { id: 't4', word: 'failed: check' },
          ],
      dirty: h1 ? 1 : 0,
    });
  }
  const { text } = await busy.say('tree worktrees');
  expect(text).toContain('├─ integration (integration)');
  expect(text).toContain(`${worker} ● working`);
  expect(text).toContain('branch feature/h1-hang-h1, +0 −0, 1 uncommitted');
  expect(text).toContain('task t2 Do it (merged, unchecked)');
  expect((await busy.say(`tree ${worker}`)).data).toHaveLength(1);
});

test('worktrees are listed with whose they are, what is uncommitted there and how far they are from the base', async () => {
  const listed = await busy.say('list worktrees');
  expect(listed.message).toBe(
    `3 worktrees, 1 with uncommitted work (${worker}: 1 path); 2 others of your own, the checkout included.`,
  );
  expect((await busy.say('status worktrees')).text).toMatch(new RegExp(`${worker} +● 1 uncommitted`));
  expect(await answerOf(busy, 'list worktrees limit=1')).toHaveLength(1);
  const shown = await busy.say(`show worktree ${worker}`);
  expect(shown.data).toMatchObject({ name: worker, kind: 'instance', uncommitted: ['left'] });
  expect(shown.text).toContain(`path:      ${worktreeAt(busy, worker)}`);
  expect(shown.text).toMatch(/^ {2}left$/m);
  expect(await busy.say('show worktree nope')).toMatchObject({ exit: 3, data: { code: 'target/not-found' } });
  const together = await busy.say('show worktree "integration"');
  expect(together.data).toMatchObject({ kind: 'integration', session: null });
  expect([together.message, together.text]).toEqual([
    'integration: drover/integration, clean.',
    expect.not.stringContaining('session:'),
  ]);
});

test('branches of the swarm are listed with task and distance, and those of the person are counted', async () => {
  const listed = await busy.say('list branches');
  expect(listed.message).toBe('8 branches of the swarm, 1 merged; 2 others of your own.');
  expect(listed.text).toMatch(/feature\/t3-more +done, unchecked +t3 +rehearsal-\d +no +\+3 −0 +\+1 −0/);
  // The word of a task is that of `list tasks`, whatever its branch is in.
  expect(listed.text).toMatch(/feature\/t2-do-it +merged, unchecked +t2 +\S+ +yes +\+1 −0/);
  const rows = listed.data as { branch: string }[];
  expect(rows.find((row) => row.branch === 'feature/t2-do-it')).toMatchObject({
    merged: true,
    kind: 'task',
    base: { ahead: 1, behind: 0 },
    integration: { ahead: 0, behind: 1 },
  });
  // Of an earlier attempt.
  expect(rows.find((row) => row.branch === 'feature/t4-bad')).toMatchObject({ task: 't4', merged: false });
  expect(rows.find((row) => row.branch === 'drover/integration')).toMatchObject({ kind: 'integration', merged: false });
  expect(await answerOf(busy, 'list merged branches')).toMatchObject([{ branch: 'feature/t2-do-it' }]);
  expect(await answerOf(busy, 'list unmerged branches limit=1')).toHaveLength(1);
  const shown = await busy.say('show branch feature/t2-do-it');
  expect(shown.data).toMatchObject({ task: 't2', changes: { commits: 1, files: 1 } });
  expect(shown.text).toContain('together:  0 ahead of the integration, 1 behind');
  expect((await busy.say('show branch main')).text).toMatch(/^made by: +you$/m);
  expect(await busy.say('show branch nope')).toMatchObject({ exit: 3 });
});

test('"git status" says what waits to be merged and how the person’s own checkout is', async () => {
  const { message, data: known } = await busy.say('git status');
  expect(message).toMatch(
    /^Base main at [0-9a-f]{10}; drover\/integration: \+2 −0 against it\. 1 task to be merged: t3\. Your checkout is on main, 1 path uncommitted\.$/,
  );
  expect(known).toMatchObject({ checkout: { branch: 'main', dirty: 1 }, unmerged: ['t3'], worktrees: 3 });
});

test('"git status" of a repository without a branch checked out says so, and lists of what there is little of do', async () => {
  await using swarm = await openSwarm();
  swarm.git('checkout', '-q', '--detach');
  expect((await swarm.say('list branches')).text).toContain('No branch of the swarm.');
  expect((await swarm.say('list worktrees')).text).toContain('"create worktree NAME" makes one for you');
  expect((await swarm.say('tree worktrees')).text).toBe('No worktree.');
  await swarm.say('create worktree heap');
  for (let n = 10; n < 55; n += 1) writeFileSync(join(worktreeAt(swarm, 'heap'), `new-${n}`), '');
  expect((await swarm.say('show worktree heap')).text).toMatch(
    / {2}new-49\n {2}and 5 more; all of them: show worktree heap detailed$/,
  );
  execFileSync('git', ['checkout', '-q', '--detach'], { cwd: worktreeAt(swarm, 'heap'), env: swarm.env });
  const { text } = await swarm.say('show worktree heap');
  expect([text.includes('none, a commit is checked out'), text.includes('instance:')]).toEqual([true, false]);
  expect((await swarm.say('list worktrees')).text).toContain('(no branch)');
  expect((await swarm.say('tree worktrees')).text).toContain('branch none, +0 −0, 45 uncommitted');
  for (const id of ['x1', 'x2'])
    await swarm.say(`create task "Both" id=${id} description="rehearse: conflict same.txt"`);
  await swarm.say('run tasks x1, x2 wait=true');
  expect((await swarm.say('git status')).message).toMatch(
    /^Base HEAD at .* 2 tasks to be merged: x1, x2\. Your checkout is on no branch, clean\.$/,
  );
  await swarm.say('merge completed branches');
  expect((await swarm.say('git status')).message).toMatch(/1 finished task left out of a merge: x[12] \(set aside\)\./);
});

test('an agent may not make, remove or look over worktrees and branches', async () => {
  for (const text of ['list worktrees', 'create worktree x', 'remove worktree scratch', 'create branch x'])
    expect([text, (await sayAs(busy, worker, text)).exit]).toEqual([text, 4]);
});

test('work in a data folder behind a link is seen and saved like any other', async () => {
  using folder = temporaryFolder('link');
  mkdirSync(join(folder.path, 'real'));
  symlinkSync(join(folder.path, 'real'), join(folder.path, 'link'));
  await using swarm = await openSwarm({ env: { XDG_DATA_HOME: join(folder.path, 'link') } });
  await swarm.say('launch 1 instance');
  writeFileSync(join(worktreeAt(swarm, 'rehearsal-1'), 'work'), 'in progress');
  expect(await answerOf(swarm, 'list worktrees')).toMatchObject([{ name: 'rehearsal-1', dirty: 1 }]);
  expect((await swarm.say('remove instance rehearsal-1')).exit).toBe(0);
  expect(swarm.git('show', 'refs/drover/archive/rehearsal-1:work')).toBe('in progress');
});
