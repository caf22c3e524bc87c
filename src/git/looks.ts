import type { BranchInfo, CommitInfo, Git } from '../ports/index.ts';
import { branchOf } from './parse.ts';
import { LONG_MS, type RunGit } from './run.ts';

/** Pairs of commits never come to differ otherwise, so what was counted once is known. */
const KEPT_PAIRS = 2000;

// No name, hash or time has a NUL in it, and a subject is one line.
const SEPARATOR = '\0';

const readCommit = (fields: readonly string[]): CommitInfo => {
  const [commit = '', committed_at = '', subject = ''] = fields;
  return { commit, committed_at: new Date(Number(committed_at) * 1000).toISOString(), subject };
};

/** Looks at branches and commits, and changes nothing. */
export const openLooks = ({ run }: { run: RunGit }): Pick<Git, 'branches' | 'describe' | 'divergence'> => {
  const pairs = new Map<string, { ahead: number; behind: number }>();

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

  const describe: Git['describe'] = async (commit) => {
    const args = ['show', '--no-patch', '--no-show-signature', '--format=%H%x00%ct%x00%s', commit, '--'];
    return readCommit((await run(args)).stdout.replace(/\n$/u, '').split(SEPARATOR));
  };

  const divergence: Git['divergence'] = async (base, commit) => {
    if (base === commit) return { ahead: 0, behind: 0 };
    const key = `${base} ${commit}`;
    const known = pairs.get(key);
    if (known) return known;
    const args = ['rev-list', '--left-right', '--count', `${base}...${commit}`, '--'];
    const [behind = 0, ahead = 0] = (await run(args, { timeoutMs: LONG_MS })).stdout.trim().split(/\s+/u).map(Number);
    pairs.set(key, { ahead, behind });
    for (const old of [...pairs.keys()].slice(0, -KEPT_PAIRS)) pairs.delete(old);
    return { ahead, behind };
  };

  return { branches, describe, divergence };
};
