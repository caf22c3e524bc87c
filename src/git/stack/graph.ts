import { linesOf } from '../../lib/text.ts';
import { LONG_MS, type RunGit } from '../run.ts';

/** Branches that have left so many commits ago are merged one by one. */
const MOST_COMMITS = 20_000;

/** Commits with their parents. What is not in it is in all of the histories that it was made for. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/** The commits that not all of these have; undefined where they have none in common, or far too many. */
export const graphOf = async (run: RunGit, commits: readonly string[]): Promise<Graph | undefined> => {
  const common = await run(['merge-base', '--octopus', ...commits], { accept: [0, 1], timeoutMs: LONG_MS });
  const [shared] = common.stdout.split('\n');
  if (common.code !== 0 || !shared) return undefined;
  const args = ['rev-list', '--parents', `--max-count=${MOST_COMMITS + 1}`, ...commits, `^${shared}`, '--'];
  const lines = linesOf((await run(args, { timeoutMs: LONG_MS })).stdout);
  if (lines.length > MOST_COMMITS) return undefined;
  return new Map(
    lines.map((line) => {
      const [commit = '', ...parents] = line.split(' ');
      return [commit, parents];
    }),
  );
};

/** What merges have come to, by its commits. */
export type History = {
  /** The one commit from which a merge of this head begins; undefined where there are several, or nothing to merge. */
  readonly baseOf: (head: string) => string | undefined;
  readonly add: (head: string) => void;
};

/** The history of a commit, to which those of others are added. */
export const historyOf = (graph: Graph, tip: string): History => {
  const had = new Set<string>();
  /** The commits of a head that are not there yet, and those that are where they begin. */
  const walk = (head: string) => {
    const own = new Set<string>();
    const begins = new Set<string>();
    const left = [head];
    for (let commit = left.pop(); commit !== undefined; commit = left.pop()) {
      const parents = had.has(commit) ? undefined : graph.get(commit);
      if (parents === undefined) begins.add(commit);
      else if (!own.has(commit)) {
        own.add(commit);
        left.push(...parents);
      }
    }
    return { own, begins };
  };
  const add = (head: string): void => {
    for (const commit of walk(head).own) had.add(commit);
  };
  add(tip);
  const baseOf = (head: string): string | undefined => {
    const { own, begins } = walk(head);
    const [base] = begins;
    return own.size > 0 && begins.size === 1 ? base : undefined;
  };
  return { baseOf, add };
};
