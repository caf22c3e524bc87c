import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 10_000;

// Runs inside the measured program: at the signal it collects twice and writes down what is still alive.
const probe = (file) => `
import { writeFileSync, renameSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('SIGUSR2', () => {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  writeFileSync(${JSON.stringify(`${file}.new`)}, String(heapUsed + external));
  renameSync(${JSON.stringify(`${file}.new`)}, ${JSON.stringify(file)});
});`;

/** A Node program started with these variables can be asked for the bytes that live on its heap after a collection. */
export const liveHeapIn = (folder) => {
  const file = join(folder, 'live-heap');
  const code = `data:text/javascript,${encodeURIComponent(probe(file))}`;
  return {
    env: { NODE_OPTIONS: `--import=${code}` },
    /** Megabytes; throws when the program does not answer. */
    of: async (pid) => {
      rmSync(file, { force: true });
      process.kill(pid, 'SIGUSR2');
      for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await pause(20)) {
        try {
          return Number(readFileSync(file, 'utf8')) / 1e6;
        } catch {
          // It has not answered yet.
        }
      }
      throw new Error(`process ${pid} did not tell its heap`);
    },
  };
};
