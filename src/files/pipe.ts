import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

const AGAIN_MS = 20;

/** Writes the line; false when there is no pipe, but something else of its name. */
const writeLine = async (path: string, line: string): Promise<boolean> => {
  // It may not wait for a reader, nor write where a link in the pipe's place leads.
  const pipe = await open(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    if (!(await pipe.stat()).isFIFO()) return false;
    await pipe.write(`${line}\n`);
    return true;
  } finally {
    await pipe.close();
  }
};

/** Writes one line to whoever reads the pipe, and asks again while nobody does; false when nobody did in that time. */
export const tellPipe = async (path: string, line: string, patienceMs: number): Promise<boolean> => {
  const end = performance.now() + patienceMs;
  for (;;) {
    try {
      return await writeLine(path, line);
    } catch (error) {
      const hasNoReader = (error as NodeJS.ErrnoException).code === 'ENXIO';
      if (!hasNoReader || performance.now() > end) return false;
      await pause(AGAIN_MS);
    }
  }
};
