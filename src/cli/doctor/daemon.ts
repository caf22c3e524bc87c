import { randomUUID } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { openConnection } from '../../client/connection.ts';
import { isDaemonWith } from '../../client/gone.ts';
import { versionOf } from '../../client/package.ts';
import { askOver, closeAt } from '../../client/request.ts';
import { BIRTH_MS } from '../../client/start-claim.ts';
import type { Paths } from '../../lib/paths.ts';
import { canTellPeers } from '../../link/credentials.ts';
import { nobodyListens, notAllowed } from '../../link/errors.ts';
import { isRunning, processState } from '../../process/is-running.ts';
import { STARTED, statOf, TICK_MS } from '../../process/proc-files.ts';
import { withDeadline } from '../patience.ts';
import { ask, type Examination, PATIENCE_SHARE, type Probe } from './examination.ts';
import { commandLine, error, type Finding, note, ok, warning } from './finding.ts';

/** Who says of itself that it holds the state. `ours`: the daemon of this repository, or at least nobody known to be another. */
type Holder = {
  readonly pid: number;
  readonly alive: boolean;
  readonly ours: boolean;
  /** When it was started, as the system has it, and how long ago that is, in milliseconds; undefined where that is not shown. */
  readonly since?: { readonly started: string; readonly ageMs: number };
};

type SocketAnswer =
  | { readonly kind: 'version'; readonly version: string; readonly pid: number | null }
  | { readonly kind: 'nobody' | 'silent' | 'denied' };

type FolderFacts = {
  readonly path: string;
  readonly mode: number;
  readonly mine: boolean;
  /** Whether a link is in its place, which no daemon follows. */
  readonly linked?: boolean;
};

/** What is known of the daemon. */
export type DaemonFacts = {
  readonly paths: Pick<Paths, 'socket' | 'lock'>;
  /** What lies at the place of the socket. */
  readonly file: 'nothing' | 'socket' | 'other';
  readonly answer: SocketAnswer;
  readonly holder: Holder | null;
  /** Whether somebody stopped that process. */
  readonly stopped: boolean;
  /** The folders of the daemon that are there. */
  readonly folders: readonly FolderFacts[];
  readonly version: string;
  /** Whether the system says who connects to the socket. */
  readonly knowsCallers: boolean;
};

/** The longest path of a socket that every system takes, in bytes. */
const SOCKET_BYTES = 103;

/** The command that looks whether a process still is this daemon before it signals it, and that takes no other for it. */
const STOP = 'drover daemon stop';

/** What holds the state and is not heard of; one that somebody stopped may only have to go on. */
const judgeUnheard = (id: Finding['id'], { pid }: Holder, stopped: boolean, cause: string): Finding =>
  stopped
    ? error(
        id,
        'daemon',
        `somebody stopped process ${pid}, which answers nothing`,
        commandLine('kill', '-CONT', `${pid}`),
      )
    : error(id, 'daemon', cause, STOP);

const judgeDeaf = ({ paths, answer, file, holder, stopped }: DaemonFacts): Finding => {
  if (answer.kind === 'denied') {
    const repair = commandLine('sudo', 'chown', userInfo().username, paths.socket);
    return error('daemon.denied', 'daemon', `its socket ${paths.socket} belongs to somebody else`, repair);
  }
  const heldBy = holder?.alive && holder.ours ? holder : null;
  if (answer.kind === 'silent') {
    const cause = 'takes connections and does not answer; when it only has much to do, wait';
    return heldBy
      ? judgeUnheard('daemon.silent', heldBy, stopped, cause)
      : error(
          'daemon.silent',
          'daemon',
          `${cause}; which process that is, its socket tells: end it with kill`,
          commandLine('lsof', paths.socket),
        );
  }
  if (file === 'other') {
    const cause = `${paths.socket} is no socket, and in the way of one`;
    const repair = commandLine('mv', paths.socket, `${paths.socket}.damaged`);
    return {
      ...error('daemon.not-a-socket', 'daemon', cause, repair),
      fix: { kind: 'set-aside', path: paths.socket },
    };
  }
  if (heldBy) {
    const { pid, since } = heldBy;
    const cause = `process ${pid} holds the state and does not listen; when it has only just started, wait`;
    const found = judgeUnheard('daemon.deaf', heldBy, stopped, cause);
    if (stopped || !since || since.ageMs < BIRTH_MS) return found;
    return { ...found, fix: { kind: 'end-daemon', pid, started: since.started } };
  }
  if (file === 'nothing') return ok('daemon.none', 'daemon', 'does not run; the next command starts it');
  return {
    ...error(
      'daemon.stale-socket',
      'daemon',
      `left its socket behind: ${paths.socket}`,
      commandLine('rm', paths.socket),
    ),
    fix: { kind: 'remove-socket', path: paths.socket },
  };
};

const judgeFolder = ({ path, mode, mine, linked = false }: FolderFacts): Finding[] => {
  if (linked) {
    const cause = `${path} is a link and no folder, so no daemon starts; what lies where it leads stays`;
    return [error('daemon.linked', 'permissions', cause, commandLine('rm', path))];
  }
  if (!mine) {
    const repair = commandLine('sudo', 'chown', '-R', userInfo().username, path);
    return [error('daemon.not-mine', 'permissions', `${path} belongs to somebody else`, repair)];
  }
  if ((mode & 0o077) === 0) return [];
  const cause = `others can enter ${path}, where keys and what agents print lie`;
  const repair = commandLine('chmod', '700', path);
  return [{ ...warning('daemon.permissions', 'permissions', cause, repair), fix: { kind: 'make-private', path } }];
};

