import { type ChildProcess, spawn } from 'node:child_process';
import { codeOf } from '../lib/errors.ts';
import { systemReason } from '../lib/system-fault.ts';
import type { Target } from '../ports/target.ts';
import { type Caller, openCaller } from './caller.ts';
import { EDGES, type EdgeName } from './edges.ts';
import { targetLost, targetUnclear } from './errors.ts';
import { type Answer, errorOf, type WorkerPlace } from './frames.ts';

export type PipedOptions = {
  /** The command that becomes the machine's end of the line: `worker-main`, wherever it is started. */
  readonly argv: readonly [file: string, ...args: readonly string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly place: WorkerPlace;
};

type Opened = Extract<Answer, { kind: 'opened' }>;

/** How long the other end may take to end what it runs, in milliseconds. */
const GRACE_MS = 10_000;
const LAST_WORDS = 2000;

/** The methods of an edge, each a call over the line. */
const edgeOver = <Name extends EdgeName>(caller: Caller, name: Name): Target[Name] =>
  Object.fromEntries(
    Object.entries(EDGES[name]).map(([method, kind]) => [
      method,
      (...args: readonly unknown[]) => caller[kind === 'stream' ? 'stream' : 'call'](name, method, args),
    ]),
  ) as unknown as Target[Name];

/** What the other end said last of itself, beside the line. */
const collectWords = (child: ChildProcess): (() => string) => {
  let words = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-LAST_WORDS);
  });
  return () => words.trim().split('\n').at(-1) ?? '';
};

/** Starts the other end and tells it which place is meant; its ends are known by `gone`. */
const connect = ({ argv: [file, ...args], env, place }: PipedOptions) => {
  const { host } = place;
  // A group of its own: Ctrl-C in a terminal is for us.
  const child = spawn(file, args, { env, stdio: 'pipe', detached: true });
  const lastWords = collectWords(child);
  const opened = Promise.withResolvers<Opened>();
  // Whoever waits for it hears of it by that.
  opened.promise.catch(() => undefined);
  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) =>
      resolve(codeOf(error) === 'ENOENT' ? `"${file}" is not found` : systemReason(error)),
    );
    child.once('close', (code, signal) =>
      resolve(lastWords() || (signal ? `it was ended by ${signal}` : `it ended with ${code}`)),
    );
  });
  const lose = (error: Error): void => {
    caller.lose(error);
    opened.reject(error);
  };
  const caller: Caller = openCaller({
    input: child.stdout,
    output: child.stdin,
    onOther: (answer) => {
      if (answer.kind === 'opened') opened.resolve(answer);
      else if (answer.kind === 'refused') opened.reject(errorOf(answer.failure));
      else lose(targetUnclear({ host }));
    },
    onEnd: (error) => {
      if (error === undefined) return;
      lose(targetUnclear({ host }, error));
      child.kill('SIGKILL');
    },
  });
  void gone.then((why) => lose(targetLost({ host, why })));
  caller.send({ kind: 'open', place });
  const close = async (): Promise<void> => {
    lose(targetLost({ host, why: 'this program is closing down' }));
    child.stdin.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    await gone;
    clearTimeout(timer);
  };
  return { caller, opened: opened.promise, close };
};

/**
 * A machine that is reached through a process: what is asked of it goes there as lines of text, and the answers come back
 * the same way. When that process ends, all that is open rejects with `machine/lost`.
 */
export const openPipedTarget = async (options: PipedOptions): Promise<Target> => {
  const { host, paths, shipped } = options.place;
  const { caller, opened, close } = connect(options);
  try {
    const { env, isRoot, root, commonDir } = await opened;
    return {
      host,
      paths,
      env,
      shipped,
      isRoot,
      tmux: edgeOver(caller, 'tmux'),
      git: { ...edgeOver(caller, 'git'), root, commonDir },
      sandbox: edgeOver(caller, 'sandbox'),
      files: edgeOver(caller, 'files'),
      logs: edgeOver(caller, 'logs'),
      processes: edgeOver(caller, 'processes'),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
