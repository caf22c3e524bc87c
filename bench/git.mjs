// Measures what Drover does with many worktrees at once, beside git alone in the same run: `npm run bench:git`.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { limited, median, rounded } from './figures.mjs';
import { deliveryKills, landingKills } from './git-kills.mjs';
import { wide } from './git-wide.mjs';
import { guard } from './guard.mjs';
import { radar } from './radar.mjs';
import { mergingBatch } from './merges.mjs';
import { order } from './order.mjs';
import { runBench } from './run.mjs';
import { inSandbox, runToEnd } from './sandbox.mjs';

const COUNT = 10;
const FILES = 40_000;

const bigProject = (count) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`src/part-${i % 200}/file-${i}.txt`, `line of file ${i}\n`.repeat(20)]),
  );

// One after the other, as somebody would do it by hand.
const BARE_LOOP = `set -e
i=1
while [ "$i" -le "$1" ]; do git worktree add -q -b "bare/$i" "$2/bare-$i"; i=$((i + 1)); done`;

/** What is still on its way to the disk would be paid for by whoever comes next. */
const settle = () => execFileSync('sync');

const bare = async ({ root, env, folder }) => {
  const trees = join(folder, 'trees');
  mkdirSync(trees);
  settle();
  const { code, ms, stderr } = await runToEnd('sh', ['-c', BARE_LOOP, 'sh', String(COUNT), trees], { cwd: root, env });
  if (code !== 0) throw new Error(`the bare loop failed: ${stderr}`);
  rmSync(trees, { recursive: true });
  const git = (...args) => execFileSync('git', args, { cwd: root, env, encoding: 'utf8', stdio: 'pipe' });
  git('worktree', 'prune');
  git('branch', '-D', '-q', ...Array.from({ length: COUNT }, (_, i) => `bare/${i + 1}`));
  return ms;
};

const drover = async (box) => {
  settle();
  const { ms } = await box.cli('launch', String(COUNT), 'instances', 'agent=rehearsal');
  await box.cli('instances', 'remove', '--all', '--force', '--yes');
  rmSync(box.paths.worktrees, { recursive: true, force: true });
  return ms;
};

const many = {
  title: `launching ${COUNT} instances in a repository of ${FILES} files against a loop of git worktree add`,
  measure: ({ quick }) => {
    const settings = { agent: 'rehearsal', limits: { maxInstances: COUNT }, timeouts: { start_ms: 600_000 } };
    return inSandbox({ settings, files: bigProject(quick ? FILES / 20 : FILES) }, async (box) => {
      await box.say('status daemon');
      const pairs = [];
      for (let i = 0; i < (quick ? 2 : 3); i += 1) {
        const first = await (i % 2 === 0 ? bare : drover)(box);
        const second = await (i % 2 === 0 ? drover : bare)(box);
        pairs.push(i % 2 === 0 ? { bare: first, drover: second } : { bare: second, drover: first });
      }
      const ratio = median(pairs.map((pair) => pair.drover / pair.bare));
      return {
        limits: [limited('until all agents are ready, command against loop', ratio, 1.1, 'x')],
        figures: {
          pairs: pairs.map((pair) => ({ bare_ms: rounded(pair.bare, 0), drover_ms: rounded(pair.drover, 0) })),
          bare_ms: rounded(median(pairs.map((pair) => pair.bare)), 0),
          drover_ms: rounded(median(pairs.map((pair) => pair.drover)), 0),
        },
      };
    });
  },
};

await runBench('bench:git', {
  many,
  radar,
  guard,
  batch: mergingBatch(31, 1000),
  landing: mergingBatch(100),
  order,
  wide,
  'landing-kills': landingKills,
  'delivery-kills': deliveryKills,
});
