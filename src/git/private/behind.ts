import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Sandbox, SandboxSpec } from '../../ports/sandbox.ts';
import { noSandboxHere } from '../errors.ts';
import { textOf } from '../places.ts';
import type { RunGit } from '../run.ts';
import { SETTINGS, writeSettings } from './make.ts';
import { NOTE, type PrivateNote, readNote } from './note.ts';
import type { Privates } from './privates.ts';

type Place = { readonly root: string; readonly commonDir: string; readonly run: RunGit };
type Options = {
  readonly sandbox: Pick<Sandbox, 'wall'> | undefined;
  readonly home: string;
  readonly configHome?: string;
};

/** What says of a worktree, among git's own of it, where anything lies and what git runs. */
const FIXED = [NOTE, SETTINGS, 'drover-branch', 'commondir', 'gitdir', 'config.worktree', 'modules'] as const;

/** The files in which a person says what kinds of files there are, and which git is to pass by, beside those of the repository. */
const ownFiles = (run: RunGit, configHome: string): Promise<readonly string[]> =>
  Promise.all(
    (['attributes', 'ignore'] as const).map(async (name) => {
      const key = name === 'ignore' ? 'core.excludesFile' : 'core.attributesFile';
      const { stdout } = await run(['config', '--type=path', '--get', key], { accept: [0, 1] });
      return stdout.trim() || `${configHome}/git/${name}`;
    }),
  );

/** How long it is remembered whether there are filters, in milliseconds. */
const REMEMBERED_MS = 5000;

/** Whether the person has filters by which git reads files: without any it runs nothing to compare them. */
const filtersWith = (run: RunGit, commonDir: string) => {
  const known = new Map<string, { readonly at: number; readonly answer: Promise<boolean> }>();
  const ask = async (admin: string): Promise<boolean> => {
    const env = { GIT_DIR: admin, GIT_COMMON_DIR: commonDir };
    const args = ['config', '--get-regexp', '--name-only', '^filter\\..*\\.(clean|process)$'];
    return (await run(args, { env, accept: [0, 1] })).code === 0;
  };
  return (admin: string): Promise<boolean> => {
    const now = performance.now();
    const before = known.get(admin);
    if (before && now - before.at < REMEMBERED_MS) return before.answer;
    const answer = ask(admin);
    known.set(admin, { at: now, answer });
    answer.catch(() => known.delete(admin));
    return answer;
  };
};

/** What the person has set is in the one configuration that is there. */
const NO_OTHERS = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' } as const;

type Inside = {
  readonly admin: string;
  readonly worktree: string;
  readonly note: PrivateNote;
  readonly env: Readonly<Record<string, string>>;
};

/**
 * How git is called for the daemon that works with the files of a worktree whose agent is shut in: shut in as well, with nothing
 * of the person, of others and of the swarm, for a filter may be a program that lies in the worktree. The configuration is that
 * of the agent: keys in it are not there.
 */
export const behindWith = (
  place: Place,
  { sandbox, home, configHome = `${home}/.config` }: Options,
): Privates['behind'] => {
  const { root, commonDir, run } = place;
  const hasFilters = filtersWith(run, commonDir);
  let own: Promise<readonly string[]> | undefined;

  const specFor = async ({ env, note, worktree }: Inside): Promise<Omit<SandboxSpec, 'git' | 'network'>> => {
    const { GIT_INDEX_FILE: index, GIT_OBJECT_DIRECTORY: objects } = env;
    own ??= ownFiles(run, configHome).catch((error: unknown) => {
      own = undefined;
      throw error;
    });
    return {
      ...{ mode: 'strict', root, commonDir, worktree },
      home: { at: home, folder: null },
      hidden: [dirname(worktree), dirname(dirname(note.folder))],
      read: await own,
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

  /** The repository lies at a path that nobody knows before, so that no link leads there. */
  const toTouch = async (wall: Sandbox['wall'], inside: Inside) => {
    const at = `/dev/drover-${randomUUID()}`;
    const admin = basename(inside.admin);
    const git = { kind: 'elsewhere', at, admin, config: join(inside.admin, SETTINGS), fixed: FIXED } as const;
    const told = { ...NO_OTHERS, GIT_DIR: `${at}/worktrees/${admin}`, GIT_COMMON_DIR: at };
    await mkdir(`${commonDir}/drover`, { recursive: true });
    return {
      wall: await wall({ ...(await specFor(inside)), git, network: 'shared' }),
      env: { ...inside.env, ...told },
    };
  };

  return (admin, worktree) => async (env, use) => {
    const note = await readNote(admin);
    if (!note || (use === 'look' && !(await hasFilters(admin)))) return undefined;
    if (!sandbox) throw noSandboxHere({ path: worktree });
    if ((await textOf(join(admin, SETTINGS), Infinity)) === undefined)
      await writeSettings({ commonDir, run, admin, worktree });
    const way = use === 'look' ? toLook : toTouch;
    return { ...(await way((spec) => sandbox.wall(spec), { admin, worktree, note, env })), isBare: true };
  };
};