/** What is to be said about the daemon, its socket, its lock and its folders. */
export const judgeDaemon = (facts: DaemonFacts): readonly Finding[] => {
  const { paths, answer, holder, folders, version, knowsCallers } = facts;
  const found: Finding[] = [];
  if (Buffer.byteLength(paths.socket) > SOCKET_BYTES) {
    const cause = `no system takes a path of ${Buffer.byteLength(paths.socket)} bytes for a socket`;
    found.push(error('daemon.path-too-long', 'socket', cause, 'export XDG_RUNTIME_DIR=/run/user/$(id -u)'));
  }
  if (answer.kind !== 'version') found.push(judgeDeaf(facts));
  else {
    found.push(ok('daemon.runs', 'daemon', `runs as process ${answer.pid}, version ${answer.version}`));
    if (answer.version !== version) {
      const cause = `is of version ${answer.version}, this is ${version}; the agents go on while it is replaced`;
      found.push(warning('daemon.other-version', 'daemon', cause, STOP));
    }
  }
  if (holder && !(holder.alive && holder.ours)) {
    const cause = `process ${holder.pid} held it and ${holder.alive ? 'is another program now' : 'is dead'}`;
    const path = `${paths.lock}.pid`;
    const fix = { kind: 'remove-holder', path, pid: holder.pid } as const;
    found.push({ ...note('daemon.dead-lock', 'lock', cause, commandLine('rm', path)), fix });
  }
  if (!knowsCallers) {
    const cause = 'cannot tell people from agents, for koffi is not installed: only tokens tell';
    found.push(warning('daemon.callers-unknown', 'callers', cause, 'npm install --global --include=optional drover'));
  }
  return [...found, ...folders.flatMap(judgeFolder)];
};

const converse = async (socket: string, signal: AbortSignal): Promise<SocketAnswer> => {
  const connection = await openConnection(socket);
  const id = randomUUID().slice(0, 13);
  const view = { columns: 80, color: false };
  const frame = { v: 1, kind: 'run', id, text: 'status daemon', actor: 'cli', view } as const;
  const reply = await askOver(connection, frame).finally(closeAt(connection, signal));
  const { version, pid } = (reply?.data ?? {}) as { version?: string; pid?: number };
  return version === undefined ? { kind: 'silent' } : { kind: 'version', version, pid: pid ?? null };
};

/** What the socket says; nothing is started. Nothing is open afterwards: it would keep the program from ending. */
export const askSocket = async (socket: string, patience: number): Promise<SocketAnswer> => {
  const stop = new AbortController();
  const answer = converse(socket, stop.signal).catch((thrown: unknown): SocketAnswer => {
    if (notAllowed.matches(thrown)) return { kind: 'denied' };
    return { kind: nobodyListens.matches(thrown) ? 'nobody' : 'silent' };
  });
  try {
    return await withDeadline(answer, { kind: 'silent' }, patience);
  } finally {
    stop.abort();
  }
};

/** When a process was started; undefined where the system does not show it. */
const sinceOf = async (pid: number): Promise<Holder['since']> => {
  const started = statOf(pid)[STARTED];
  const uptime = Number.parseFloat(await readFile('/proc/uptime', 'utf8').catch(() => ''));
  return started === undefined || Number.isNaN(uptime)
    ? undefined
    : { started, ageMs: uptime * 1000 - Number(started) * TICK_MS };
};

/** The process that says it holds the state. A number that another program has by now is told by its command line. */
export const holderIn = async (lock: string): Promise<Holder | null> => {
  const pid = Number(await readFile(`${lock}.pid`, 'utf8').catch(() => ''));
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  const since = await sinceOf(pid);
  return {
    pid,
    alive: isRunning(pid),
    ours: command === null || pid === process.pid || isDaemonWith(lock, command),
    ...(since && { since }),
  };
};

const foldersOf = async (paths: Paths): Promise<FolderFacts[]> => {
  const places = [...new Set([paths.state, paths.journal, dirname(paths.socket)])];
  const found = await Promise.all(places.map(async (path) => ({ path, info: await lstat(path).catch(() => null) })));
  return found.flatMap(({ path, info }): FolderFacts[] => {
    if (info?.isSymbolicLink() && path !== paths.journal) return [{ path, mode: 0, mine: true, linked: true }];
    const mine = info?.uid === (process.getuid?.() ?? info?.uid);
    return info?.isDirectory() ? [{ path, mode: info.mode & 0o777, mine }] : [];
  });
};

/** Whether somebody stopped a process, as SIGSTOP and Ctrl-Z do: it runs nothing until it is told to go on. */
const isStopped = async (examination: Examination, pid: number): Promise<boolean> => {
  const state = processState(pid) || (await ask(examination, 'ps', ['-o', 'stat=', '-p', `${pid}`]))?.stdout;
  return state?.trimStart().startsWith('T') ?? false;
};

/** The daemon of this repository, without starting one. */
export const probeDaemon: Probe = async (examination) => {
  const { place, patience } = examination;
  if (!place) return [];
  const found = await lstat(place.socket).catch(() => null);
  const holder = await holderIn(place.lock);
  return judgeDaemon({
    paths: place,
    file: found === null ? 'nothing' : found.isSocket() ? 'socket' : 'other',
    answer: await askSocket(place.socket, patience * PATIENCE_SHARE),
    holder,
    stopped: holder !== null && (await isStopped(examination, holder.pid)),
    folders: await foldersOf(place),
    version: versionOf(),
    knowsCallers: await canTellPeers(),
  });
};
