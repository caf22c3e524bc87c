import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { landMerge } from '../../src/git/land.ts';
import { orderMerges } from '../../src/tasks/order/merge-order.ts';
import { conflictGraph } from '../fixtures/conflict-graph.ts';
import { openWorld } from './world.ts';
import { temporaryFolder } from '../helpers/folder.ts';

test('[GIT-4] the pairs of branches that conflict are found, and nothing is left of looking', async () => {
  await using world = await openWorld();
  const { git, first, user } = world;
  // What others look at meanwhile is none of this.
  using folder = temporaryFolder('scratch');
  vi.stubEnv('TMPDIR', folder.path);
  onTestFinished(() => void vi.unstubAllEnvs());
  const heads = [
    world.commit(first, { 'readme.md': 'ONE\ntwo\nthree\n' }),
    world.commit(first, { 'readme.md': 'uno\ntwo\nthree\n', 'ü\nx': '1' }),
    world.commit(first, { 'ü\nx': '2' }),
    world.commit(first, { 'readme.md': 'one\ntwo\nTHREE\n' }),
  ];
  const built = world.commit(heads[0]!, { 'readme.md': 'ONE\nTWO\nthree\n' });
  const before = user('count-objects');
  expect(await git.clashingPairs(first, [...heads, built, heads[0]!])).toEqual([
    [0, 1],
    [1, 2],
    [1, 4],
    [1, 5],
    [3, 4],
  ]);
  expect(await git.clashingPairs(first, heads.slice(0, 1))).toEqual([]);
  expect(user('count-objects')).toBe(before);
  expect(readdirSync(folder.path)).toEqual([]);
});

test('[GIT-3] of 20 branches with known conflicts as many are merged as by the best order', async () => {
  await using world = await openWorld();
  const { git, first } = world;
  const { groups, most } = conflictGraph(7, 20);
  const made = Array.from({ length: 20 }, (_, n) => {
    const files = groups.flatMap((group, at) => (group.includes(n + 1) ? [`M 100644 inline ${at}.txt`] : []));
    const edits = [`M 100644 inline own-${n}.txt`, ...files].map((line) => `${line}\ndata <<E\n${n}\nE\n`).join('\n');
    return `commit refs/heads/made\nmark :${n + 1}\ncommitter A <a> 1 +0000\ndata 0\nfrom ${first}\n${edits}\nget-mark :${n + 1}\n`;
  });
  const fed = { cwd: world.root, env: world.env, input: made.join(''), encoding: 'utf8' } as const;
  const heads = execFileSync('git', ['fast-import', '--quiet', '--force'], fed).trim().split('\n');
  const pairs = await git.clashingPairs(first, heads);
  const near = (n: number) => pairs.flatMap(([a, b]) => (a === n ? [`${b}`] : b === n ? [`${a}`] : []));
  const clashes = new Map(heads.map((_, n) => [`${n}`, new Set(near(n))]));
  let [ours, merged] = [first, 0];
  for (const { task } of orderMerges(clashes.keys(), new Map(), clashes)) {
    const landing = await landMerge(git, { ours, theirs: heads[Number(task)]!, message: task });
    if (landing.kind === 'landed') [ours, merged] = [landing.commit, merged + 1];
  }
  expect(merged).toBe(most);
});
