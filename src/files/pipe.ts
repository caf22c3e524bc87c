import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

const AGAIN_MS = 20;

const writeLine = async (path: string, line: string): Promise<void> => {
  // It may not wait for a reader.
  const pipe = await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
  try {
    await pipe.write(`${line}\n`);
  } finally {
    await pipe.close();
  }
};

/** Writes one line to whoever reads the pipe, and asks again while nobody does; false when nobody did in that time. */
export const tellPipe = async (path: string, line: string, patienceMs: number): Promise<boolean> => {
  const end = performance.now() + patienceMs;
  for (;;) {
    try {
      await writeLine(path, line);
      return true;
    } catch (error) {
      const hasNoReader = (error as NodeJS.ErrnoException).code === 'ENXIO';
      if (!hasNoReader || performance.now() > end) return false;
      await pause(AGAIN_MS);
    }
  }
};
