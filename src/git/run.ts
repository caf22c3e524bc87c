import { setTimeout as pause } from 'node:timers/promises';
import { DURABLE_COMMITS } from '../lib/git-config.ts';
import { fixedPath } from '../lib/search-path.ts';
import { oneLine, shorten } from '../lib/text.ts';
import type { Exit, Processes } from '../ports/index.ts';
import {
  gitBusy,
  gitFailed,
  gitMissing,
  gitStalled,
  gitTimedOut,
  pushStalled,
  remoteStalled,
  sandboxGone,
} from './errors.ts';
import { type FindHoldUp, inWorktree, unlessHeldUp } from './held-up.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

type GitCall = {
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** `key=value` for this call only. */
  readonly config?: readonly string[];
  /** Exit codes that are answers; any other rejects. Default: only 0. */
  readonly accept?: readonly number[] | 'any';
  readonly timeoutMs?: number;
  /** It goes on to its end when this program dies. */
  readonly outlives?: boolean;
  /** The words that shut it in. */
  readonly wall?: readonly string[];
  /** It has nothing of this program's environment but what is needed to find programs and to speak their language. */
  readonly isBare?: boolean;
  /** It writes down in the index which files are as they were: for an index that nobody else looks at. */
  readonly refreshes?: boolean;
  /** What may hold it up beside what lies in its worktree. */
  readonly holdUps?: readonly FindHoldUp[];
};

/** Where git is called, and what tells it so. */
export type GitPlace = { readonly cwd: string; readonly env?: Readonly<Record<string, string>> };

/**
 * What git does with the files of a worktree. To `touch` them it stores what is in them, or writes them; to `look` at them it
 * compares them with what it knows, by the filters of the person.
 */
type Use = 'touch' | 'look';

/**
 * How git is called behind a wall, by the environment that it would have without; undefined where nobody works who is shut in,
 * or where none is needed. It is found out when git is called, for most that is asked of a worktree touches no file of it.
 */
export type Behind = (
  env: Readonly<Record<string, string>>,
  use: Use,
) => Promise<Required<Pick<GitCall, 'wall' | 'env' | 'isBare'>> | undefined>;

/** The same for a linked worktree, where git is not left to find that out by what lies there. */
export type InsidePlace = Required<GitPlace> & {
  readonly env: Readonly<Record<'GIT_DIR' | 'GIT_COMMON_DIR' | 'GIT_WORK_TREE', string>>;
  /** Undefined where nobody can be shut in. */
  readonly behind?: Behind | undefined;
};

export type RunGit = (args: readonly string[], call?: GitCall) => Promise<Exit>;

/**
 * For git that reads what is in the files of a worktree, or writes them. It believes of a folder for as long as it runs that
 * it is one: whoever works there can put a link in its place meanwhile. Where they are shut in, git is so as well.
 */
export const onFiles = (run: RunGit, { behind }: Pick<InsidePlace, 'behind'>, use: Use = 'touch'): RunGit =>
  behind ? async (args, call = {}) => run(args, { ...call, ...(await behind(call.env ?? {}, use)) }) : run;

/**
 * For git that compares the files of a worktree with what it knows. It runs the filters of the person on them, and many of
 * these find their own parts where they run, in the worktree.
 */
export const onLook = (run: RunGit, at: Pick<InsidePlace, 'behind'>): RunGit => onFiles(run, at, 'look');

/** Makes what a call writes survive a power cut. */
export const DURABLE = DURABLE_COMMITS.map(([key, value]) => `${key}=${value}`);

/** For what writes a whole work tree. */
export const LONG_MS = 900_000;
const DEFAULT_MS = 120_000;

/**
 * How long, in milliseconds, nobody of what git has started may do anything at all. A filter of the person, or another machine, that
 * is waited for and never comes is found out by that; a large worktree, or a slow line, is not.
 */
