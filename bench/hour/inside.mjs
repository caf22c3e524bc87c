// Loaded into daemons before their own code, by NODE_OPTIONS: at the signal SIGUSR2 a daemon writes down how late its event
// loop was since the last time, and what lives on its heap after a collection.
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const RESOLUTION_MS = 20;

if (/\/daemon\/main\.js$/u.test(process.argv[1] ?? '')) {
  const file = `${process.env.TMPDIR}/inside.json`;
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const late = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  process.on('SIGUSR2', () => {
    const lag = { p99: late(delay.percentile(99)), max: late(delay.max) };
    collect();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    writeFileSync(`${file}.new`, JSON.stringify({ lag, live: heapUsed + external }));
    renameSync(`${file}.new`, file);
    // The collection itself is no lag of the daemon's.
    delay.reset();
  });
}
