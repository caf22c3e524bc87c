import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkNow } from '../../ports/radar.ts';
import { OURS } from '../identity.ts';
import { runMergeTree } from '../merge-drivers.ts';
import { makeFolderIn } from '../places.ts';
import { type RunGit, refused } from '../run.ts';
import { memory } from './kept.ts';
import { type MergeOutcome, parseMerges } from './parse-merges.ts';
import { alternates } from './places.ts';

/** What all looks at the works share: where their objects may lie while they are looked at. */
export type Shared = {
  readonly run: RunGit;
  readonly commonDir: string;
  readonly folder: () => Promise<string>;
};

type Works = readonly [WorkNow, WorkNow];

/**
 * Merges pairs of works beside the repository, and has what came of each looked at, by a git that reaches the objects of
 * all of them: these are gone when that look is over.
 */
export type Merging = <T>(
  pairs: readonly Works[],
  look: (outcomes: readonly MergeOutcome[], run: RunGit) => Promise<T>,
) => Promise<T>;

export const treeish = ({ tree, head }: WorkNow): string => tree ?? head;

/** Whether git's mode is that of a file, and not of a link or another repository. */
export const isFile = (mode: string): boolean => mode.startsWith('100');

/** How the objects of these sides are reached, and where new ones are put. */
const reaching = ({ commonDir }: Shared, works: readonly WorkNow[], into: string) => {
  const folders = [...new Set(works.flatMap(({ objects }) => objects ?? []))].filter((folder) => folder !== into);
  return {
    GIT_OBJECT_DIRECTORY: into,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: alternates([join(commonDir, 'objects'), ...folders]),
  };
};

/** The same of one side, whose new objects are put where its others are. */
export const reachingOwn = (shared: Shared, work: WorkNow) =>
  reaching(shared, [work], work.objects ?? join(shared.commonDir, 'objects'));

/** Finds what a merge takes for a side: with uncommitted work a commit that nobody else sees. */
const openCommits = (shared: Shared) => {
  const commits = memory<string>();
  return async (work: WorkNow): Promise<string> => {
    const { head, tree, objects } = work;
    if (tree === null) return head;
    // Where its objects are belongs to the key: those of before may be thrown away.
    return commits(`${head} ${tree} ${objects}`, async () => {
      const env = { ...OURS, ...reachingOwn(shared, work) };
      const args = ['commit-tree', tree, '-p', head, '-m', 'as it is now'];
      return (await shared.run(args, { env, config: ['core.fsync=none'] })).stdout.trim();
    });
  };
};

export const openMerges = (shared: Shared): Merging => {
  const { run } = shared;
  const commitOf = openCommits(shared);
  return async (pairs, look) => {
    const scratch = join(await shared.folder(), `merges-${randomUUID()}`);
    await makeFolderIn(shared.commonDir, scratch);
    try {
      const env = reaching(shared, pairs.flat(), scratch);
      const lines: string[] = [];
      for (const [ours, theirs] of pairs) lines.push(`${await commitOf(ours)} ${await commitOf(theirs)}\n`);
      const args = ['merge-tree', '--write-tree', '--stdin', '-z'];
      const exit = await runMergeTree(run, args, { env, input: lines.join(''), config: ['core.fsync=none'] });
      const outcomes = parseMerges(exit.stdout);
      if (outcomes.length !== pairs.length) throw refused(args, exit);
      return await look(outcomes, (asked, call = {}) => run(asked, { ...call, env: { ...call.env, ...env } }));
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  };
};
