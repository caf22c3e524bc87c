import { closeSync, constants, createWriteStream, fstatSync, openSync, readlinkSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';

/** Where the compositor's text goes. */
export type Output = {
  /** Queues the text; false means that nothing more is wanted before the next drain. */
  write(text: string): boolean;
  /** Writes before it returns; silent when the terminal is gone. */
  writeNow(text: string): void;
  /** Called whenever everything that was queued has been taken. */
  onDrain(listener: () => void): void;
};

const RETRIES = 100;

const writeAll = (fd: number, text: string): void => {
  let bytes = Buffer.from(text);
  for (let i = 0; i < RETRIES && bytes.length > 0; i += 1) {
    try {
      bytes = bytes.subarray(writeSync(fd, bytes));
    } catch (error) {
      // A slow terminal is asked again; any other failure means that the terminal is gone.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
};

/**
 * The same terminal by a descriptor of its own, on which a write takes what there is room for and never waits; null where there is
 * none. The given one stays as it is: whether it waits is shared with every program that has it.
 */
const openUnwaiting = (fd: number): number | null => {
  try {
    const own = openSync(
      readlinkSync(`/proc/self/fd/${fd}`),
      constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY,
    );
    if (isatty(own) && fstatSync(own).rdev === fstatSync(fd).rdev) return own;
    closeSync(own);
    return null;
  } catch {
    // Not every system says where a descriptor leads, and a terminal of another user cannot be opened anew.
    return null;
  }
};

/** How many bytes are taken at once; all that is left is for somebody who can wait. */
const writeUnwaiting = (fd: number, bytes: Uint8Array): number => {
  try {
    return writeSync(fd, bytes);
  } catch {
    return 0;
  }
};

/**
 * A terminal's descriptor. What it has room for is written at once: a thread that is woken for it waits for a processor first, on a
 * busy machine for longer than all the rest of a key takes. The rest is written outside of the event loop, so a slow line never
 * delays a key.
 */
export const fdOutput = (fd: number): Output => {
  const stream = createWriteStream('', { fd, autoClose: false, highWaterMark: 1 });
  const unwaiting = isatty(fd) ? openUnwaiting(fd) : null;
  let gone = false;
  stream.on('error', () => {
    gone = true;
  });
  const writeLater = (bytes: Uint8Array): boolean => stream.write(bytes) || stream.writableLength === 0;
  return {
    write: (text) => {
      if (gone) return true;
      const bytes = Buffer.from(text);
      // What waits comes first.
      const taken = unwaiting === null || stream.writableLength > 0 ? 0 : writeUnwaiting(unwaiting, bytes);
      return taken === bytes.length || writeLater(bytes.subarray(taken));
    },
    writeNow: (text) => writeAll(fd, text),
    onDrain: (listener) => void stream.on('drain', listener),
  };
};
