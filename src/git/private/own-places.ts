import { isAbsolute } from 'node:path';
import type { Git } from '../../ports/index.ts';
import { fieldsOf } from '../parse.ts';
import type { RunGit } from '../run.ts';

/** Where a person keeps what git reads of them beside the repository: which files it passes by, of what kinds files are, and hooks. */
type OwnPlaces = { readonly files: readonly string[]; readonly hooks: readonly string[] };

const ASKED = ['config', '--type=path', '--show-scope', '-z', '--get-regexp'] as const;

/** Paths that begin in no folder are looked for in each worktree, and so they are inside. */
export const ownPlaces = async (run: RunGit, configHome: string): Promise<OwnPlaces> => {
  const names = '^core\\.(excludesfile|attributesfile|hookspath)$';
  const fields = fieldsOf((await run([...ASKED, names], { accept: [0, 1] })).stdout);
  const set = new Map<string, string>();
  for (const [n, field] of fields.entries()) {
    const cut = field.indexOf('\n');
    if (n % 2 === 1 && fields[n - 1] !== 'command') set.set(field.slice(0, cut), field.slice(cut + 1));
  }
  const absolute = (paths: readonly (string | undefined)[]): string[] =>
    paths.flatMap((path) => (path !== undefined && isAbsolute(path) ? [path] : []));
  return {
    files: absolute([
      set.get('core.attributesfile') || `${configHome}/git/attributes`,
      set.get('core.excludesfile') || `${configHome}/git/ignore`,
    ]),
    hooks: absolute([set.get('core.hookspath')]),
  };
};

export const ownPlacesWith =
  (run: RunGit, configHome: string): Git['ownPlaces'] =>
  async () => {
    const { files, hooks } = await ownPlaces(run, configHome);
    return [...files, ...hooks];
  };
