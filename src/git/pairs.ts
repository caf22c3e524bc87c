import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Git } from '../ports/index.ts';
import { runMergeTree } from './merge-drivers.ts';
import type { RunGit } from './run.ts';

type Context = { readonly commonDir: string; readonly run: RunGit };

/** A list of folders of objects with this one in it, as git reads it from its environment. */
const alternate = (folder: string): string => `"${folder.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** Reads `git diff-tree --stdin -z --always`: the files that each of these commits has otherwise than the base. */
const parseFiles = (text: string, commits: readonly string[]): ReadonlySet<string>[] => {
  const fields = text.split('\0');
  let at = 0;
  return commits.map((_commit, n) => {
    const files = new Set<string>();
    for (at += 1; at < fields.length - 1 && fields[at] !== commits[n + 1]; at += 1) files.add(fields[at]!);
    return files;
  });
};

/** Reads `git merge-tree --stdin -z --name-only --no-messages`: whether each merge is clean. */
const parseOutcomes = (text: string): boolean[] => {
  const fields = text.split('\0');
  const clean: boolean[] = [];
  // Each: 1 or 0, the tree, the files that conflict, and an empty field.
  for (let at = 0; at + 1 < fields.length; at = fields.indexOf('', at + 2) + 1) clean.push(fields[at] === '1');
  return clean;
};

/** Merges that are only looked at: what they make lies in a folder that is thrown away. */
const tryMerges = async ({ commonDir, run }: Context, pairs: readonly string[]): Promise<readonly boolean[]> => {
  const scratch = await mkdtemp(join(tmpdir(), 'drover-pairs-'));
  try {
    const env = {
      GIT_OBJECT_DIRECTORY: scratch,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: alternate(join(commonDir, 'objects')),
    };
    const args = ['merge-tree', '--write-tree', '--stdin', '-z', '--name-only', '--no-messages'];
    return parseOutcomes((await runMergeTree(run, args, { env, input: pairs.join('') })).stdout);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};

/** Which of many commits conflict with each other, found by three processes however many there are. */
export const clashingPairsWith =
  (context: Context): Git['clashingPairs'] =>
  async (base, commits) => {
    if (commits.length < 2) return [];
    const args = ['diff-tree', '--stdin', '-r', '-z', '--name-only', '--no-renames', '--always'];
    const input = commits.map((commit) => `${commit} ${base}\n`).join('');
    const files = parseFiles((await context.run(args, { input })).stdout, commits);
    const pairs = commits.flatMap((ours, a) =>
      commits.slice(a + 1).flatMap((theirs, more): { at: readonly [number, number]; line: string }[] => {
        const b = a + 1 + more;
        const isShared = ours !== theirs && [...files[a]!].some((file) => files[b]!.has(file));
        return isShared ? [{ at: [a, b], line: `${ours} ${theirs}\n` }] : [];
      }),
    );
    const clean = await tryMerges(
      context,
      pairs.map(({ line }) => line),
    );
    return pairs.flatMap(({ at }, n) => (clean[n] === false ? [at] : []));
  };
