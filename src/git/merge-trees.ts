import { linesOf, withoutControls } from '../lib/text.ts';
import type { Git, Landing, TreeMerge } from '../ports/index.ts';
import { runAsSomebody } from './identity.ts';
import { runMergeTree } from './merge-drivers.ts';
import { makeKnown } from './known.ts';
import { readText, withEdits } from './objects.ts';
import { parseMerge } from './parse.ts';
import { resolveWith } from './refs.ts';
import { DURABLE, type RunGit, refused } from './run.ts';

export const mergeWith = async (run: RunGit, ours: string, theirs: string): Promise<TreeMerge> => {
  const args = ['merge-tree', '--write-tree', '-z', '--messages', '--name-only', ours, theirs];
  const exit = await runMergeTree(run, args, { config: DURABLE });
  if (exit.code !== 0 && exit.code !== 1) {
    if (!/unrelated histories/u.test(exit.stderr)) throw refused(args, exit);
    return { kind: 'conflict', files: [], detail: 'the two histories have no commit in common' };
  }
  const { tree, files, detail } = parseMerge(exit.stdout);
  return exit.code === 0 ? { kind: 'merged', tree } : { kind: 'conflict', files, detail: withoutControls(detail) };
};

const KEPT_JOINS = 16;

type Merges = Pick<
  Git,
  | 'withHistories'
  | 'withHistoryBefore'
  | 'joined'
  | 'mergeTrees'
  | 'revertTrees'
  | 'commitMerge'
  | 'clashes'
  | 'readFile'
>;

export const commitTreeWith =
  (run: RunGit) =>
  async (
    tree: string,
    parents: readonly string[],
    message: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<string> => {
    const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-'];
    const input = message.endsWith('\n') ? message : `${message}\n`;
    return (await runAsSomebody(run, args, { input, env, config: DURABLE })).stdout.trim();
  };

/** Merges neighbours side by side, round after round, until one is left. */
const joinAllWith =
  (run: RunGit) =>
  async (heads: readonly string[], message: string): Promise<Landing> => {
    let left = heads;
    while (left.length > 1) {
      const pairs = left.flatMap((ours, i) => (i % 2 === 0 ? [{ ours, theirs: left[i + 1] }] : []));
      const landings = await Promise.all(
        pairs.map(async ({ ours, theirs }): Promise<Landing> => {
          if (theirs === undefined) return { kind: 'landed', commit: ours };
          const merged = await mergeWith(run, ours, theirs);
          if (merged.kind === 'conflict') return merged;
          return { kind: 'landed', commit: await commitTreeWith(run)(merged.tree, [ours, theirs], message) };
        }),
      );
      const conflict = landings.find((landing) => landing.kind === 'conflict');
      if (conflict) return conflict;
      left = landings.flatMap((landing) => (landing.kind === 'landed' ? [landing.commit] : []));
    }
    return { kind: 'landed', commit: left[0]! };
  };

/** Merges made in the object store alone: no work tree, index or ref is touched. */
export const openMerges = ({ run }: { run: RunGit }): Merges => {
  const commitTree = commitTreeWith(run);
  const joinAll = joinAllWith(run);

  const revertTrees: Git['revertTrees'] = async ({ tip, before, after, unchanged }) => {
    const [kept, without] = await Promise.all([
      commitTree(`${tip}^{tree}`, [after], 'what is there now'),
      commitTree(await withEdits(run, `${before}^{tree}`, unchanged), [after], 'what was there before'),
    ]);
    // Both come from `after`, so that the merge takes back what `after` has and `before` has not.
    return mergeWith(run, kept, without);
  };

  const trees = makeKnown<string>();
  const treeOf = (commit: string): Promise<string> =>
    trees(commit, async () => (await run(['rev-parse', '--verify', `${commit}^{tree}`])).stdout.trim());
  // Merges come one on top of the other: the tree of the one below is known.
  let latestTree: { readonly commit: string; readonly tree: string } | undefined;

  const commitMerge: Git['commitMerge'] = async ({ ours, theirs, tree, edits, message }) => {
    const edited = await withEdits(run, tree, edits);
    const before = latestTree?.commit === ours ? latestTree.tree : await treeOf(ours);
    // What is contained already changes nothing: only then is it worth a look at the history.
    const isContained =
      theirs === ours ||
      (tree === before && (await run(['merge-base', '--is-ancestor', theirs, ours], { accept: [0, 1] })).code === 0);
    if (isContained && edited === before) return ours;
    const commit = await commitTree(edited, isContained ? [ours] : [ours, theirs], message);
    latestTree = { commit, tree: edited };
    return commit;
  };

  // Tasks behind a barrier ask for the same join at the same moment; it is made once.
  const latest = new Map<string, Promise<Landing>>();

  const joined: Git['joined'] = async (commits, message) => {
    const all = [...new Set(commits)];
    if (all.length === 1) return { kind: 'landed', commit: all[0]! };
    const key = [message, ...all].join('\0');
    const before = latest.get(key);
    const known = before && (await before);
    // No ref leads to it before a branch begins there: a person may have had git prune it meanwhile.
    if (known && (known.kind === 'conflict' || (await resolveWith(run, known.commit)) !== null)) return known;
    const work = (async () => {
      const independent = new Set(linesOf((await run(['merge-base', '--independent', ...all])).stdout));
      // The order of the request decides which side a merge is made from, so equal requests give equal histories.
      return joinAll(
        all.filter((commit) => independent.has(commit)),
        message,
      );
    })();
    latest.set(key, work);
    work.catch(() => latest.delete(key));
    for (const old of [...latest.keys()].slice(0, -KEPT_JOINS)) latest.delete(old);
    return work;
  };

  const withHistoryBefore: Git['withHistoryBefore'] = async (commit, { before, theirs }) => {
    const { stdout } = await run(['merge-base', before, theirs], { accept: [0, 1] });
    return commitTree(`${commit}^{tree}`, linesOf(stdout), 'what is there without what was taken back');
  };

  const clashes: Git['clashes'] = async (ours, theirs) => (await mergeWith(run, ours, theirs)).kind === 'conflict';

  return {
    withHistories: (commit, others) => commitTree(`${commit}^{tree}`, [commit, ...others], 'what is there already'),
    withHistoryBefore,
    joined,
    mergeTrees: async (ours, theirs) =>
      ours === theirs ? { kind: 'merged', tree: await treeOf(ours) } : mergeWith(run, ours, theirs),
    revertTrees,
    commitMerge,
    clashes,
    readFile: (commit, path) => readText(run, commit, path),
  };
};
