import { join } from 'node:path';
import { type Filter, nameOf } from './filters.ts';
import { fieldsOf } from './parse.ts';
import { LONG_MS, type RunGit, reasonOf } from './run.ts';
import { inEmptyFolder } from './without-files.ts';

type Parts = {
  readonly run: RunGit;
  readonly commonDir: string;
  /** The filters of the person that are shut in. */
  readonly shut: (gitDir: string) => Promise<readonly Filter[]>;
};
type Move = { readonly root: string; readonly gitDir: string; readonly from: string; readonly to: string };

/** More files than these are not named on a command line. */
const MOST_NAMED = 500;

/** The files that change, and that go through one of these filters. */
const filteredBy = async ({ run, commonDir }: Parts, { gitDir, from, to }: Move, names: ReadonlySet<string>) => {
  const changed = await run(['diff-tree', '-r', '-z', '--name-only', '--no-renames', '--diff-filter=d', from, to]);
  if (changed.stdout === '') return [];
  return inEmptyFolder(async (folder) => {
    const env = {
      GIT_DIR: gitDir,
      GIT_COMMON_DIR: commonDir,
      GIT_WORK_TREE: folder,
      GIT_INDEX_FILE: join(folder, 'index'),
    };
    const at = { cwd: folder, env, timeoutMs: LONG_MS };
    await run(['read-tree', to], at);
    const asked = await run(['check-attr', '--cached', '--stdin', '-z', 'filter'], { ...at, input: changed.stdout });
    const fields = fieldsOf(asked.stdout);
    return fields.filter((_, n) => n % 3 === 0 && names.has(fields[n + 2]!));
  });
};

/**
 * Why files cannot be written in a checkout of the person as their filters would have them; null where they can. A filter that is
 * shut in may lack what it needs, and git would go on without it, or stop in the middle.
 */
export const filterTrouble = async (parts: Parts, move: Move): Promise<string | null> => {
  const filters = await parts.shut(move.gitDir);
  const names = new Set(filters.filter(({ key }) => !key.endsWith('.clean')).map(nameOf));
  const paths = names.size === 0 ? [] : await filteredBy(parts, move, names);
  if (paths.length === 0) return null;
  return inEmptyFolder(async (folder) => {
    const args = ['archive', '--format=tar', `--output=${join(folder, 'files')}`, move.to, '--'];
    const exit = await parts.run([...args, ...(paths.length > MOST_NAMED ? [] : paths)], {
      ...{ cwd: move.root, accept: 'any', timeoutMs: LONG_MS },
      config: [...names].map((name) => `filter.${name}.required=true`),
    });
    if (exit.code === 0) return null;
    return `a filter of yours fails where it is shut in, as it is on what agents wrote; "git merge" there brings it over: ${reasonOf(exit)}`;
  });
};
