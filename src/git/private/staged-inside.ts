import { basename } from 'node:path';
import { runAsSomebody } from '../identity.ts';
import { parseStagedAlone } from '../parse.ts';
import { occupantOf } from '../places.ts';
import { NOT_NESTED } from '../status.ts';
import type { Both } from './both.ts';
import { fetchInto } from './enclosure.ts';
import { ID } from './look.ts';

const STATUS = ['status', '--porcelain=v2', '--untracked-files=no', '--no-renames', '-z', ...NOT_NESTED] as const;
const ANY = { accept: 'any' } as const;

/**
 * A commit, made inside, of what whoever works there has staged, where some of it is neither in the files nor in what is checked
 * out; null where none is. In the middle of conflicts there is no tree of it.
 */
const commitInside = async ({ inside, note, place }: Both): Promise<string | null> => {
  if ((await occupantOf(note.folder)) === 'nothing' || (await occupantOf(place)) === 'nothing') return null;
  if ((await inside.run(['diff-index', '--cached', '--quiet', ...NOT_NESTED, 'HEAD', '--'], ANY)).code !== 1)
    return null;
  const { code, stdout } = await inside.runWhole(STATUS, ANY);
  if (code !== 0 || parseStagedAlone(stdout).length === 0) return null;
  const tree = await inside.runWhole(['write-tree'], ANY);
  if (tree.code !== 0) return null;
  const input = `What was staged in the worktree ${basename(place)}, and is not so in its files\n`;
  const args = ['commit-tree', tree.stdout.trim(), '-p', 'HEAD', '-F', '-'];
  const made = (await runAsSomebody(inside.runWhole, args, { config: [], input })).stdout.trim();
  return ID.test(made) ? made : null;
};

/** Keeps in the archive what is staged inside and nowhere else, before the index there is written anew or goes; the ref. */
export const keepStagedInside = async (both: Both): Promise<string | null> => {
  const commit = await commitInside(both);
  if (commit === null) return null;
  await fetchInto(both, [commit], null);
  return both.keep(commit);
};
