import type { Git, Landing } from '../ports/index.ts';
import { commitTreeWith, mergeWith } from './merge-trees.ts';
import { withEdits } from './objects.ts';
import { LONG_MS, type RunGit } from './run.ts';

type Original = {
  readonly commit: string;
  readonly parents: readonly string[];
  readonly author: Record<string, string>;
  readonly message: string;
};

/** The commits to be made anew, the oldest first. */
const originals = async (run: RunGit, head: string, without: readonly string[]): Promise<readonly Original[]> => {
  const format = '--format=%H%x00%P%x00%an%x00%ae%x00%ad%x00%B%x00%x01';
  const shape = ['-z', '--reverse', '--topo-order', '--date=raw', '--no-show-signature', format];
  const { stdout } = await run(['log', ...shape, head, '--not', ...without, '--'], { timeoutMs: LONG_MS });
  return stdout.split('\x01').flatMap((record) => {
    const [commit = '', parents = '', name = '', email = '', date = '', message = ''] = record
      .replace(/^\0/u, '')
      .split('\0');
    const author = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: date };
    return commit === '' ? [] : [{ commit, parents: parents.split(' ').filter((one) => one !== ''), author, message }];
  });
};

type Step = Pick<Original, 'author' | 'message'> & { readonly tree: string };

type CommitTree = ReturnType<typeof commitTreeWith>;

type Steps = { readonly kind: 'steps'; readonly steps: readonly Step[]; readonly tree: string };

/** What commits change, put on top of another one in the object store alone; what changes nothing there is left out. */
const stepsOnto = async (
  run: RunGit,
  commitTree: CommitTree,
  onto: string,
  all: readonly Original[],
): Promise<Steps | Extract<Landing, { kind: 'conflict' }>> => {
  let tree = (await run(['rev-parse', '--verify', `${onto}^{tree}`])).stdout.trim();
  const steps: Step[] = [];
  for (const one of all) {
    // Both come from the parent of the commit, so that the merge adds what the commit has and the parent has not.
    const ours = await commitTree(tree, one.parents, 'what it is put on');
    const merged = await mergeWith(run, ours, one.commit);
    if (merged.kind === 'conflict') return merged;
    if (merged.tree !== tree) steps.push({ ...one, tree: merged.tree });
    ({ tree } = merged);
  }
  return { kind: 'steps', steps, tree };
};

/** Commits made anew without a worktree, and on no branch. */
export const openReplays = ({ run }: { run: RunGit }): Pick<Git, 'replay' | 'rebased'> => {
  const commitTree = commitTreeWith(run);

  const replay: Git['replay'] = async ({ onto, theirs, without, tree, edits, trailers }) => {
    const all = await originals(run, theirs, [onto, ...without]);
    if (all.some(({ parents }) => parents.length !== 1)) return null;
    const made = await stepsOnto(run, commitTree, onto, all);
    if (made.kind === 'conflict' || made.steps.length === 0 || made.tree !== tree) return null;
    const last = made.steps.at(-1)!;
    const edited = [...made.steps.slice(0, -1), { ...last, tree: await withEdits(run, tree, edits) }];
    let tip = onto;
    for (const step of edited)
      tip = await commitTree(step.tree, [tip], `${step.message.trimEnd()}\n\n${trailers}`, step.author);
    return tip;
  };

  // As git does it, merges are left out, and so is what `onto` has already.
  const rebased: Git['rebased'] = async ({ from, head, onto }) => {
    const all = await originals(run, head, [from, onto]);
    const made = await stepsOnto(
      run,
      commitTree,
      onto,
      all.filter(({ parents }) => parents.length < 2),
    );
    if (made.kind === 'conflict') return made;
    let commit = onto;
    for (const step of made.steps) commit = await commitTree(step.tree, [commit], step.message, step.author);
    return { kind: 'landed', commit };
  };

  return { replay, rebased };
};
