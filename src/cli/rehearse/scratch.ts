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
import type { PlanFormatId } from '../../state/specs.ts';
import { splitPowers } from '../../state/trust.ts';
import { recognised } from '../../tasks/formats/index.ts';
import { isToolFolder, planFile } from '../../tasks/formats/plan-file.ts';
import { markOwner, removeLeftBehind } from './left-behind.ts';
import { base, endAll, environment, REMOVE, type Say, SCRATCH, sayTo } from './scratch-swarm.ts';

const noPlan = defineError('rehearse/no-plan', 3, (p: { path: string }) => ({
  message: `There is no plan at ${p.path}.`,
  hint: 'Name what "import spec" takes: a folder with tasks.md, for example .kiro/specs/demo, or a file, for example TODO.md.',
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
  /** How the plan is written; undefined where it does not look like one. */
  readonly format: PlanFormatId | undefined;
  /** Aborts when it begins to close: whoever still works with it must not bring anything to life again. */
  readonly closing: AbortSignal;
  readonly say: Say;
  /** Stops everything that was started and removes the folders, the repository too unless it is kept. */
  close(): Promise<void>;
};

export type ScratchOptions = {
  /** A plan: its file, or a folder with a plan in it. */
  readonly spec: string;
  readonly keep?: string | undefined;
  /** By task what it builds on, told from the text of the plan; agents fail where that is not there. */
  readonly needsOf?: ((tasksText: string, format: PlanFormatId) => object) | undefined;
  readonly settings: object;
  readonly env: NodeJS.ProcessEnv;
  /** What becomes of the text of the plan before it is committed. */
  readonly rewrite?: (tasksText: string) => string;
  /** What else is in its first commit. */
  readonly files?: Readonly<Record<string, string>>;
};

const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined))?.isFile() ?? false;

/** The plan at a path as it lies there, and the place that it gets in the repository. */
const planAt = async (given: string) => {
  const file = planFile(resolve(given));
  if (!(await isFile(file))) throw noPlan({ path: given });
  const text = await readFile(file, 'utf8');
  const folder = dirname(file);
  // What lies beside it belongs to a plan that has a folder of its own.
  const isFolder = basename(file) === 'tasks.md';
  // Without the folder of a tool it is the file alone.
  const inTool = file.split('/').slice(file.split('/').findLastIndex(isToolFolder));
  const place = isFolder ? join('.kiro', 'specs', basename(folder), 'tasks.md') : join(...inTool);
  const beside = isFolder ? (await readdir(folder)).map((name) => join(folder, name)) : [];
  return { text, place, copied: [file, ...beside], format: recognised(file, text)?.id };
};
type FoundPlan = Awaited<ReturnType<typeof planAt>>;

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

type Filling = Pick<ScratchOptions, 'settings' | 'files' | 'rewrite'> & { readonly plan: FoundPlan };

/** A repository with the plan in it and one commit. */
const fillRepository = async (git: SimpleGit, root: string, { plan, settings, rewrite, files = {} }: Filling) => {
  const file = join(root, plan.place);
  await mkdir(dirname(file), { recursive: true });
  for (const path of plan.copied) if (await isFile(path)) await copyFile(path, join(dirname(file), basename(path)));
  if (rewrite) await writeFile(file, rewrite(plan.text));
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
  await git.commit(`Plan ${plan.place}`);
};

export const openScratch = async (options: ScratchOptions): Promise<Scratch> => {
  const plan = await planAt(options.spec);
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
      await writeFile(join(home, 'needs.json'), JSON.stringify(options.needsOf(plan.text, plan.format ?? 'kiro')));
    await fillRepository(git, root, { ...options, plan });
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
      spec: plan.place,
      format: plan.format,
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
