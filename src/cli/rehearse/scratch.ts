import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { type SimpleGit, simpleGit } from 'simple-git';
import { noDaemon } from '../../client/errors.ts';
import { daemonGone } from '../../client/gone.ts';
import { locate } from '../../client/locate.ts';
import { inPackage } from '../../client/package.ts';
import { askOver } from '../../client/request.ts';
import { connectOrStart, tryConnect } from '../../client/start.ts';
import { writeTrust } from '../../daemon/config/trust-store.ts';
import { AppError, asSentence, defineError } from '../../lib/errors.ts';
import type { Paths } from '../../lib/paths.ts';
import { USUAL_WORKTREES_FOLDER } from '../../lib/worktrees-folder.ts';
import type { Reply } from '../../ports/swarm.ts';
import { splitPowers } from '../../state/trust.ts';

const notASpec = defineError('rehearse/no-spec', 3, (p: { path: string }) => ({
  message: `${p.path} is not a spec: there is no tasks.md in it.`,
  hint: 'Name a folder with tasks.md (and requirements.md), for example .kiro/specs/demo.',
}));

const keepTaken = defineError('rehearse/keep-taken', 6, (p: { path: string }) => ({
  message: `${p.path} is there already and not empty.`,
  hint: 'Name a folder that does not exist yet.',
}));

/** The plan that comes with Drover. */
export const bundledPlan = (): string => inPackage('assets/demo-plan');

/** What a command of the rehearsal answered, with its exit code and the advice that it gave. */
const sayFailed = (text: string, { exit, message, hint }: Reply): AppError =>
  new AppError('rehearse/command-failed', exit === 0 ? 1 : exit, {
    message: `"${text}" failed: ${asSentence(message)}`,
    hint: hint ?? 'Run it again with --keep DIR and look at what it left there.',
  });

/** A swarm of its own: repository, tmux server, state and worktrees, all in one folder that can be thrown away. */
export type Scratch = {
  readonly paths: Paths;
  readonly env: NodeJS.ProcessEnv;
  readonly spec: string;
  /** Aborts when it begins to close: whoever still works with it must not bring anything to life again. */
  readonly closing: AbortSignal;
  /** Says a command, in words or as arguments; throws unless it succeeded, or brought bad news of the `accepted` codes. */
  say(what: string | readonly string[], accepted?: readonly number[]): Promise<Reply>;
  /** Stops everything that was started and removes the folders, the repository too unless it is kept. */
  close(): Promise<void>;
};

type ScratchOptions = {
  /** A folder with tasks.md, or a tasks.md. */
  readonly spec: string;
  readonly keep?: string | undefined;
  /** By task what it builds on, told from the text of the plan; agents fail where that is not there. */
  readonly needsOf?: ((tasksText: string) => object) | undefined;
  readonly settings: object;
  readonly env: NodeJS.ProcessEnv;
  /** What else is in its first commit. */
  readonly files?: Readonly<Record<string, string>>;
};

const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined))?.isFile() ?? false;

const specFolder = async (given: string): Promise<string> => {
  const path = resolve(given);
  const folder = path.endsWith('.md') ? resolve(path, '..') : path;
  if (!(await isFile(join(folder, 'tasks.md')))) throw notASpec({ path: given });
  return folder;
};

const repositoryFolder = async (home: string, keep: string | undefined): Promise<string> => {
  const folder = keep === undefined ? join(home, 'rehearsal') : resolve(keep);
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw keepTaken({ path: folder });
  return realpath(folder);
};

/** git without anything of the user's: no configuration, no hooks, no GIT_DIR that would turn it to another repository. */
const ownGit = (root: string, home: string, env: NodeJS.ProcessEnv) =>
  simpleGit(root).env({ PATH: env['PATH'], HOME: home, XDG_CONFIG_HOME: home });

type Filling = Pick<ScratchOptions, 'settings' | 'files'> & { readonly from: string };