const STALLS: readonly { readonly ms: number; readonly commands: readonly string[] }[] = [
  {
    ms: 10_000,
    commands: ['status', 'add', 'update-index', 'hash-object', 'diff', 'diff-files', 'diff-index'],
  },
  // What writes files has them made by filters, which may have to ask a server for what is in them.
  { ms: 20_000, commands: ['checkout', 'checkout-index', 'merge', 'read-tree', 'reset', 'sparse-checkout'] },
];

/**
 * The same for another machine, whose hooks may say nothing while they work, or whose key a person has to touch; what it says
 * meanwhile counts.
 */
const REMOTE = { ms: 60_000, commands: ['fetch', 'push'] } as const;

// Hooks are the user's and meant for the user's own commits and checkouts; a collection of garbage must not run beside
// a swarm; a signature could ask for a passphrase. Messages are UTF-8, and names with them.
const CONFIG = [
  'core.hooksPath=/dev/null',
  // A program that whoever may write a configuration names, a nested repository's above all.
  'core.fsmonitor=false',
  'diff.submodule=short',
  'gc.auto=0',
  'maintenance.auto=false',
  'commit.gpgsign=false',
  'submodule.recurse=false',
  'i18n.commitEncoding=UTF-8',
  'i18n.logOutputEncoding=UTF-8',
] as const;

const SET = {
  LC_ALL: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_PAGER: 'cat',
  GIT_EDITOR: 'true',
} as const;

/** What turns a call to another repository, index or identity, and what the guard of an agent goes by that started us. */
const FOREIGN = /^(?:GIT_|DROVER_G(?:UARD|IT)$)/u;

/** The environment for git: ours without what is meant for other calls. */
export const gitEnvironment = (env: Environment): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined && !FOREIGN.test(pair[0])),
  ),
  ...(env['PATH'] === undefined ? {} : { PATH: fixedPath(env['PATH']) }),
  ...SET,
});

/** What a program needs of an environment in any case. */
const BARE = /^(?:PATH|HOME|USER|LOGNAME|LANG|LC_\w+|LD_LIBRARY_PATH|XDG_CONFIG_HOME|GIT_\w+)$/u;

const bare = (env: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => BARE.test(name)));

/** The environment for what git runs, with nothing of this program's but that. */
export const bareEnvironment = (env: Environment): Record<string, string> => bare(gitEnvironment(env));

const BUSY = /\.lock': File exists|could not lock config file|failed to read [\s\S]*commondir/u;
const PAUSES_MS = [20, 40, 80, 160, 320, 640] as const;

const isBusy = (exit: Exit): boolean => exit.code !== 0 && BUSY.test(exit.stderr);

/** The lock that git names in many words; what else it says of it is for somebody who sits at that terminal. */
const lockIn = ({ stderr }: Exit): string | undefined =>
  /'(?<lock>[^'\n]+\.lock)': File exists/u.exec(stderr)?.groups?.['lock'];

/** What git said, as one line for a person. */
export const reasonOf = ({ stderr, stdout, code, signal }: Exit): string => {
  const said = (stderr.trim() === '' ? stdout : stderr).split('\n').filter((line) => !/^hint:/u.test(line));
  const text = shorten(oneLine(said.join(' ')), 400);
  return text === '' ? `it ended with ${signal ?? `exit code ${code}`}` : text;
};

const commandOf = (args: readonly string[]): string =>
  args[0] === 'worktree' ? args.slice(0, 2).join(' ') : (args[0] ?? '');

/** What a shell says where the program of the wall before git is not there any more. */
const GONE = /\bbwrap: not found$/mu;

const isUnwalled = ({ wall }: GitCall, { code, stderr }: Exit): boolean =>
  wall !== undefined && code !== 0 && GONE.test(stderr);

/** What a person is told is cut off somewhere; whether rights were missing is known all the same. */
const causeOf = ({ stderr }: Exit): Error | undefined =>
  /permission denied/iu.test(stderr) ? new Error('permission denied') : undefined;

