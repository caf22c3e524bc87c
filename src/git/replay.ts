import type { Git } from '../ports/index.ts';
import { withEdits } from './objects.ts';
import { DURABLE, type RunGit } from './run.ts';

type Original = {
  readonly commit: string;
  readonly parent: string;
  readonly author: Record<string, string>;
  readonly message: string;
};

/** The commits to be made anew, the oldest first; null where one of them is a merge or begins a history. */
const originals = async (run: RunGit, theirs: string, without: readonly string[]): Promise<Original[] | null> => {
  const format = '--format=%H%x00%P%x00%an%x00%ae%x00%ad%x00%B%x00%x01';
  const args = ['log', '-z', '--reverse', '--topo-order', '--date=raw', format, theirs, '--not', ...without, '--'];
  const records = (await run(args)).stdout.split('\x01').map((record) => record.replace(/^\0/u, '').split('\0'));
  const found = records.filter(([commit]) => commit !== undefined && commit !== '');
  if (found.some(([, parents = '']) => parents === '' || parents.includes(' '))) return null;
  return found.map(([commit = '', parent = '', name = '', email = '', date = '', message = '']) => ({
    commit,
    parent,
    author: { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: date },
    message: message.trimEnd(),
  }));
};

type Step = Pick<Original, 'author' | 'message'> & { readonly tree: string };

const config = [...DURABLE, 'user.useConfigOnly=true'];

/** Puts commits on top of another one, in memory; undefined where one of them conflicts. */
const openSteps = (run: RunGit, commitTree: CommitTree) => {
  const treeOf = async (commit: string): Promise<string> =>
    (await run(['rev-parse', '--verify', `${commit}^{tree}`])).stdout.trim();
  /** The tree of a commit on top of another tree; undefined where they conflict. */
  const pick = async (tree: string, { commit, parent }: Original): Promise<string | undefined> => {
    const ours = await commitTree(tree, [parent], 'what is there now');
    const args = ['merge-tree', '--write-tree', '--name-only', '--no-messages', ours, commit];
    const { code, stdout } = await run(args, { accept: [0, 1], config });
    return code === 0 ? stdout.trim() : undefined;
  };
  return { treeOf, pick };
};

type CommitTree = (
  tree: string,
  parents: readonly string[],
  message: string,
  env?: Readonly<Record<string, string>>,
) => Promise<string>;

/** Rebases in the object store alone. */
export const replayWith =
  (run: RunGit, commitTree: CommitTree): Git['replay'] =>
  async ({ onto, theirs, without, tree, edits, trailers }) => {
    const { treeOf, pick } = openSteps(run, commitTree);
    const all = await originals(run, theirs, [onto, ...without]);
    if (all === null) return null;
    let now = await treeOf(onto);
    const steps: Step[] = [];
    for (const one of all) {
      const next = await pick(now, one);
      if (next === undefined) return null;
      if (next !== now) steps.push({ ...one, tree: next });
      now = next;
    }
    const last = steps.at(-1);
    if (!last || now !== tree) return null;
    const edited = [...steps.slice(0, -1), { ...last, tree: await withEdits(run, tree, edits) }];
    let tip = onto;
    for (const step of edited) tip = await commitTree(step.tree, [tip], `${step.message}\n\n${trailers}`, step.author);
    return tip;
  };
