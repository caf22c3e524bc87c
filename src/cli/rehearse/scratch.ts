import { mkdtempSync, realpathSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type SimpleGit, simpleGit } from 'simple-git';
import { locate } from '../../client/locate.ts';
import { inPackage } from '../../client/package.ts';
import { connectOrStart } from '../../client/start.ts';
import { writeTrust } from '../../daemon/config/trust-store.ts';
import { defineError } from '../../lib/errors.ts';
import type { Paths } from '../../lib/paths.ts';
import { splitPowers } from '../../state/trust.ts';
import { markOwner, removeLeftBehind } from './left-behind.ts';
import { base, endAll, environment, REMOVE, type Say, SCRATCH, sayTo } from './scratch-swarm.ts';

const notASpec = defineError('rehearse/no-spec', 3, (p: { path: string }) => ({
  message: `${p.path} is not a spec: there is no tasks.md in it.`,
  hint: 'Name a folder with tasks.md (and requirements.md), for example .kiro/specs/demo.',
}));

const keepTaken = defineError('rehearse/keep-taken', 6, (p: { path: string }) => ({
  message: `${p.path} is there already and no empty folder.`,
  hint: 'Name a folder that does not exist yet.',
}));

/** The plan that comes with Drover. */
export const bundledPlan = (): string => inPackage('assets/demo-plan');

/** A swarm of its own: repository, tmux server, state and worktrees, all in one folder that can be thrown away. */
export type Scratch = {
  readonly paths: Paths;
  readonly env: NodeJS.ProcessEnv;
  readonly spec: string;
  /** Aborts when it begins to close: whoever still works with it must not bring anything to life again. */
  readonly closing: AbortSignal;
  readonly say: Say;
  /** Stops everything that was started and removes the folders, the repository too unless it is kept. */
  close(): Promise<void>;
};

export type ScratchOptions = {
  /** A folder with tasks.md, or a tasks.md. */
  readonly spec: string;
  readonly keep?: string | undefined;
  /** By task what it builds on, told from the text of the plan; agents fail where that is not there. */
  readonly needsOf?: ((tasksText: string) => object) | undefined;
  readonly settings: object;
  readonly env: NodeJS.ProcessEnv;
  /** What becomes of the text of tasks.md before it is committed. */
  readonly rewrite?: (tasksText: string) => string;
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
  const found = await stat(folder).catch(() => undefined);
  if (found && (!found.isDirectory() || (await readdir(folder)).length > 0)) throw keepTaken({ path: folder });
  await mkdir(folder, { recursive: true });
  return realpath(folder);
};

/** git without anything of the user's: no configuration, no hooks, no GIT_DIR that would turn it to another repository. */
const ownGit = (root: string, home: string, env: NodeJS.ProcessEnv) =>
  simpleGit(root).env({ PATH: env['PATH'], HOME: home, XDG_CONFIG_HOME: home });

type Filling = Pick<ScratchOptions, 'settings' | 'files' | 'rewrite'> & { readonly from: string };

/** A repository with the spec in it and one commit. */
const fillRepository = async (git: SimpleGit, root: string, { from, settings, rewrite, files = {} }: Filling) => {
  const name = basename(from);
  const spec = join('.kiro', 'specs', name);
  await mkdir(join(root, spec), { recursive: true });
  for (const file of await readdir(from))
    if (await isFile(join(from, file))) await copyFile(join(from, file), join(root, spec, file));
  const tasks = join(root, spec, 'tasks.md');
  if (rewrite) await writeFile(tasks, rewrite(await readFile(tasks, 'utf8')));
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

export const openScratch = async (options: ScratchOptions): Promise<Scratch> => {
  const from = await specFolder(options.spec);
  await removeLeftBehind(options.env);
  const home = realpathSync(mkdtempSync(join(base(), SCRATCH)));
  // Before anything else is made: from here on whoever finds it knows whose it is.
  markOwner(home, options.keep === undefined ? join(home, 'rehearsal') : resolve(options.keep));
  const env = environment(options.env, home);
  if (options.needsOf) env['DROVER_REHEARSAL_NEEDS'] = join(home, 'needs.json');
  const clean = () => rm(home, REMOVE);
  try {
    const root = await repositoryFolder(home, options.keep);
    markOwner(home, root);
    const git = ownGit(root, home, options.env);
    if (options.needsOf)
      await writeFile(
        join(home, 'needs.json'),
        JSON.stringify(options.needsOf(await readFile(join(from, 'tasks.md'), 'utf8'))),
      );
    const spec = await fillRepository(git, root, { ...options, from });
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
