import type { FileEdit, Git, Landing } from '../ports/index.ts';

type LandRequest = {
  readonly ours: string;
  readonly theirs: string;
  readonly message: string;
  /** What is changed on top of the merge; it reads files as the merge has them. */
  readonly edit?: (read: (path: string) => Promise<string | null>) => Promise<readonly FileEdit[]>;
  /** The tree that resolves a conflict; undefined where there is none. */
  readonly resolve?: (conflict: Extract<Landing, { kind: 'conflict' }>) => Promise<string | undefined>;
};

/** Makes the commit that merges `theirs` into `ours`, with the edits applied on top, without moving any ref. */
export const landMerge = async (
  git: Pick<Git, 'mergeTrees' | 'commitMerge' | 'readFile'>,
  { ours, theirs, message, edit, resolve }: LandRequest,
): Promise<Landing> => {
  const merged = await git.mergeTrees(ours, theirs);
  const tree = merged.kind === 'merged' ? merged.tree : await resolve?.(merged);
  if (tree === undefined) return merged as Extract<Landing, { kind: 'conflict' }>;
  const edits = edit ? await edit((path) => git.readFile(tree, path)) : [];
  return { kind: 'landed', commit: await git.commitMerge({ ours, theirs, tree, edits, message }) };
};
