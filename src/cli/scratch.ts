import { copyFile, mkdir, mkdtemp, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { execa } from 'execa';
import { simpleGit } from 'simple-git';
import { locate } from '../client/locate.ts';
import { askOver } from '../client/request.ts';
import { connectOrStart } from '../client/start.ts';
import { defineError } from '../lib/errors.ts';
import type { Paths } from '../lib/paths.ts';
import type { Reply } from '../ports/swarm.ts';

export const notASpec = defineError('rehearse/no-spec', 3, (p: { path: string }) => ({
  message: `${p.path} is not a spec: there is no tasks.md in it.`,
  hint: 'Name a folder with tasks.md (and requirements.md), for example .kiro/specs/demo.',
}));

export const keepTaken = defineError('rehearse/keep-taken', 6, (p: { path: string }) => ({
  message: `${p.path} is there already and not empty.`,
  hint: 'Name a folder that does not exist yet.',
}));

export const sayFailed = defineError('rehearse/command-failed', 1, (p: { text: string; message: string }) => ({
  message: `"${p.text}" failed: ${p.message}`,
  hint: 'Run it again with --keep DIR and look at the daemon’s log there.',
}));

/** A swarm of its own: repository, tmux server, state and worktrees, all in one folder that can be thrown away. */
export type Scratch = {
  readonly paths: Paths;
  readonly env: NodeJS.ProcessEnv;
  readonly spec: string;
  /** Says a command; throws unless it succeeded, or only brought bad news with its exit code among `accepted`. */
  say(text: string, accepted?: readonly number[]): Promise<Reply>;
  /** Stops everything that was started and removes the folders, the repository too unless it is kept. */
  close(): Promise<void>;
};

export type ScratchOptions = {
  /** A folder with tasks.md, or a tasks.md. */
  readonly spec: string;
  readonly keep?: string | undefined;
  readonly settings: object;
  readonly env: NodeJS.ProcessEnv;
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

/** A repository with the spec in it and one commit. */
const fillRepository = async (root: string, from: string, settings: object): Promise<string> => {
  const name = basename(from);
  const spec = join('.kiro', 'specs', name);
  await mkdir(join(root, spec), { recursive: true });
  for (const file of await readdir(from))
    if (await isFile(join(from, file))) await copyFile(join(from, file), join(root, spec, file));
  await mkdir(join(root, '.drover'));
  await writeFile(join(root, '.drover', 'config.json'), `${JSON.stringify(settings, null, 2)}\n`);
  const git = simpleGit(root);
  await git.init(['--initial-branch=main']);
  await git.addConfig('user.name', 'Drover rehearsal');
  await git.addConfig('user.email', 'rehearsal@drover.invalid');
  await git.addConfig('core.autocrlf', 'false');
  await git.add('.');
  await git.commit(`Plan ${name}`);
  return spec;
};

const environment = (env: NodeJS.ProcessEnv, home: string): NodeJS.ProcessEnv => {
  const { TMUX: _t, TMUX_PANE: _p, DROVER_INSTANCE: _i, DROVER_TOKEN: _k, ...rest } = env;
  return { ...rest, XDG_DATA_HOME: join(home, 'data'), XDG_RUNTIME_DIR: join(home, 'run'), TMUX_TMPDIR: home };
};

/** tmux refuses sockets with long paths, and some temporary folders are deep. */
const base = (): string => (tmpdir().length > 60 ? '/tmp' : tmpdir());

export const openScratch = async (options: ScratchOptions): Promise<Scratch> => {
  const from = await specFolder(options.spec);
  const home = await realpath(await mkdtemp(join(base(), 'drover-rehearse-')));
  const env = environment(options.env, home);
  const clean = () => rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  try {
    const root = await repositoryFolder(home, options.keep);
    const spec = await fillRepository(root, from, options.settings);
    const paths = locate(root, env);
    const connection = await connectOrStart(paths, env);
    let count = 0;
    const say: Scratch['say'] = async (text, accepted = []) => {
      count += 1;
      const frame = {
        v: 1,
        kind: 'run',
        id: `scratch-${count}`,
        text,
        yes: true,
        actor: 'cli',
        view: { columns: 120, color: false },
      } as const;
      const reply = await askOver(connection, frame);
      if (!reply) throw sayFailed({ text, message: 'the daemon ended' });
      if (reply.exit !== 0 && !accepted.includes(reply.exit))
        throw sayFailed({ text, message: `${reply.message} ${reply.hint ?? ''}`.trim() });
      return reply;
    };
    return {
      paths,
      env,
      spec,
      say,
      close: async () => {
        const ended = connection.closed;
        await say('stop swarm force').catch(() => undefined);
        await Promise.race([ended, new Promise((done) => setTimeout(done, 10_000).unref())]);
        connection.close();
        await execa('tmux', ['kill-server'], { env, extendEnv: false, reject: false });
        await rm(paths.worktrees, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
        if (options.keep !== undefined) await simpleGit(root).raw(['worktree', 'prune']);
        await clean();
      },
    };
  } catch (error) {
    await clean();
    throw error;
  }
};
