import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { locate } from '../dist/client/locate.js';
import { connectOrStart } from '../dist/client/start.js';
import { writeTrust } from '../src/daemon/config/trust-store.ts';
import { splitPowers } from '../src/state/trust.ts';
import { childrenOf, runs } from './processes-of.mjs';

export const inPackage = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const CLI = inPackage('bin/drover.js');
const LEAVE_MS = 10_000;

/** What is open now, so that an interrupt can put it away. */
const open = new Set();
let closing;

/** Counts something that has to be closed as open; gives the way to say that it is not any more. */
export const holdOpen = (one) => {
  open.add(one);
  return () => void open.delete(one);
};

const closeOpen = async () => {
  for (const one of [...open].toReversed())
    await one.close().catch((error) => process.stderr.write(`${error?.stack ?? error}\n`));
};

/** Puts away all that is open, the newest first, and lets nothing be opened any more. */
export const closeAll = () => {
  closing ??= closeOpen();
  return closing;
};

/** A folder that is gone after the work, below the one for temporary files or another one. */
export const inFolder = async (work, under = tmpdir().length > 60 ? '/tmp' : tmpdir()) => {
  if (closing) throw new Error('the benchmark is being ended');
  const path = realpathSync(mkdtempSync(join(under, 'drover-bench-')));
  const close = () => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  const release = holdOpen({ close });
  try {
    return await work(path);
  } finally {
    await close();
    release();
  }
};

/** Runs a program to its end, with how long it took. It is ended when the benchmark is. */
export const runToEnd = async (file, args, { cwd, env }) => {
  const started = performance.now();
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const close = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  const release = holdOpen({ close });
  try {
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    const code = await ended;
    return { code, stdout, stderr, ms: performance.now() - started };
  } finally {
    release();
  }
};

/** One connection to a daemon: commands are answered, events are told to the listeners with the time they came. */
const openTalk = async (paths, env) => {
  const connection = await connectOrStart(paths, env);
  // A request is answered once by its id, also by the next daemon: the ids of two connections must differ.
  const name = randomUUID().slice(0, 8);
  const waiting = new Map();
  const listeners = new Set();
  let count = 0;
  connection.onFrame((frame) => {
    if (frame.kind === 'reply') {
      waiting.get(frame.id)?.(frame.reply);
      waiting.delete(frame.id);
    } else if (frame.kind === 'events') for (const event of frame.events) for (const tell of listeners) tell(event);
  });
  const ended = connection.closed.then(() => ({ exit: 7, message: 'the daemon ended' }));
  const ask = (text) => {
    count += 1;
    const id = `${name}-${count}`;
    const { promise, resolve } = Promise.withResolvers();
    waiting.set(id, resolve);
    const view = { columns: 120, color: false };
    connection.send({ v: 1, kind: 'run', id, text, yes: true, actor: 'cli', view });
    return Promise.race([promise, ended]);
  };
  return {
    ask,
    closed: connection.closed,
    close: () => connection.close(),
    onEvent: (listener) => {
      if (listeners.size === 0) connection.send({ v: 1, kind: 'subscribe' });
      listeners.add(listener);
    },
  };
};

