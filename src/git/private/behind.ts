import { randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { Sandbox } from '../../ports/sandbox.ts';
import { noSandboxHere } from '../errors.ts';
import { textOf } from '../places.ts';
import type { RunGit } from '../run.ts';
import { SETTINGS, writeSettings } from './make.ts';
import { readNote } from './note.ts';
import type { Privates } from './privates.ts';

type Place = { readonly root: string; readonly commonDir: string; readonly run: RunGit };
type Options = {
  readonly sandbox: Pick<Sandbox, 'wall'> | undefined;
  readonly home: string;
  readonly configHome?: string;
};

/** The file in which a person says what kinds of files there are, beside those of the repository. */
const attributesOf = async (run: RunGit, configHome: string): Promise<string> => {
  const args = ['config', '--type=path', '--get', 'core.attributesFile'];
  const { stdout } = await run(args, { accept: [0, 1] });
  return stdout.trim() || `${configHome}/git/attributes`;
};

/**
 * How git is called for the daemon that reads or writes the files of a worktree whose agent is shut in: shut in as well, with
 * nothing of the person, of others and of the swarm. The repository lies at a path that nobody knows before, so that no link
 * leads there, and its configuration is that of the agent: keys in it are not there.
 */
export const behindWith = (
  place: Place,
  { sandbox, home, configHome = `${home}/.config` }: Options,
): Privates['behind'] => {
  const { root, commonDir, run } = place;
  let attributes: Promise<string> | undefined;
  return (admin, worktree) => async (env) => {
    const note = await readNote(admin);
    if (!note) return undefined;
    if (!sandbox) throw noSandboxHere({ path: worktree });
    attributes ??= attributesOf(run, configHome);
    if ((await textOf(join(admin, SETTINGS), Infinity)) === undefined)
      await writeSettings({ commonDir, run, admin, worktree });
    const at = `/dev/drover-${randomUUID()}`;
    const { GIT_INDEX_FILE: index, GIT_OBJECT_DIRECTORY: objects } = env;
    const wall = await sandbox.wall({
      ...{ mode: 'strict', network: 'shared', root, commonDir, worktree },
      git: { kind: 'elsewhere', at },
      home: { at: home, folder: null },
      hidden: [dirname(worktree), dirname(dirname(note.folder))],
      read: [await attributes],
      write: [...(index === undefined ? [] : [dirname(index)]), ...(objects === undefined ? [] : [objects])],
    });
    const own = `${at}/worktrees/${basename(admin)}`;
    const told = {
      GIT_DIR: own,
      GIT_COMMON_DIR: at,
      GIT_CONFIG_GLOBAL: `${own}/${SETTINGS}`,
      GIT_CONFIG_NOSYSTEM: '1',
    };
    return { wall, env: { ...env, ...told }, isBare: true };
  };
};
