import { type ChildProcess, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { type AppError, codeOf } from '../lib/errors.ts';
import { bytesOfRaw, isRaw } from '../lib/raw-text.ts';
import { systemReason } from '../lib/system-fault.ts';
import type { Exit, ProcessRequest } from '../ports/index.ts';
import { folderMissing, processMissing, processRefused } from './errors.ts';
import { type Outlets, openOutlets } from './outlet.ts';
import { watchStall } from './stalls.ts';

const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
/** Time between asking a group to leave and making it, in milliseconds. */
const GRACE_MS = 2000;
/** How long what a program left running may keep our pipes open after the program itself ended. */
const LINGER_MS = 1000;

export type Running = {
  /** Rejects with an `AppError` when the program could not be started, and never otherwise. */
  readonly ended: Promise<Exit>;
  /** Ends the whole process group, gently first. */
  kill(): void;
};

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Why a program could not be started; the language refuses some words itself. */
const reasonOf = (error: Error): string =>
  codeOf(error) === 'ERR_INVALID_ARG_VALUE' ? 'a NUL character stands in its arguments' : systemReason(error);

const whyNot = ({ file, cwd }: ProcessRequest, error: Error): AppError => {
  if (cwd !== undefined && !isFolder(cwd)) return folderMissing({ file, cwd }, error);
  if ('code' in error && error.code === 'ENOENT') return processMissing({ file }, error);
  return processRefused({ file, reason: reasonOf(error) }, error);
};

const launch = ({ file, args, cwd, env, input }: ProcessRequest, { stdout, stderr }: Outlets): ChildProcess =>
  spawn(file, [...args], {
    stdio: [input === undefined ? 'ignore' : 'pipe', stdout.stdio, stderr.stdio],
    // A group of its own, so that what it starts can be ended together with it.
    detached: true,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
  });

const inputOf = ({ input }: ProcessRequest): string | Uint8Array | undefined =>
  input !== undefined && isRaw(input) ? bytesOfRaw(input) : input;

const endGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody of the group is left.
  }
};

/** Ends a group: SIGTERM now, SIGKILL after the grace unless `settle` was called, which takes what is left along. */
const makeKiller = (child: ChildProcess) => {
  let timer: NodeJS.Timeout | undefined;
  return {
    kill: (): void => {
      if (timer) return;
      endGroup(child, 'SIGTERM');
      timer = setTimeout(() => endGroup(child, 'SIGKILL'), GRACE_MS);
    },
    settle: (): void => {
      if (!timer) return;
      clearTimeout(timer);
      endGroup(child, 'SIGKILL');
    },
  };
};

const follow = (child: ChildProcess, request: ProcessRequest, outlets: Outlets): Running => {
  const { stdout, stderr } = outlets;
  const killer = makeKiller(child);
  const timers: NodeJS.Timeout[] = [];
  let timedOut = false;
  let stalled: string | undefined;
  let stopLooking = (): void => undefined;
  if (request.stallMs !== undefined && child.pid !== undefined)
    stopLooking = watchStall(child.pid, request.stallMs, (command) => {
      stalled = command;
      killer.kill();
    });
  const ended = new Promise<Exit>((resolve, reject) => {
    child.stdout?.on('data', stdout.push);
    child.stderr?.on('data', stderr.push);
    // A program that does not read its input to the end is no failure.
    child.stdin?.on('error', () => {}).end(inputOf(request));
    if (request.timeoutMs !== undefined) {
      const onTimeout = () => {
        timedOut = true;
        killer.kill();
      };
      timers.push(setTimeout(onTimeout, request.timeoutMs));
    }
    child.once('exit', () => {
      stopLooking();
      const onLinger = () => {
        killer.kill();
        child.stdout?.destroy();
        child.stderr?.destroy();
      };
      timers.push(setTimeout(onLinger, LINGER_MS));
    });
    child.once('error', (error) => {
      stopLooking();
      for (const timer of timers) clearTimeout(timer);
      outlets.close();
      reject(whyNot(request, error));
    });
    child.once('close', (code, signal) => {
      for (const timer of timers) clearTimeout(timer);
      killer.settle();
      resolve({
        code,
        signal,
        stdout: stdout.text(),
        stderr: stderr.text(),
        timedOut,
        ...(stalled === undefined ? {} : { stalled }),
      });
      outlets.close();
    });
  });
  return { ended, kill: killer.kill };
};

/** Starts a program in a process group of its own. */
export const start = (request: ProcessRequest): Running => {
  let outlets: Outlets | undefined;
  try {
    outlets = openOutlets({ ...request, maxBytes: request.maxBytes ?? DEFAULT_MAX_BYTES });
    return follow(launch(request, outlets), request, outlets);
  } catch (error) {
    outlets?.close();
    return { ended: Promise.reject(whyNot(request, error as Error)), kill: () => {} };
  }
};
