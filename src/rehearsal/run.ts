import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { messageOf } from '../lib/errors.ts';
import { withoutControls } from '../lib/text.ts';

/** How a program ended, with the last lines that it printed; a null code: it was ended, or not started. */
export type Ran = { readonly code: number | null; readonly tail: readonly string[] };
type RunPlace = {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** How many of the last lines are wanted. */
  readonly lines?: number;
};

const KEPT = 16_384;
const TAIL_LINES = 5;

// Git removes its locks when it is asked to end; what does not listen is ended all the same.
const GRACE_MS = 2000;

const endGroup = (leader: number | undefined, how: NodeJS.Signals): void => {
  try {
    if (leader !== undefined) process.kill(-leader, how);
  } catch {
    // The program ended at the same moment.
  }
};

/**
 * Runs a program to its end; when the signal comes it is ended with all that it started. `code` is null then, and when
 * it could not be started. Rejects only when the signal had come before.
 */
export const runProgram = async (argv: readonly [string, ...string[]], place: RunPlace): Promise<Ran> => {
  place.signal.throwIfAborted();
  const [file, ...args] = argv;
  const child = spawn(file, args, {
    cwd: place.cwd,
    env: place.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-KEPT);
    });
  }
  let last: NodeJS.Timeout | undefined;
  const stop = () => {
    endGroup(child.pid, 'SIGTERM');
    last = setTimeout(endGroup, GRACE_MS, child.pid, 'SIGKILL');
  };
  place.signal.addEventListener('abort', stop, { once: true });
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    const lines = withoutControls(output)
      .split('\n')
      .filter((line) => line.trim() !== '');
    return { code, tail: lines.slice(-(place.lines ?? TAIL_LINES)) };
  } catch (error) {
    return { code: null, tail: [messageOf(error)] };
  } finally {
    place.signal.removeEventListener('abort', stop);
    clearTimeout(last);
  }
};
