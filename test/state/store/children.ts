import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));

export type Said = {
  readonly open?: number;
  readonly seq?: number;
  readonly seqs?: readonly number[];
  readonly ids?: readonly string[];
  readonly cleaning?: number;
  readonly cleaned?: number;
  readonly refused?: string;
  readonly message?: string;
};

export type Child = AsyncDisposable & {
  readonly process: ChildProcess;
  /** What it said so far, whole lines only. */
  said(): readonly Said[];
  errors(): string;
  /** Resolves when it is gone and all it said has arrived. */
  readonly gone: Promise<unknown>;
};

/** Starts a process that owns the store of a folder; `shell` may set limits before it. It is killed when the scope ends. */
export const startChild = (folder: string, args: readonly string[], shell?: string): Child => {
  const argv = [process.execPath, CHILD, folder, ...args];
  const { NODE_OPTIONS: _vitest, ...env } = process.env;
  const [file, ...rest] = shell === undefined ? argv : ['sh', '-c', `${shell}; exec "$@"`, 'sh', ...argv];
  const child = spawn(file!, rest, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let out = '';
  let errors = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const gone = once(child, 'close');
  return {
    process: child,
    said: () =>
      out
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Said),
    errors: () => errors,
    gone,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
};
