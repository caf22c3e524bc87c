import { randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { Sandbox, SandboxSpec } from '../../ports/sandbox.ts';
import { noSandboxHere } from '../errors.ts';
import { type Found, mayRunWhatLiesThere } from '../filters.ts';
import { makeFolderIn, textOf } from '../places.ts';
import type { RunGit } from '../run.ts';
import { SETTINGS, writeSettings } from './make.ts';
import { NOTE, type PrivateNote, readNote } from './note.ts';
import { ownPlaces } from './own-places.ts';
import type { Privates } from './privates.ts';

type Place = { readonly root: string; readonly commonDir: string; readonly run: RunGit };
type Options = {
  /** What the person has set for git. */
  readonly filters: (admin: string) => Promise<Found>;
  readonly sandbox: Pick<Sandbox, 'wall'> | undefined;
  readonly home: string;
  readonly configHome: string;
};

/** What says of a worktree, among git's own of it, where anything lies and what git runs. */
const FIXED = [NOTE, SETTINGS, 'drover-branch', 'commondir', 'gitdir', 'config.worktree', 'modules'] as const;

/** What the person has set is in the one configuration that is there. */
const NO_OTHERS = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' } as const;

type Inside = {
  readonly admin: string;
  readonly worktree: string;
  readonly note: PrivateNote;
  readonly found: Found;
  readonly env: Readonly<Record<string, string>>;
};

/**
 * How git is called for the daemon that works with the files of a worktree whose agent is shut in: shut in as well, with nothing
 * of the person, of others and of the swarm, for a filter may be a program that lies in the worktree. The configuration is that
 * of the agent: keys in it are not there.
 */
export const behindWith = (place: Place, { sandbox, home, configHome, filters }: Options): Privates['behind'] => {
  const { root, commonDir, run } = place;
  /** What was set when these were found out, and written down. */
  const own = new Map<string, { readonly found: Found; readonly files: readonly string[] }>();

  /** The person may have set more since: a filter that is left out would leave the files as they are. */
  const ownNow = async (admin: string, worktree: string, found: Found): Promise<readonly string[]> => {
    const before = own.get(admin);
    if (before?.found === found && (await textOf(join(admin, SETTINGS), Infinity)) !== undefined) return before.files;
    await writeSettings({ commonDir, run, admin, worktree, configHome });
    const { files } = await ownPlaces(run, configHome);
    own.set(admin, { found, files });
    return files;
  };

  const specFor = async (inside: Inside): Promise<Omit<SandboxSpec, 'git' | 'network'>> => {
    const { admin, env, found, note, worktree } = inside;
    const { GIT_INDEX_FILE: index, GIT_OBJECT_DIRECTORY: objects } = env;
    return {
      ...{ mode: 'strict', root, commonDir, worktree },
      home: { at: home, folder: null },
      hidden: [dirname(worktree), dirname(dirname(note.folder))],
      read: await ownNow(admin, worktree, found),
      write: [...(index === undefined ? [] : [dirname(index)]), ...(objects === undefined ? [] : [objects])],
    };
  };

  /** For a look nothing is written but an index apart, and nobody is asked. */
  const toLook = async (wall: Sandbox['wall'], inside: Inside) => {
    const git = { kind: 'read-only', config: join(inside.admin, SETTINGS) } as const;
    return {
      wall: await wall({ ...(await specFor(inside)), git, network: 'none' }),
      env: { ...inside.env, ...NO_OTHERS },
    };
  };

  /**
   * The repository lies at a path that nobody knows before, so that no link leads there. Only filters that run nothing of what
   * lies in the worktree reach anybody.
   */
  const toTouch = async (wall: Sandbox['wall'], inside: Inside) => {
    const at = `/dev/drover-${randomUUID()}`;
    const admin = basename(inside.admin);
    const git = { kind: 'elsewhere', at, admin, config: join(inside.admin, SETTINGS), fixed: FIXED } as const;
    const told = { ...NO_OTHERS, GIT_DIR: `${at}/worktrees/${admin}`, GIT_COMMON_DIR: at };
    await makeFolderIn(commonDir, `${commonDir}/drover`);
    const all = inside.found.filters;
    const network = all.length === 0 || all.some(mayRunWhatLiesThere) ? 'none' : 'shared';
    return {
      wall: await wall({ ...(await specFor(inside)), git, network }),
      env: { ...inside.env, ...told },
    };
  };

  return (admin, worktree) => async (env, use) => {
    const note = await readNote(admin);
    if (!note) return undefined;
    const found = await filters(admin);
    // Without any filter by which git reads files it runs nothing to compare them.
    if (use === 'look' && !found.filters.some(({ key }) => !key.endsWith('.smudge'))) return undefined;
    if (!sandbox) throw noSandboxHere({ path: worktree });
    const way = use === 'look' ? toLook : toTouch;
    return { ...(await way((spec) => sandbox.wall(spec), { admin, worktree, note, env, found })), isBare: true };
  };
};
