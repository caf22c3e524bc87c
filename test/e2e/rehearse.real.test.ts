import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RehearsalNumbers } from '../../src/text/rehearsal-numbers.ts';
import { expectNothingLeft, FAST, place, run, spec } from './place.ts';

/** Plan and prerequisites as the kept journal's projection has them. */
type Projection = { state: { tasks: Record<string, { id: string; dependencies: string[]; run: Run | null }> } };
type Run = { branch: string; result: { head: string } | null };

test('[QUA-3] a rehearsal of the whole plan does, verifies and merges every task, keeps what it was told to keep and removes the rest', async () => {
  const at = place();
  const kept = join(at.path, 'kept');
  const { exit, stdout } = await run(
    ['rehearse', spec, '--json', '--keep', kept, '--policy', 'siblings', '--barrier', ...FAST],
    at,
  );
  const report = JSON.parse(stdout) as RehearsalNumbers;
  expect([exit, report]).toMatchObject([
    0,
    {
      spec: 'spec',
      tasks: { total: 33, open: 31, done: 31, failed: 0 },
      edges: 133,
      waves: [13, 12, 1, 1, 2, 2],
      instances: 5,
      batch: { id: 'batch-1', merged: 31, conflicted: 0, set_aside: 0, gate: 'passed' },
      failures: [],
      dir: kept,
    },
  ]);
  for (const key of ['wall_ms', 'critical_path_ms', 'sequential_ms', 'bound_ms', 'speedup', 'events'] as const)
    expect(report[key]).toBeGreaterThan(0);
  expect(report.bound_ms).toBeGreaterThanOrEqual(report.critical_path_ms);
  expect(report.sequential_ms).toBeGreaterThanOrEqual(report.bound_ms);

  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: kept, env: { PATH: at.env.PATH, HOME: at.path }, encoding: 'utf8' });
  const merges = git('log', '--merges', '--first-parent', '--format=%s', 'drover/integration').trim().split('\n');
  expect(merges).toHaveLength(31);
  expect(git('show', 'drover/integration:.kiro/specs/spec/tasks.md')).toBe(
    readFileSync(join(spec, 'tasks.md'), 'utf8').replaceAll('[ ]', '[x]'),
  );
  expect(git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1);
  const { tasks } = (JSON.parse(readFileSync(join(kept, '.git/drover/db.json'), 'utf8')) as Projection).state;
  const branchOf = (id: string) => tasks[id]?.run?.branch;
  const ancestors = new Map<string, Set<string>>();
  for (const { id } of Object.values(tasks)) {
    const branch = branchOf(id);
    if (branch) ancestors.set(id, new Set(git('rev-list', branch).split('\n')));
  }
  const missing = Object.values(tasks).flatMap(({ id, dependencies }) =>
    dependencies
      .filter((before) => branchOf(id) && branchOf(before))
      .filter((before) => !ancestors.get(id)?.has(git('rev-parse', branchOf(before)!).trim()))
      .map((before) => `${id} lacks ${before}`),
  );
  expect([ancestors.size, missing]).toEqual([31, []]);
  await expectNothingLeft(at);
});

test('the whole plan has 174 dependencies by the policy that nobody chose, and is done in their order', async () => {
  const at = place();
  const { exit, stdout } = await run(['rehearse', spec, '--json', '--task-ms', '5..10'], at);
  const waves = [1, 4, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1];
  expect([exit, JSON.parse(stdout)]).toMatchObject([0, { edges: 174, waves, tasks: { done: 31, failed: 0 } }]);
  await expectNothingLeft(at);
});

// What each policy makes of the whole plan is tried without a swarm, in test/tasks/order/order.test.ts.
test.each([
  [['--policy', 'siblings', '--no-barrier'], 2, [2, 2]],
  [['--policy', 'strict', '--no-barrier', '--instances', '1'], 3, [1, 1, 1, 1]],
])('a plan of two groups by %j has %i dependencies, and is done in their order', async (options, edges, waves) => {
  const at = place();
  const small = join(at.path, 'small');
  const groups = [1, 2].map((n) => `- [ ] ${n}. Group\n  - [ ] ${n}.1 First\n  - [ ] ${n}.2 Second\n`);
  mkdirSync(small);
  writeFileSync(join(small, 'tasks.md'), groups.join(''));
  const { exit, stdout } = await run(['rehearse', small, '--json', '--task-ms', '5..10', ...options], at);
  expect([exit, JSON.parse(stdout)]).toMatchObject([0, { edges, waves, tasks: { done: 4, failed: 0 } }]);
  await expectNothingLeft(at);
});