/** A repository with the spec in it and one commit. */
const fillRepository = async (git: SimpleGit, root: string, { from, settings, files = {} }: Filling) => {
  const name = basename(from);
  const spec = join('.kiro', 'specs', name);
  await mkdir(join(root, spec), { recursive: true });
  for (const file of await readdir(from))
    if (await isFile(join(from, file))) await copyFile(join(from, file), join(root, spec, file));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await mkdir(join(root, '.drover'));
  await writeFile(join(root, '.drover', 'config.json'), `${JSON.stringify(settings, null, 2)}\n`);
  await git.init(['--initial-branch=main']);
  await git.addConfig('user.name', 'Drover rehearsal');
  await git.addConfig('user.email', 'rehearsal@drover.invalid');
  await git.addConfig('core.autocrlf', 'false');
  await git.add('.');
  await git.commit(`Plan ${name}`);
  return spec;
};

const environment = (env: NodeJS.ProcessEnv, home: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(env).filter(([name]) => !/^(?:GIT_|TMUX|DROVER_(?!REHEARSAL_))/u.test(name))),
  XDG_DATA_HOME: join(home, 'data'),
  XDG_STATE_HOME: join(home, 'state'),
  // Whatever the user's own file says.
  DROVER_WORKTREES_FOLDER: USUAL_WORKTREES_FOLDER,
  XDG_RUNTIME_DIR: join(home, 'run'),
  TMUX_TMPDIR: home,
});

/** tmux refuses sockets with long paths, and some temporary folders are deep. */
const base = (): string => (tmpdir().length > 60 ? '/tmp' : tmpdir());

const REMOVE = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 } as const;

const lostReply = (): Reply => {
  const { exit, message, hint } = noDaemon({ why: 'it has ended' });
  const empty = { data: null, sideEffects: [], elapsedMs: 0, correlation: '', confirm: null };
  return { exit, message, hint, text: message, ...empty };
};

/** Says a command to the daemon if there is one: none is started, because it may be gone for good. */
const sayTo =
  (paths: Paths): Scratch['say'] =>
  async (what, accepted = []) => {
    const said = typeof what === 'string' ? { text: what } : { argv: what };
    const id = randomUUID().slice(0, 13);
    const view = { columns: 120, color: false };
    const connection = await tryConnect(paths);
    const frame = { v: 1, kind: 'run', id, ...said, yes: true, actor: 'cli', view } as const;
    const reply = (connection && (await askOver(connection, frame))) ?? lostReply();
    connection?.close();
    if (reply.exit === 0 || accepted.includes(reply.exit)) return reply;
    throw sayFailed(typeof what === 'string' ? what : what.join(' '), reply);
  };

/** Ends everything that runs; one step that fails keeps none of the others from being done. */
const endAll = async ({ paths, env, say }: Pick<Scratch, 'paths' | 'env' | 'say'>): Promise<void> => {
  await say('stop swarm force').catch(() => undefined);
  await daemonGone(paths);
  await execa('tmux', ['kill-server'], { env, extendEnv: false, reject: false });
  await rm(paths.worktrees, REMOVE);
};

export const openScratch = async (options: ScratchOptions): Promise<Scratch> => {
  const from = await specFolder(options.spec);
  const home = await realpath(await mkdtemp(join(base(), 'drover-rehearse-')));
  const env = environment(options.env, home);
  if (options.needsOf) env['DROVER_REHEARSAL_NEEDS'] = join(home, 'needs.json');
  const clean = () => rm(home, REMOVE);
  try {
    const root = await repositoryFolder(home, options.keep);
    const git = ownGit(root, home, options.env);
    if (options.needsOf)
      await writeFile(
        join(home, 'needs.json'),
        JSON.stringify(options.needsOf(await readFile(join(from, 'tasks.md'), 'utf8'))),
      );
    const { settings, files } = options;
    const spec = await fillRepository(git, root, { from, settings, ...(files ? { files } : {}) });
    const paths = locate(root, env);
    // The settings are ours, and so is the folder in which it says that they are trusted.
    writeTrust(paths.config, env, splitPowers(options.settings).powers);
    const say = sayTo(paths);
    const closing = new AbortController();
    let closed: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      closing.abort();
      await endAll({ paths, env, say }).finally(clean);
      if (options.keep !== undefined) await ownGit(root, root, options.env).raw(['worktree', 'prune']);
    };
    (await connectOrStart(paths, env)).close();
    return {
      paths,
      env,
      spec,
      closing: closing.signal,
      say,
      close: () => {
        closed ??= close();
        return closed;
      },
    };
  } catch (error) {
    await clean();
    throw error;
  }
};
