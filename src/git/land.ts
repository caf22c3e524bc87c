import type { FileEdit, Git, Landing } from '../ports/index.ts';

type LandRequest = {
  readonly ours: string;
  readonly theirs: string;
  readonly message: string;
  /** How it comes on top; a merge, if nothing else is said. */
  readonly strategy?: 'merge' | 'squash' | 'rebase';
  /** Commits whose work `ours` has without their history, because it was squashed or rebased. */
  readonly had?: readonly string[];
  /** A commit before merges that were taken back, whose history both have: what `theirs` has since comes again. */
  readonly before?: string | undefined;
  /** The last lines of the message, which each commit that is made anew gets. */
  readonly trailers?: string;
  /** What is changed on top of the merge; it reads files as the merge has them. */
  readonly edit?: (read: (path: string) => Promise<string | null>) => Promise<readonly FileEdit[]>;
  /** The tree that resolves a conflict with a commit that has the files of `ours`; undefined where there is none. */
  readonly resolve?: (conflict: Extract<Landing, { kind: 'conflict' }>, side: string) => Promise<string | undefined>;
};

type Needs = Pick<Git, 'mergeTrees' | 'commitMerge' | 'readFile' | 'withHistories' | 'withHistoryBefore' | 'replay'>;

/** Makes the commit that has `theirs` on top of `ours`, with the edits applied, without moving any ref. */
export const landMerge = async (
  git: Needs,
  { ours, theirs, message, edit, resolve, strategy = 'merge', had = [], before, trailers = '' }: LandRequest,
): Promise<Landing> => {
  const start = before === undefined ? ours : await git.withHistoryBefore(ours, { before, theirs });
  // What was squashed would be a change of both sides otherwise, and conflict with what was built on it.
  const side = had.length === 0 ? start : await git.withHistories(start, had);
  const merged = await git.mergeTrees(side, theirs);
  const tree = merged.kind === 'merged' ? merged.tree : await resolve?.(merged, side);
  if (tree === undefined) return merged as Extract<Landing, { kind: 'conflict' }>;
  const edits = edit ? await edit((path) => git.readFile(tree, path)) : [];
  const anew =
    strategy === 'rebase' ? await git.replay({ onto: ours, theirs, without: had, tree, edits, trailers }) : null;
  if (anew !== null) return { kind: 'landed', commit: anew };
  const parent = strategy === 'merge' ? theirs : ours;
  return {
    kind: 'landed',
    commit: await git.commitMerge({
      ours,
      theirs: parent,
      tree,
      edits,
      message: `${message}\n\n${trailers}`.trimEnd(),
    }),
  };
};
