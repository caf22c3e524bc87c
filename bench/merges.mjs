import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { limited, rounded } from './figures.mjs';
import { inSandbox, runToEnd } from './sandbox.mjs';

// The same branches, merged by hand in a checkout of their own.
const MERGE_LOOP = `set -e
for branch in $(git for-each-ref --format='%(refname)' refs/heads/feature); do git merge -q --no-ff --no-edit "$branch"; done`;

const mergedByHand = async ({ root, env, folder }) => {
  const place = join(folder, 'by-hand');
  execFileSync('git', ['worktree', 'add', '-q', '--detach', place, 'main'], { cwd: root, env });
  execFileSync('sync');
  const { code, ms, stderr } = await runToEnd('sh', ['-c', MERGE_LOOP], { cwd: place, env });
  if (code !== 0) throw new Error(`the bare loop of merges failed: ${stderr}`);
  execFileSync('git', ['worktree', 'remove', '--force', place], { cwd: root, env });
  return ms;
};

/** Merging so many branches as one batch without gates, against a loop of git merge before and after it. */
export const mergingBatch = (count, limitMs) => ({
  title: `merging a batch of ${count} branches without gates against a loop of git merge --no-ff`,
  measure: () => {
    const settings = { agent: 'rehearsal', limits: { maxInstances: 4 }, launch: { count: 4 } };
    return inSandbox({ settings, env: { DROVER_REHEARSAL_TASK_MS: '20' } }, async (box) => {
      for (let n = 1; n <= count; n += 1) await box.say(`create task "Task ${n}" id=t${n}`);
      await box.say('run all tasks wait=true');
      const before = await mergedByHand(box);
      execFileSync('sync');
      const begun = performance.now();
      await box.say('merge completed branches');
      const ms = performance.now() - begun;
      const bare = (before + (await mergedByHand(box))) / 2;
      return {
        limits: [
          ...(limitMs === undefined ? [] : [limited('the whole batch', ms, limitMs, 'ms')]),
          limited('the batch against the loop', ms / bare, 1, 'x'),
        ],
        figures: { bare_ms: rounded(bare, 0), drover_ms: rounded(ms, 0) },
      };
    });
  },
});
