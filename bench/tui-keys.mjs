import { setTimeout as pause } from 'node:timers/promises';
import { cpuOf } from './processes-of.mjs';
import { inPackage } from './sandbox.mjs';
import { openScreen } from './screen-of.mjs';

/** The screen of Drover as a person starts it, or the baseline, over the swarm of a sandbox. */
export const openView = (box, { columns, rows, line, ink, env: more = {} }) => {
  const env = { ...box.env, COLORTERM: 'truecolor', NODE_ENV: 'production', ...more };
  const argv = ink
    ? [process.execPath, inPackage('bench/ink-view.mjs'), box.paths.logs, ...ink]
    : [inPackage('bin/drover.js')];
  return openScreen(argv, { cwd: box.root, env, columns, rows, line });
};

// Letters that no agent here prints.
const LETTERS = [...'жщюябдфц'];
const CLEAR = '\u0015';
const BETWEEN_MS = 90;

/** Types letters one after the other, and says for each how long it took to the screen, in milliseconds. */
export const echoes = async (view, count) => {
  const times = [];
  for (let i = 0; i < count; i += 1) {
    const letter = LETTERS[i % LETTERS.length];
    if (i % LETTERS.length === 0) {
      view.type(CLEAR);
      await view.until((screen) => !LETTERS.some((one) => screen().includes(one)));
    }
    // Not in step with the frames of the panes.
    await pause(BETWEEN_MS * (0.5 + Math.random()));
    const typed = performance.now();
    view.type(letter);
    times.push((await view.until((screen) => screen().includes(letter))) - typed);
  }
  return times;
};

/** What a view does a second while nobody touches it: CPU of one core in percent, bytes and frames. */
export const doing = async (view, ms) => {
  const group = { view: { root: view.pid } };
  const before = { ...view.seen };
  const cpu = cpuOf(group).view;
  const started = performance.now();
  await pause(ms);
  const seconds = (performance.now() - started) / 1000;
  return {
    cpu_percent: (cpuOf(group).view - cpu) / seconds / 10,
    bytes: (view.seen.bytes - before.bytes) / seconds,
    frames: (view.seen.frames - before.frames) / seconds,
  };
};
