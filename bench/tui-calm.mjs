import { setTimeout as pause } from 'node:timers/promises';
import { inBusySwarm, LINES } from './busy.mjs';
import { limited, median, quantile, rounded, spread } from './figures.mjs';
import { liveHeapIn } from './live-heap.mjs';
import { rssOf } from './processes-of.mjs';
import { inSandbox, runToEnd } from './sandbox.mjs';
import { doing, echoes, openView } from './tui-keys.mjs';

const SIZE = { columns: 200, rows: 60 };
const PANES = 10;
const rehearsing = (work) =>
  inSandbox({}, async (box) => {
    const { data } = await box.say(`launch ${PANES} instances agent=rehearsal`);
    return work(
      box,
      data.map((one) => one.instance_id),
    );
  });

const whole = (ids) => (screen) => {
  const text = screen();
  return ids.every((id) => text.includes(id)) && text.includes('❯');
};

/** A line like that of a far hotel: 1 Mbit/s each way, 40 ms there and back. */
const SLOW = { bytesPerSecond: 125_000, delayMs: 20 };

export const slow = {
  title: `${PANES} scrolling panes over a line of 1 Mbit/s with 40 ms round trip`,
  measure: ({ quick }) =>
    inBusySwarm(PANES, async ({ box }) => {
      const view = openView(box, { ...SIZE, line: SLOW });
      try {
        await view.until((screen) => screen().includes('#'));
        await pause(2000);
        const doings = await doing(view, quick ? 2000 : 8000);
        const echo = await echoes(view, quick ? 16 : 104);
        return {
          limits: [limited('from a key to its echo, p95', quantile(echo, 0.95), 150, 'ms')],
          figures: {
            echo_ms: spread(echo),
            kbytes_per_second: rounded(doings.bytes / 1000, 1),
            frames_per_second: rounded(doings.frames, 1),
          },
        };
      } finally {
        await view.close();
      }
    }),
};

export const start = {
  title: `from "drover" to the first full screen with ${PANES} instances`,
  measure: ({ quick }) =>
    rehearsing(async (box, ids) => {
      const times = [];
      const bare = [];
      for (let i = 0; i < (quick ? 2 : 8); i += 1) {
        const begun = performance.now();
        const view = openView(box, SIZE);
        times.push((await view.until(whole(ids))) - begun);
        await view.close();
        bare.push((await runToEnd(process.execPath, ['-e', '0'], box)).ms);
      }
      return {
        limits: [limited('until all panes are there, p95', quantile(times, 0.95), 700, 'ms')],
        figures: { first_screen_ms: spread(times), against_an_empty_node: rounded(median(times) / median(bare)) },
      };
    }),
};

export const state = {
  title: 'from a change of the state to the screen',
  measure: ({ quick }) =>
    rehearsing(async (box, ids) => {
      const view = openView(box, SIZE);
      try {
        await view.until(whole(ids));
        const talk = await box.talk();
        let changed;
        talk.onEvent((event) => {
          if (event.type === 'task.created') changed = performance.now();
        });
        const times = [];
        for (let n = 1; n <= (quick ? 10 : 60); n += 1) {
          const shown = view.until((screen) => screen().includes(`◇ ${n} ready`));
          await box.say(`create task "Task ${n}"`);
          times.push((await shown) - changed);
        }
        return {
          limits: [limited('from the change to the screen, p95', quantile(times, 0.95), 100, 'ms')],
          figures: { change_to_screen_ms: spread(times) },
        };
      } finally {
        await view.close();
      }
    }),
};

export const idle = {
  title: `${PANES} agents that have done nothing for a minute`,
  measure: ({ quick }) =>
    rehearsing(async (box, ids) => {
      const view = openView(box, SIZE);
      try {
        await view.until(whole(ids));
        // Ages that are told in seconds are something that changes.
        await pause(quick ? 3000 : 65_000);
        const { cpu_percent, bytes } = await doing(view, quick ? 5000 : 30_000);
        return {
          limits: [
            limited('CPU of the screen, of one core', cpu_percent, 1, '%'),
            limited('bytes a second', bytes, 200, 'B'),
          ],
          figures: { cpu_percent: rounded(cpu_percent), bytes_per_second: rounded(bytes, 0) },
        };
      } finally {
        await view.close();
      }
    }),
};

const MINUTES = 10;
/** What a process grows by until all of its code has run once. */
const WARM_MS = 60_000;

export const memory = {
  title: `memory of the screen over ${MINUTES} minutes with ${PANES} panes at ${LINES} lines a second`,
  measure: ({ quick }) =>
    inBusySwarm(PANES, async ({ box }) => {
      const heap = liveHeapIn(box.folder);
      const view = openView(box, { ...SIZE, env: heap.env });
      try {
        await view.until((screen) => screen().includes('#'));
        await pause(quick ? 2000 : WARM_MS);
        const series = [];
        const steps = quick ? 4 : MINUTES * 6;
        for (let i = 0; i < steps; i += 1) {
          // What waits to be collected says when the collector last ran: only what lives can leak.
          series.push({ live: await heap.of(view.pid), resident: rssOf(view.pid) });
          await pause(quick ? 500 : 10_000);
        }
        const part = Math.ceil(series.length / 4);
        const quarters = (key) => {
          const values = series.map((sample) => sample[key]);
          return { first: median(values.slice(0, part)), last: median(values.slice(-part)) };
        };
        const [live, resident] = [quarters('live'), quarters('resident')];
        return {
          limits: [limited('live heap of the last quarter against the first', live.last / live.first, 1.1, 'x')],
          figures: {
            ...{ live_mb_at_first: rounded(live.first, 1), live_mb_at_last: rounded(live.last, 1) },
            ...{ resident_mb_at_first: rounded(resident.first, 1), resident_mb_at_last: rounded(resident.last, 1) },
            resident_mb_max: rounded(Math.max(...series.map((sample) => sample.resident)), 1),
          },
        };
      } finally {
        await view.close();
      }
    }),
};
