import { setTimeout as pause } from 'node:timers/promises';
import { inBusySwarm, LINES } from './busy.mjs';
import { limited, quantile, rounded, spread } from './figures.mjs';
import { doing, echoes, openView } from './tui-keys.mjs';

const SETTLE_MS = 2000;

const told = (figures) => ({
  cpu_percent: rounded(figures.cpu_percent, 1),
  kbytes_per_second: rounded(figures.bytes / 1000, 1),
  frames_per_second: rounded(figures.frames, 1),
});

/** Keys and frames of one view over busy panes. */
const measureView = async (box, options, { keys, ms }) => {
  const view = openView(box, options);
  try {
    await view.until((screen) => screen().includes('#'));
    await pause(SETTLE_MS);
    const doings = await doing(view, ms);
    return { doings, echo: await echoes(view, keys) };
  } finally {
    await view.close();
  }
};

/** Drover and the baseline in turns, there and back again, so that a machine that gets busier favours none. */
const compared = async (box, ids, size, amount) => {
  const drover = [];
  const ink = [];
  const there = [
    [drover, undefined],
    [ink, ids],
  ];
  for (const [into, of] of amount.once ? there : [...there, ...there.toReversed()])
    into.push(await measureView(box, { ...size, ink: of }, amount));
  const joined = (runs) => ({
    echo: runs.flatMap((run) => run.echo),
    doings: Object.fromEntries(
      ['cpu_percent', 'bytes', 'frames'].map((key) => [
        key,
        runs.reduce((sum, run) => sum + run.doings[key], 0) / runs.length,
      ]),
    ),
  });
  return { drover: joined(drover), ink: joined(ink) };
};

const figuresOf = ({ drover, ink }) => ({
  echo_ms: spread(drover.echo),
  ...told(drover.doings),
  plain_ink: { echo_ms: spread(ink.echo), ...told(ink.doings) },
  echo_p95_against_ink: rounded(quantile(drover.echo, 0.95) / quantile(ink.echo, 0.95), 3),
  cpu_against_ink: rounded(drover.doings.cpu_percent / ink.doings.cpu_percent, 3),
  bytes_against_ink: rounded(drover.doings.bytes / ink.doings.bytes, 3),
});

const busyAt = (count, size, { echo, cpu }, lines = LINES) => ({
  title: `${count} panes at ${lines} lines a second on ${size.columns}×${size.rows}`,
  measure: ({ quick }) =>
    inBusySwarm(
      count,
      async ({ box, instances }) => {
        const ids = instances.map((one) => one.instance_id);
        const amount = quick ? { keys: 16, ms: 2000, once: true } : { keys: 104, ms: 8000, once: false };
        const seen = await compared(box, ids, size, amount);
        const limits = [
          ...(echo ? [limited('from a key to its echo, p95', quantile(seen.drover.echo, 0.95), echo, 'ms')] : []),
          ...(cpu ? [limited('CPU of the screen, of one core', seen.drover.doings.cpu_percent, cpu, '%')] : []),
          ...(echo === 16
            ? [limited('time between two frames', 1000 / Math.max(0.1, seen.drover.doings.frames), 1000 / 30, 'ms')]
            : []),
        ];
        return { limits, figures: { panes: count, lines_per_second_each: lines, ...figuresOf(seen) } };
      },
      false,
      lines,
    ),
});

export const busy = busyAt(10, { columns: 200, rows: 60 }, { echo: 16, cpu: 25 });
/** Printed beside it: what there is no promise for. */
export const crowd = busyAt(20, { columns: 300, rows: 80 }, {});
export const flood = busyAt(10, { columns: 200, rows: 60 }, { echo: 100, cpu: 50 }, 200);
