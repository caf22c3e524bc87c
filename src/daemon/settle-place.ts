import { repositoryKey } from '../files/repository-key.ts';
import { adviceOf } from '../lib/errors.ts';
import { pathsOf, spoolFolderOf } from '../lib/paths.ts';
import { valuesOf } from '../lib/records.ts';
import type { Instance } from '../state/instances.ts';
import { presentIn } from '../state/moves.ts';
import { displacedError, findDisplaced, notePlace } from '../state/store/place.ts';
import { type DaemonServices, homeOf, markOf } from './services.ts';

/** Mends the links between git and the worktrees, which did not move along. One that cannot be mended stays as it is, and is told. */
const mendLinks = async ({ home: { git, host }, log, store }: DaemonServices): Promise<void> => {
  const ours = new Set(
    valuesOf(store.state.instances).flatMap((one) => (one.host === host ? [one.workspace_path] : [])),
  );
  for (const { path } of await git.worktrees()) {
    if (!ours.has(path)) continue;
    await git
      .repairWorktree(path)
      .catch((error: unknown) =>
        log(`the worktree ${path} still leads to where the repository was: ${adviceOf(error)}`),
      );
  }
};

/** Whether something of an agent goes on where the repository was: its session, or its program; also where nobody can tell. */
const livesOn = async (services: DaemonServices, instance: Instance, known: string): Promise<boolean> => {
  const { instance_id: id, pid } = instance;
  const { processes, tmux } = services.targetOf(instance);
  const mark = markOf({ key: repositoryKey(known) }, id);
  if ((await tmux.list(mark)).some(({ droverId }) => droverId === mark)) return true;
  if (pid === null) return false;
  // Another server may have the session: which one is asked is said by settings, and these are trusted by their place.
  const { instances, spool } = pathsOf({ ...services.paths, commonDir: known });
  const own = { script: `${homeOf({ instances }, id)}/launch.sh`, spool: spoolFolderOf({ spool }, id) };
  return (await processes.programIn({ pid, ...own })).length > 0;
};

/** Whether anything of its agents goes on where a moved repository was. After a restart of the machine, say, there is none. */
const anyLivesOn = async (services: DaemonServices, known: string): Promise<boolean> => {
  const lives = await Promise.all(
    presentIn(services.store.state).map(async (one) => {
      try {
        return await livesOn(services, one, known);
      } catch (error) {
        services.log(`whether ${one.instance_id} goes on where the repository was cannot be seen: ${adviceOf(error)}`);
        return true;
      }
    }),
  );
  return lives.includes(true);
};

/**
 * Sees to it that the repository is where its agents know it. One that was moved while it had any is refused, and so is a copy: what
 * they do and say would go on elsewhere. One that has none is at home where it is now, as is a moved one of whose agents nothing is
 * left: the first look at their sessions finds them lost.
 */
export const settlePlace = async (services: DaemonServices): Promise<void> => {
  const { log, paths, store } = services;
  const displaced = await findDisplaced(paths);
  if (displaced) {
    const error = await displacedError(displaced, store.state, paths.state);
    if (error && (displaced.kind !== 'moved' || (await anyLivesOn(services, displaced.known)))) throw error;
    log(`the repository is in ${displaced.to} now, and was in ${displaced.from}`);
    if (displaced.kind === 'moved') await mendLinks(services);
  }
  await notePlace(paths, displaced?.kind === 'copied');
};
