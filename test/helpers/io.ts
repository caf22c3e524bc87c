import { PassThrough, Readable, Writable } from 'node:stream';
import type { Io } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';

type Options = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** What stdin holds; without it stdin is empty and at its end. */
  readonly stdin?: string;
  /** Pretends that all three streams are a terminal. */
  readonly tty?: boolean;
};

/** Streams and surroundings for one run of the program in this process. */
export const testIo = ({ cwd, env, stdin, tty = false }: Options) => {
  const text = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  const sink = (name: 'stdout' | 'stderr') => {
    const stream = new Writable({
      decodeStrings: false,
      write: (chunk: string | Buffer, _encoding, done) => {
        text[name] += chunk.toString();
        done();
        for (const listener of listeners) listener();
      },
    });
    return Object.assign(stream, { isTTY: tty, columns: 100, rows: 30 }) as unknown as NodeJS.WriteStream;
  };
  const input = tty ? new PassThrough() : Readable.from(stdin === undefined ? [] : [Buffer.from(stdin)]);
  if (tty && stdin !== undefined) (input as PassThrough).write(stdin);
  const io: Io = {
    env,
    cwd,
    stdin: Object.assign(input, { isTTY: tty }) as unknown as NodeJS.ReadStream,
    stdout: sink('stdout'),
    stderr: sink('stderr'),
  };
  return {
    io,
    text,
    /** Resolves when something was printed that matches. */
    printed: (what: RegExp): Promise<void> =>
      new Promise((resolve) => {
        const look = () => {
          if (!what.test(text.stdout + text.stderr)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
      }),
  };
};

/** Runs one command line in this process; everything it printed and its exit code. */
export const runMain = async (
  argv: readonly string[],
  options: Options,
): Promise<{ exit: number; stdout: string; stderr: string }> => {
  const { io, text } = testIo(options);
  const exit = await main(argv, io);
  return { exit, ...text };
};
