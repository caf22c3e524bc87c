import type { Git, Landing } from '../ports/index.ts';
import { OURS } from './identity.ts';
import { mergeWith } from './merge-trees.ts';
import { DURABLE, LONG_MS, type RunGit } from './run.ts';

type Original = { readonly env: Readonly<Record<string, string>>; readonly message: string };

/** Who wrote a commit and when, and what they said of it. */
const originalOf = async (run: RunGit, commit: string): Promise<Original> => {
  const args = ['show', '--no-patch', '--no-show-signature', '--format=%an%x00%ae%x00%ad%x00%B', '--date=raw', commit];
  const [name = '', email = '', date = '', ...message] = (await run([...args, '--'])).stdout.split('\0');
  const env = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: date };
  return { env, message: message.join('\0') };
};

const commitAs = async (run: RunGit, tree: string, parent: string, { env, message }: Original): Promise<string> => {
  const args = ['commit-tree', tree, '-p', parent, '-F', '-'];
  const config = [...DURABLE, 'user.useConfigOnly=true'];
  const asUser = await run(args, { input: message, env, config, accept: 'any' });
  if (asUser.code === 0) return asUser.stdout.trim();
  return (await run(args, { input: message, env: { ...OURS, ...env }, config })).stdout.trim();
};

/** A rebase made in the object store alone. As git does it, merges are left out, and so is what `onto` has already. */
export const openRebases = ({ run }: { run: RunGit }): Pick<Git, 'rebased'> => {
  const treeOf = async (commit: string) => (await run(['rev-parse', '--verify', `${commit}^{tree}`])).stdout.trim();

  /** The tree of a commit with what another one changed against its parent. */
  const withChangeOf = async (commit: string, onto: string) => {
    const base = (await run(['rev-parse', '--verify', `${commit}^`])).stdout.trim();
    const args = ['commit-tree', `${onto}^{tree}`, '-p', base, '-m', 'what it is put on'];
    // Both come from the parent of the commit, so that the merge adds what the commit has and the parent has not.
    return mergeWith(run, (await run(args, { env: OURS, config: DURABLE })).stdout.trim(), commit);
  };

  const rebased: Git['rebased'] = async ({ from, head, onto }): Promise<Landing> => {
    const args = ['rev-list', '--reverse', '--topo-order', '--no-merges', head, `^${from}`, `^${onto}`, '--'];
    const own = (await run(args, { timeoutMs: LONG_MS })).stdout.split('\n').filter((line) => line !== '');
    let commit = onto;
    for (const one of own) {
      const merged = await withChangeOf(one, commit);
      if (merged.kind === 'conflict') return merged;
      if (merged.tree === (await treeOf(commit))) continue;
      commit = await commitAs(run, merged.tree, commit, await originalOf(run, one));
    }
    return { kind: 'landed', commit };
  };

  return { rebased };
};