/** The error for an exit code that is no answer. */
export const refused = (args: readonly string[], exit: Exit) =>
  gitFailed({ command: commandOf(args), reason: reasonOf(exit) }, causeOf(exit));

const argumentsFor = (args: readonly string[], { config = [], refreshes }: GitCall): string[] => [
  '--no-pager',
  ...(refreshes ? [] : ['--no-optional-locks']),
  '--literal-pathspecs',
  ...[...CONFIG, ...config].flatMap((pair) => ['-c', pair]),
  ...args,
];

const isRemote = ([command = '']: readonly string[]): boolean => REMOTE.commands.some((one) => one === command);

/** For how long a call may stand still, where that is bounded. */
const stallOf = ([command = '']: readonly string[]): number | undefined =>
  [...STALLS, REMOTE].find(({ commands }) => commands.some((one) => one === command))?.ms;

/** Throws where a call did not come to its end by itself. */
const assertEnded = (
  args: readonly string[],
  { stalled, timedOut }: Exit,
  { path, timeoutMs }: { readonly path: string; readonly timeoutMs: number },
): void => {
  const command = commandOf(args);
  if (stalled !== undefined) {
    const seconds = stallOf(args)! / 1000;
    if (command === 'push') throw pushStalled({ waitsFor: stalled, seconds });
    if (isRemote(args)) throw remoteStalled({ command, waitsFor: stalled, seconds });
    throw gitStalled({ command, path, waitsFor: stalled, seconds });
  }
  if (timedOut) throw gitTimedOut({ command, seconds: timeoutMs / 1000 });
};

const holdUpsOf = ({ env, holdUps = [] }: GitCall): readonly FindHoldUp[] => {
  const { GIT_WORK_TREE: place } = env ?? {};
  return place === undefined ? holdUps : [...holdUps, inWorktree(place)];
};

/**
 * The one place that calls git: never a pager, a prompt, a hook or a foreign environment. What fails because somebody
 * else holds a lock is tried again, a bounded number of times with growing pauses.
 */
export const gitRunner = (options: { processes: Processes; env: Environment; root: string }): RunGit => {
  const env = gitEnvironment(options.env);
  const once = async (args: readonly string[], call: GitCall): Promise<Exit> => {
    const timeoutMs = call.timeoutMs ?? DEFAULT_MS;
    const stallMs = stallOf(args);
    const [file = 'git', ...before] = [...(call.wall ?? []), 'git'];
    const request = {
      file,
      args: [...before, ...argumentsFor(args, call)],
      cwd: call.cwd ?? options.root,
      env: { ...(call.isBare ? bare(env) : env), ...call.env, ...(call.refreshes ? { GIT_OPTIONAL_LOCKS: '1' } : {}) },
      timeoutMs,
      ...(call.input === undefined ? {} : { input: call.input }),
      ...(call.outlives ? { outlives: true } : {}),
      isRaw: true,
      ...(stallMs === undefined ? {} : { stallMs }),
    };
    const run = (signal: AbortSignal) => options.processes.run(request, signal);
    const exit = await unlessHeldUp(holdUpsOf(call), run).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
      throw call.wall ? sandboxGone({ path: request.cwd }, error) : gitMissing(undefined, error);
    });
    assertEnded(args, exit, { path: request.cwd, timeoutMs });
    if (isUnwalled(call, exit)) throw sandboxGone({ path: request.cwd });
    return exit;
  };
  return async (args, call = {}) => {
    let exit = await once(args, call);
    for (const ms of PAUSES_MS) {
      if (!isBusy(exit)) break;
      await pause(ms);
      exit = await once(args, call);
    }
    if (isBusy(exit)) throw gitBusy({ reason: lockIn(exit) ?? reasonOf(exit) });
    const { accept = [0] } = call;
    if (exit.code === null || (accept !== 'any' && !accept.includes(exit.code))) throw refused(args, exit);
    return exit;
  };
};

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'process/missing';
