import { createWriteStream, writeSync } from 'node:fs';

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

/** A terminal's descriptor. Writes happen outside of the event loop, so a slow line never delays a key. */
export const fdOutput = (fd: number): Output => {
  const stream = createWriteStream('', { fd, autoClose: false, highWaterMark: 1 });
  let gone = false;
  stream.on('error', () => {
    gone = true;
  });
  return {
    write: (text) => gone || stream.write(text) || stream.writableLength === 0,
    writeNow: (text) => writeAll(fd, text),
    onDrain: (listener) => void stream.on('drain', listener),
  };
};
