import type { SandboxSpec } from '../../ports/sandbox.ts';
import type { Target } from '../../ports/target.ts';
import { folderTrouble, type Ground } from '../../sandbox/folders.ts';
import { folderNotGiven } from '../errors.ts';
import type { DaemonServices } from '../services.ts';
import { homeIn, ownFolders } from './hidden-folders.ts';

/** Every place with where it really is: what leads there by a link is no other place. */
const groundOf = async (target: Pick<Target, 'env' | 'files' | 'paths'>): Promise<Ground> => {
  const { files, paths } = target;
  const home = homeIn(target);
  const own = ownFolders(target);
  return {
    home: await files.realPath(home),
    worktrees: await files.realPath(paths.worktrees),
    commonDir: await files.realPath(paths.commonDir),
    own: await Promise.all(own.map((path) => files.realPath(path))),
  };
};

/** The folders that the settings lay open to sandboxes on a machine; throws for one that is too much. */
export const grantedFolders = async (
  { settings }: Pick<DaemonServices, 'settings'>,
  target: Pick<Target, 'env' | 'files' | 'paths'>,
): Promise<Pick<SandboxSpec, 'read' | 'write'>> => {
  const { read, write } = settings.sandbox;
  if (read.length + write.length === 0) return { read, write };
  const ground = await groundOf(target);
  const granted = (key: 'read' | 'write'): Promise<string[]> =>
    Promise.all(
      settings.sandbox[key].map(async (said) => {
        const path = said.replace(/^~(?=\/)/u, homeIn(target)).replace(/\/+$/u, '');
        const why = folderTrouble(await target.files.realPath(path), ground);
        if (why !== undefined) throw folderNotGiven({ key: `sandbox.${key}`, path: said, why });
        return path;
      }),
    );
  return { read: await granted('read'), write: await granted('write') };
};
