import { linesOf } from '../lib/text.ts';
import type { BranchInfo, CommitInfo, Git } from '../ports/index.ts';
import { branchOf, parseNumstat } from './parse.ts';
import { makeKnown } from './known.ts';
import { LONG_MS, type RunGit } from './run.ts';

/** So many commits of a branch are named at most. */
const KEPT_COMMITS = 20;

// No name, hash or time has a NUL in it, and a subject is one line.
const SEPARATOR = '\0';

// Whatever the person's own configuration makes of a diff: this one is read by a program.
const DIFF = ['--no-ext-diff', '--no-textconv', '--no-color', '--no-renames', '--src-prefix=a/', '--dst-prefix=b/'];

const readCommit = (fields: readonly string[]): CommitInfo => {
  const [commit = '', committed_at = '', subject = ''] = fields;
  return { commit, committed_at: new Date(Number(committed_at) * 1000).toISOString(), subject };
};

/** Looks at branches and commits, and changes nothing. */
export const openInspector = ({
  run,
}: {
  run: RunGit;
}): Pick<
  Git,
  'branches' | 'refsWith' | 'describe' | 'divergence' | 'diff' | 'commits' | 'commitsWithout' | 'commitCount'
> => {
  const pairs = makeKnown<{ ahead: number; behind: number }>();
  const counts = makeKnown<number>();

  const branches: Git['branches'] = async () => {
    const format = '%(refname)%00%(objectname)%00%(committerdate:unix)%00%(contents:subject)';
    const { stdout } = await run(['for-each-ref', `--format=${format}`, 'refs/heads/']);
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .flatMap((line): BranchInfo[] => {
        const [ref = '', ...fields] = line.split(SEPARATOR);
        const branch = branchOf(ref);
        return branch === null ? [] : [{ branch, ...readCommit(fields) }];
      });
  };

  const refsWith: Git['refsWith'] = async (commit) => {
    const places = ['refs/heads/', 'refs/remotes/', 'refs/tags/'];
    const { stdout } = await run(['for-each-ref', '--format=%(refname)', '--contains', commit, ...places], {
      timeoutMs: LONG_MS,
    });
    return linesOf(stdout);
  };

  const describe: Git['describe'] = async (commit) => {
    const args = ['show', '--no-patch', '--no-show-signature', '--format=%H%x00%ct%x00%s', commit, '--'];
    return readCommit((await run(args)).stdout.replace(/\n$/u, '').split(SEPARATOR));
  };

  const divergence: Git['divergence'] = async (base, commit) => {
    if (base === commit) return { ahead: 0, behind: 0 };
    return pairs(`${base} ${commit}`, async () => {
      const args = ['rev-list', '--left-right', '--count', `${base}...${commit}`, '--'];
      const [behind = 0, ahead = 0] = (await run(args, { timeoutMs: LONG_MS })).stdout.trim().split(/\s+/u).map(Number);
      return { ahead, behind };
    });
  };

  const diff: Git['diff'] = async (from, to) => {
    const bases = await run(['merge-base', from, to], { accept: [0, 1] });
    const base = bases.stdout.trim() || from;
    const about = [...DIFF, base, to, '--'];
    const [counts, patch] = await Promise.all([
      run(['diff', '--numstat', '-z', ...about], { timeoutMs: LONG_MS }),
      run(['diff', '--patch', ...about], { timeoutMs: LONG_MS }),
    ]);
    return { files: parseNumstat(counts.stdout), patch: patch.stdout };
  };

  const commits: Git['commits'] = async (from, to) => {
    const shown = ['--no-show-signature', `--max-count=${KEPT_COMMITS}`, '--format=%H%x00%ct%x00%s'];
    const { stdout } = await run(['log', ...shown, `${from}..${to}`, '--'], { timeoutMs: LONG_MS });
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => readCommit(line.split(SEPARATOR)));
  };

  const commitsWithout: Git['commitsWithout'] = async (to, without) => {
    const { stdout } = await run(['rev-list', to, '--not', ...without, '--'], { timeoutMs: LONG_MS });
    return linesOf(stdout);
  };

  const commitCount: Git['commitCount'] = (from, to) =>
    counts(`${from} ${to}`, async () => {
      const args = ['rev-list', '--count', '--no-merges', `${from}..${to}`, '--'];
      return Number((await run(args, { timeoutMs: LONG_MS })).stdout.trim());
    });

  return { branches, refsWith, describe, divergence, diff, commits, commitsWithout, commitCount };
};