const fill = (root, env, { settings: own, files }) => {
  // Plans are measured with agents that only pretend to work.
  const settings = { rehearsal: { plans: true }, ...own };
  for (const [path, content] of Object.entries({ '.drover/config.json': JSON.stringify(settings), ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  // What is measured is a repository whose owner trusts it.
  writeTrust(join(root, '.drover/config.json'), env, splitPowers(settings).powers);
  const git = (...args) => execFileSync('git', args, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'Bench');
  git('config', 'user.email', 'bench@drover.invalid');
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
};

const gone = async (pids) => {
  for (const deadline = performance.now() + LEAVE_MS; pids.some(runs) && performance.now() < deadline; )
    await pause(20);
};

const end = (pid, signal) => {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
};

const stopDaemon = async (talk) => {
  const pid = (await talk.ask('status daemon')).data?.pid;
  const timer = new AbortController();
  void talk.ask('stop swarm force');
  await Promise.race([talk.closed, pause(LEAVE_MS, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
  talk.close();
  if (!pid) return;
  end(pid, 'SIGTERM');
  await gone([pid]);
  end(pid, 'SIGKILL');
};

const environment = (folder) => ({
  ...{ PATH: process.env.PATH, HOME: folder, LANG: 'C.UTF-8', TERM: 'xterm-256color', SHELL: '/bin/sh' },
  ...{ TMUX_TMPDIR: folder, XDG_DATA_HOME: join(folder, 'data'), XDG_RUNTIME_DIR: folder, TMPDIR: folder },
});

const tmuxIn =
  (env) =>
  (...args) =>
    execFileSync('tmux', ['-u', ...args], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

const endServer = async (tmux) => {
  let left = [];
  try {
    const server = Number(tmux('display-message', '-p', '#{pid}'));
    left = [server, ...childrenOf(server)];
    tmux('kill-server');
  } catch {
    // There is no server any more.
  }
  await gone(left);
};

/** The daemon of a sandbox, started by the first who talks to it. */
const daemonOf = ({ paths, env }) => {
  let talk;
  return {
    talk: () => {
      talk ??= openTalk(paths, env);
      return talk;
    },
    /** Ends the daemon and leaves its agents alone. */
    end: async () => {
      const ending = await talk;
      talk = undefined;
      const { pid } = (await ending.ask('status daemon')).data;
      void ending.ask('stop daemon');
      await ending.closed;
      // It gives its lock back after it has said good-bye.
      await gone([pid]);
    },
    /** Lets go of a daemon that is killed: the next who talks finds, or starts, another. */
    forget: () => {
      talk = undefined;
    },
    close: async () => {
      const last = await talk?.catch(() => undefined);
      if (last) await stopDaemon(last);
    },
  };
};

/** Works in a repository of its own, in an environment in which nothing of the user is touched. */
export const inSandbox = ({ under, ...options }, work) =>
  inFolder((folder) => inSandboxAt(folder, options, work), under);

/** The same in a folder that is somebody else's to remove. */
export const inSandboxAt = async (
  folder,
  { settings = { agent: 'rehearsal' }, files = smallProject(), env: more = {} },
  work,
) => {
  const root = join(folder, 'repo');
  const env = { ...environment(folder), ...more };
  mkdirSync(root);
  fill(root, env, { settings, files });
  const paths = locate(root, env);
  const tmux = tmuxIn(env);
  const daemon = daemonOf({ paths, env });
  let ending;
  const close = async () => {
    await daemon.close();
    await endServer(tmux);
  };
  const closeOnce = () => {
    ending ??= close();
    return ending;
  };
  const release = holdOpen({ close: closeOnce });
  const box = {
    ...{ folder, root, env, paths, tmux, talk: daemon.talk, endDaemon: daemon.end, forgetDaemon: daemon.forget },
    /** Says a command; throws unless it succeeded. */
    say: async (text) => {
      const reply = await (await daemon.talk()).ask(text);
      if (reply.exit !== 0) throw new Error(`"${text}" failed: ${reply.message}`);
      return reply;
    },
    /** Runs `drover` as a person would; throws unless it succeeded. */
    cli: async (...args) => {
      const done = await runToEnd(process.execPath, [CLI, ...args], { cwd: root, env });
      if (done.code !== 0) throw new Error(`drover ${args.join(' ')} ended with ${done.code}: ${done.stderr}`);
      return done;
    },
  };
  try {
    return await work(box);
  } finally {
    await closeOnce();
    release();
  }
};

const smallProject = () =>
  Object.fromEntries(
    Array.from({ length: 200 }, (_, i) => [`src/part-${i % 10}/file-${i}.txt`, `line of file ${i}\n`.repeat(40)]),
  );
