import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { limited, rounded, spread } from './figures.mjs';
import { cpuOf } from './processes-of.mjs';
import { inSandbox } from './sandbox.mjs';

/** Between two edits, as agents make them: one does not save a file more often than every few seconds. */
const REST_MS = 1000;
const EVERY_MS = 5000;

const around = 'line\n'.repeat(10);
const lines = (text) => `${around}${text}\n${around}`;
const project = Object.fromEntries(
  Array.from({ length: 250 }, (_, i) => [`src/part-${i % 20}/file-${i}.txt`, lines('x')]),
);
const fileOf = (n) => `src/part-${n % 20}/file-${n}.txt`;

const at = (box, n, path) => join(box.paths.worktrees, `rehearsal-${n}`, path);

const launch = async (box, count) => {
  await box.say(`launch ${count} instances`);
  const deadline = performance.now() + 60_000;
  // All worktrees are followed when all of them were looked at.
  while (performance.now() < deadline) {
    const { data } = await box.say('integrate check');
    if (data.unseen.length === 0 && data.sides.length === count + 1) return;
    await pause(200);
  }
  throw new Error('not all worktrees were looked at');
};

/** From an uncommitted edit until the event that tells of the conflict is with a client. */
const latencies = async (box, count, edits) => {
  // The first agent changes each of the files that another one is going to change.
  for (let n = 2; n <= count; n += 1) writeFileSync(at(box, 1, fileOf(n)), lines('by the first'));
  const waiting = new Map();
  (await box.talk()).onEvent(({ type, data }) => waiting.get(`${type} ${data.id}`)?.(performance.now()));
  const told = (type, n) => {
    const { promise, resolve } = Promise.withResolvers();
    waiting.set(`conflict.${type} ${[`rehearsal-1`, `rehearsal-${n}`].join('/')}`, resolve);
    return promise;
  };
  const taken = [];
  for (let i = 0; i < edits; i += 1) {
    const n = 2 + (i % (count - 1));
    await pause(REST_MS);
    const begun = told('predicted', n);
    const started = performance.now();
    writeFileSync(at(box, n, fileOf(n)), lines(`by ${n}`));
    taken.push((await begun) - started);
    await pause(REST_MS);
    const over = told('ended', n);
    writeFileSync(at(box, n, fileOf(n)), lines('x'));
    await over;
  }
  return taken;
};

/** CPU that the daemon and its git take in percent of a core, while agents save files or rest. */
const load = async (box, count, ms, isBusy) => {
  const { pid } = (await box.say('status daemon')).data;
  const begun = performance.now();
  const before = cpuOf({ daemon: { root: pid } }).daemon;
  for (let i = 0; performance.now() - begun < ms; i += 1) {
    const n = 1 + (i % count);
    if (isBusy) writeFileSync(at(box, n, fileOf(100 + n)), lines(`edit ${i}`));
    await pause(EVERY_MS / count);
  }
  const used = cpuOf({ daemon: { root: pid } }).daemon - before;
  return (100 * used) / (performance.now() - begun);
};

const settings = (count) => ({
  ...{ agent: 'rehearsal', limits: { maxInstances: count } },
  timeouts: { start_ms: 600_000 },
});

/** Conflicts that are foreseen: how soon, and for how much of a core. */
export const radar = {
  title: 'from an uncommitted edit to the report of its conflict, and what following the worktrees costs',
  measure: async ({ quick }) => {
    const ten = await inSandbox({ settings: settings(10), files: project }, async (box) => {
      await launch(box, 10);
      const taken = await latencies(box, 10, quick ? 5 : 40);
      const idle = await load(box, 10, quick ? 5000 : 30_000, false);
      return { taken, idle, busy: await load(box, 10, quick ? 5000 : 60_000, true) };
    });
    const many = quick ? 15 : 50;
    const fifty = await inSandbox({ settings: settings(many), files: project }, async (box) => {
      await launch(box, many);
      return latencies(box, many, quick ? 5 : 40);
    });
    const [few, more] = [spread(ten.taken, 0), spread(fifty, 0)];
    return {
      limits: [
        limited('report of a conflict, 10 worktrees, p95', few.p95, 200, 'ms'),
        limited(`report of a conflict, ${many} worktrees, p95`, more.p95, 1000, 'ms'),
        limited('CPU for edits of 10 agents, each every 5 s, above rest', ten.busy - ten.idle, 5, '% of a core'),
      ],
      figures: { ten: few, many: more, idle_percent: rounded(ten.idle), busy_percent: rounded(ten.busy) },
    };
  },
};
