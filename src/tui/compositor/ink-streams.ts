import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';

const ONLY_CONTROLS = /^(?:\u001B\[[0-?]*[ -/]*[@-~]|\n)*$/u;

/**
 * The standard output that one Ink root believes in. Ink's debug mode writes every complete frame as one string, which
 * is handed on; whatever else it writes is for terminals and ends here.
 */
export const inkStdout = (size: () => { width: number; height: number }, onFrame: (frame: string) => void) =>
  Object.defineProperties(
    Object.assign(new EventEmitter(), {
      isTTY: true as const,
      writable: true,
      write: (text: string, ...rest: readonly unknown[]): boolean => {
        if (!ONLY_CONTROLS.test(text)) onFrame(text);
        const done = rest.findLast((argument) => typeof argument === 'function') as (() => void) | undefined;
        if (done) queueMicrotask(done);
        return true;
      },
    }),
    { columns: { get: () => size().width }, rows: { get: () => size().height } },
  ) as unknown as NodeJS.WriteStream;

/** A standard input that never says anything: keys do not go through Ink. */
export const inkStdin = (): NodeJS.ReadStream =>
  Object.assign(new Readable({ read: () => undefined }), { isTTY: false }) as unknown as NodeJS.ReadStream;
