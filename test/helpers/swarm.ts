import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { locate } from '../../src/client/locate.ts';
import { versionOf } from '../../src/client/package.ts';
import { ask } from '../../src/client/request.ts';
import { type Daemon, openDaemon } from '../../src/daemon/open.ts';
import type { Paths } from '../../src/lib/paths.ts';
import type { Reply } from '../../src/ports/swarm.ts';
import type { Target } from '../../src/ports/target.ts';
import type { State } from '../../src/state/index.ts';
import { language } from '../fixtures/signatures.ts';
import { compiled } from './compiled.ts';
import { documented } from './documented.ts';
import { evidenceOf } from './evidence.ts';
import { temporaryFolder } from './folder.ts';
import { writeTrusted } from './trust.ts';

const inRepository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** What the daemon finds beside itself, with the agent run from its source. */
export const shipped = {
  assets: inRepository('assets'),
  rehearsal: inRepository('test/helpers/rehearsal-program.mjs'),
  cli: inRepository('bin/drover.js'),
  node: process.execPath,
};

type Options = {
  /** `.drover/config.json`. */
  readonly settings?: object;
  /** Whether its owner has trusted that. */
  readonly trusted?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Name of the repository's folder. */
  readonly name?: string;
  /** Files of the first commit. */
  readonly files?: Readonly<Record<string, string>>;
};

type Repository = ReturnType<typeof testRepository>;

type SwarmOptions = Options & {
  /** Opens a machine beside the daemon's own, on which new instances are launched. */
  readonly openWorker?: (repository: Repository) => Promise<Target>;
};

/** A repository with one commit and an environment in which nothing of the person who runs the tests is touched. */
export const testRepository = ({
  settings: own = { agent: 'rehearsal' },
  env = {},
  name = 'r',
  files = {},
  trusted = true,
}: Options = {}) => {
  const settings = { rehearsal: { plans: true }, ...own };
  const folder = temporaryFolder('swarm');
  const root = join(folder.path, name);
  const environment: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder.path,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    TMUX_TMPDIR: folder.path,
    XDG_DATA_HOME: join(folder.path, 'data'),
    XDG_RUNTIME_DIR: folder.path,
    DROVER_REHEARSAL_TASK_MS: '50..100',
    // Beside other tests an agent that stands behind them would get too little of two processors to begin in time.
    DROVER_LIMITS_NICE: '0',
    NODE_COMPILE_CACHE: compiled,
    // A sandbox hides where others have what is theirs for a moment: other tests, for instance.
    TMPDIR: tmpdir(),
    ...env,
  };
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: root, env: environment, encoding: 'utf8' }).trim();
  mkdirSync(join(root, '.drover'), { recursive: true });
  const config = join(root, '.drover', 'config.json');
  if (trusted) writeTrusted(config, environment, settings);
  else writeFileSync(config, JSON.stringify(settings));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  git('init', '-q', '-b', 'main');
  appendFileSync(join(root, '.git', 'config'), '[user]\n\tname = Ada\n\temail = ada@example.org\n');
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
  const tmux = (...args: readonly string[]): string => {
    try {
      return execFileSync('tmux', ['-u', ...args], { env: environment, encoding: 'utf8', stdio: 'pipe' }).trim();
    } catch {
      return '';
    }
  };
  return {
    root,
    env: environment,
    git,
    /** Says something to the private server; the empty text when there is none. */
    tmux,
    paths: locate(root, environment),
    [Symbol.dispose]: () => {
      tmux('kill-server');
      folder[Symbol.dispose]();
    },
  };
};

export type Swarm = AsyncDisposable & {
  readonly root: string;
  readonly env: Record<string, string>;
  readonly paths: Paths;
  readonly log: string[];
  git(...args: readonly string[]): string;
  tmux(...args: readonly string[]): string;
  /** Says a command over the socket, as confirmed. */
  say(text: string): Promise<Reply>;
  /** Says it without confirming. */
  propose(text: string): Promise<Reply>;
  state(): Promise<State>;
  /** Ends this process's daemon and opens a new one, as after a restart. */
  reopen(): Promise<void>;
  close(): Promise<void>;
};

/** A swarm whose daemon runs in this process: real git, a real tmux server of its own, the real agent program. */
export const openSwarm = async ({ openWorker, ...options }: SwarmOptions = {}): Promise<Swarm> => {
  const repository = testRepository(options);
  const worker = openWorker ? { openWorker: () => openWorker(repository) } : {};
  const { paths, env } = repository;
  const log: string[] = [];
  // As whoever starts a daemon does: below a long path the socket has a folder of its own.
  mkdirSync(dirname(paths.socket), { recursive: true, mode: 0o700 });
  const open = (): Promise<Daemon> =>
    openDaemon({ paths, env, version: versionOf(), shipped, log: (line) => void log.push(line), ...worker });
  let daemon = await open().catch((error: unknown) => {
    repository[Symbol.dispose]();
    throw error;
  });
  const evidence = evidenceOf({ paths, log });
  const view = { columns: 120, color: false };
  const say = async (text: string) =>
    documented(language, text, await ask(paths, env, { text, yes: true, actor: 'cli', view }));
  return {
    ...repository,
    log,
    say,
    propose: async (text) => documented(language, text, await ask(paths, env, { text, actor: 'cli', view })),
    state: async () => ((await say('status swarm detailed')).data as { state: State }).state,
    reopen: async () => {
      await daemon.close();
      daemon = await open();
    },
    close: () => daemon.close(),
    [Symbol.asyncDispose]: async () => {
      await daemon.close();
      evidence.collect();
      repository[Symbol.dispose]();
    },
  };
};
