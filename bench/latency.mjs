import { setTimeout as pause } from 'node:timers/promises';
import { inBusySwarm, LINES } from './busy.mjs';
import { limited, quantile, rounded, spread } from './figures.mjs';
import { openWatcher } from './watcher.mjs';

const PANES = 10;
const POLL_MS = 500;

const agesSeenBy = async (watcher, ms) => {
  await pause(ms);
  return watcher.end();
};

/** From a line written in a pane to the screen that the TUI draws from. */
export const latency = {
  title: `output of ${PANES} busy panes on the way to the screens of the TUI`,
  measure: ({ quick }) =>
    inBusySwarm(PANES, async ({ box, instances }) => {
      const ms = quick ? 3000 : 15_000;
      const ids = instances.map((one) => one.instance_id);
      const panes = instances.map((one) => one.pane);
      const reader = await openWatcher('reader.mjs', [box.paths.logs, 120, 36, 'stamps', ...ids], box);
      const read = await agesSeenBy(reader, ms);
      const poller = await openWatcher('poller.mjs', [POLL_MS, 'stamps', ...panes], box);
      const polled = await agesSeenBy(poller, ms / 2);
      return {
        limits: [limited('from a pane to the TUI’s screen, p95', quantile(read, 0.95), 20, 'ms')],
        figures: {
          panes: PANES,
          lines_per_second_each: LINES,
          lines_seen_of_written: rounded(read.length / ((PANES * LINES * ms) / 1000)),
          screen_ms: spread(read),
          polling_every_500_ms: spread(polled),
          against_polling_p95: rounded(quantile(read, 0.95) / quantile(polled, 0.95), 3),
        },
      };
    }),
};
