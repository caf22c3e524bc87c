import { dirname } from 'node:path';
import { isAtOrBelow } from '../../lib/below.ts';
import type { SandboxSpec } from '../../ports/sandbox.ts';
import type { Target } from '../../ports/target.ts';
import { folderTrouble, type Ground, keysIn } from '../../sandbox/folders.ts';
import { folderNotGiven } from '../errors.ts';
import type { DaemonServices } from '../services.ts';
import { homeIn, ownFolders } from './hidden-folders.ts';

type Place = Pick<Target, 'env' | 'files' | 'git' | 'paths'>;

/** A folder that is named: as a program finds it, as it is judged, and where it really leads. */
type Named = { readonly key: 'read' | 'write'; readonly path: string; readonly said: string; readonly real: string };

/** Every place with where it really is: what leads there by a link is no other place. */
const groundOf = async (target: Place, shared: readonly string[]): Promise<Ground> => {
  const { files, paths } = target;
  const home = homeIn(target);
  const real = (places: readonly string[]) => Promise.all(places.map((path) => files.realPath(path)));
  return {
    home,
    keys: await keysIn(home, (path) => files.realPath(path)),
    worktrees: await real([paths.worktrees, dirname(paths.sandboxes)]),
    commonDir: await files.realPath(paths.commonDir),
    own: await real(ownFolders(target)),
    shared,
  };
};

const namedIn = (target: Place, key: Named['key'], all: readonly string[]): Promise<Named[]> =>
  Promise.all(
    all.map(async (said) => {
      const path = said.replace(/^~(?=\/)/u, homeIn(target)).replace(/\/+$/u, '');
      return { key, said, path, real: await target.files.realPath(path) };
    }),
  );

/**
 * What git reads of the person beside the repository, as far as a setting could give it: nobody has asked for it, so that keys are
 * not given even where they are named.
 */
const ownOfGit = async ({ files, git, paths }: Place, ground: Ground): Promise<readonly string[]> => {
  const places = (await git.ownPlaces()).filter((path) => !isAtOrBelow(path, paths.root));
  const real = await Promise.all(places.map((path) => files.realPath(path)));
  return places.filter((_, n) => folderTrouble({ said: '', real: real[n]! }, ground) === undefined);
};

/** The folders that the settings lay open to sandboxes on a machine, and what git reads of the person; throws for one that is too much. */
export const grantedFolders = async (
  { settings }: Pick<DaemonServices, 'settings'>,
  target: Place,
): Promise<Pick<SandboxSpec, 'read' | 'write'>> => {
  const { read, write } = settings.sandbox;
  const written = await namedIn(target, 'write', write);
  // What lies in a folder that sandboxes write is there with it, and may be a link by the time in which it is laid open.
  const isApart = ({ path }: Named): boolean => !written.some((one) => path.startsWith(`${one.path}/`));
  const named = [...(await namedIn(target, 'read', read)), ...written].filter(isApart);
  const ground = await groundOf(
    target,
    written.map(({ real }) => real),
  );
  for (const { key, path, said, real } of named) {
    const why = folderTrouble({ said: path, real }, ground);
    if (why !== undefined) throw folderNotGiven({ key: `sandbox.${key}`, path: said, why });
  }
  const pathsOf = (key: Named['key']): string[] => named.filter((one) => one.key === key).map(({ path }) => path);
  return { read: [...pathsOf('read'), ...(await ownOfGit(target, ground))], write: pathsOf('write') };
};
