// A daemon with a past over an hour of work, looked at every minute: `npm run bench:hour [-- --minutes N]`; with `--kill-every 10m`
// one daemon after the other is killed meanwhile, and what counts is how available they were.
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { limited, median, quantile, rounded } from './figures.mjs';
import { makeHistory } from './hour/history.mjs';
import { availabilityOf, daemonIn, openKiller } from './hour/kills.mjs';
import { openWork } from './hour/work.mjs';
import { cpuOf, rssOf } from './processes-of.mjs';
import { runBench } from './run.mjs';
import { inPackage, inSandbox } from './sandbox.mjs';

const TASKS = 1000;
const INSTANCES = 60;
const AGENTS = 3;
/** Nine segments are full, so that old ones are packed while it is looked at. */
const EVENTS = 94_000;
const TASK_MS = '12000..20000';
/** Looks that are left out at first, as a share: what is compiled, cached and filled once is no growth. */
const WARM = 1 / 4;
/** What memory may grow by: MB, or the share of what it was, whichever is more. */
const GROWTH_MB = 10;
const GROWTH = 0.05;
/** As many plain segments as there may be: nine, and the one that is about to be packed. */
const PLAIN = 10;
const PATIENCE_MS = 10_000;

const megabytes = (bytes) => bytes / 1024 / 1024;

/** Bytes of a file, or of all files of a folder; what goes while it is looked at counts nothing. */
const bytesOf = (path) => {
  try {
    const found = statSync(path);
    if (!found.isDirectory()) return found.size;
    return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
  } catch {
    return 0;
  }
};

const kindOf = (name) => (/\.(?:jsonl\.gz|jsonl|snapshot\.json)$/u.exec(name) ?? ['other'])[0].replace(/^\./u, '');

/** The files of the journal by their kinds: how many, and how many bytes. */
const journalOf = (folder) => {
  const kinds = Object.groupBy(readdirSync(folder), kindOf);
  return Object.fromEntries(
    Object.entries(kinds).map(([kind, names]) => [
      kind,
      { files: names.length, bytes: names.reduce((sum, name) => sum + bytesOf(join(folder, name)), 0) },
    ]),
  );
};

/** What the daemon tells of itself: see hour/inside.mjs. */
const insideOf = async (box, pid) => {
  const file = join(box.folder, 'inside.json');
  rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await pause(20)) {
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      // It has not answered yet.
    }
  }
  throw new Error(`process ${pid} did not tell its heap`);
};

/** One look at the daemon, its resident memory before it is asked to collect. */
const look = async (box, { pid, tmux, work, began }) => {
  const resident_mb = rssOf(pid);
  const cpu = cpuOf({ daemon: { root: pid, without: [tmux] } }).daemon;
  const { state } = box.paths;
  const folders = Object.fromEntries(readdirSync(state).map((name) => [name, bytesOf(join(state, name))]));
  const { live, lag } = await insideOf(box, pid);
  return {
    minute: rounded((performance.now() - began) / 60_000, 1),
    ...{ resident_mb: rounded(resident_mb, 1), live_mb: rounded(live / 1e6) },
    ...{ journal_mb: rounded(megabytes(folders.journal)), state_mb: rounded(megabytes(bytesOf(state))) },
    ...{ events: work.state().seq, tasks_done: work.isDone(), open_files: readdirSync(`/proc/${pid}/fd`).length },
    ...{ lag_p99_ms: rounded(lag.p99, 1), lag_max_ms: rounded(lag.max, 1), cpu_ms: cpu },
    ...{ journal: journalOf(box.paths.journal), folders },
  };
};

const line = ({ minute, resident_mb, live_mb, journal_mb, state_mb, events, tasks_done, open_files, lag_p99_ms }) =>
  `${String(minute).padStart(5)} min  resident ${resident_mb} MB  live ${live_mb} MB  journal ${journal_mb} MB  state ${state_mb} MB  ${events} events  ${tasks_done} done  ${open_files} files  lag ${lag_p99_ms} ms\n`;

/** The median of all slopes between two looks, in units an hour: one look that is far off does not move it. */
const slopeOf = (looks, value) =>
  median(
    looks.flatMap((one, at) =>
      looks.slice(at + 1).map((other) => ((value(other) - value(one)) / (other.minute - one.minute)) * 60),
    ),
  );

/** What the last third of the looks has more than the first. */
const growthOf = (looks, value) => {
  const third = Math.ceil(looks.length / 3);
  const first = median(looks.slice(0, third).map(value));
  return { first, growth: median(looks.slice(-third).map(value)) - first };
};

const memoryLimit = (name, looks, value) => {
  const { first, growth } = growthOf(looks, value);
  return limited(`${name}, last third over the first`, growth, rounded(Math.max(GROWTH_MB, first * GROWTH)), 'MB');
};

/**
 * The journal against what is promised of it: ten plain segments of 10,000 events as they are written here, what is packed, and
 * two states beside it. What is left lying around makes it more.
 */
const againstPromise = ({ journal, journal_mb }) => {
  const { jsonl, 'jsonl.gz': packed, 'snapshot.json': snapshot } = journal;
  const promised = PLAIN * (jsonl.bytes / (jsonl.files - 1)) + (packed?.bytes ?? 0);
  const state = snapshot ? (2 * snapshot.bytes) / snapshot.files : 0;
  return journal_mb / megabytes(promised + state);
};

const judge = (looks) => {
  const warm = looks.slice(Math.floor(looks.length * WARM));
  return [
    memoryLimit('resident memory', warm, ({ resident_mb }) => resident_mb),
    memoryLimit('live heap', warm, ({ live_mb }) => live_mb),
    limited('open files, last third over the first', growthOf(warm, ({ open_files }) => open_files).growth, 2, 'files'),
    limited(
      'segments that are not packed, the most',
      Math.max(...looks.map(({ journal }) => journal.jsonl.files)),
      PLAIN,
      'segments',
    ),
    limited('the journal against what is promised, the most', Math.max(...looks.map(againstPromise)), 1, 'x'),
  ];
};

const figuresOf = (looks, { counts, ms }) => {
  const [first, last] = [looks[0], looks.at(-1)];
  const half = looks.slice(Math.floor(looks.length / 2));
  const grown = Object.entries(last.folders)
    .map(([name, bytes]) => [name, rounded(megabytes(bytes - (first.folders[name] ?? 0)), 3)])
    .filter(([, mb]) => mb !== 0);
  return {
    ...{ ...counts, tasks_done: last.tasks_done, events: last.events - first.events },
    cpu_percent: rounded(((last.cpu_ms - first.cpu_ms) / ms) * 100, 1),
    resident_mb: {
      first: first.resident_mb,
      last: last.resident_mb,
      most: Math.max(...looks.map((one) => one.resident_mb)),
    },
    live_mb: { first: first.live_mb, last: last.live_mb },
    second_half_an_hour: {
      resident_mb: rounded(slopeOf(half, (one) => one.resident_mb)),
      live_mb: rounded(slopeOf(half, (one) => one.live_mb)),
    },
    open_files: { first: first.open_files, last: last.open_files },
    lag_p99_ms: rounded(
      quantile(
        looks.map((one) => one.lag_p99_ms),
        0.5,
      ),
      1,
    ),
    lag_max_ms: Math.max(...looks.map((one) => one.lag_max_ms)),
    grown_mb: Object.fromEntries(grown),
    looks,
  };
};

const settings = { agent: 'rehearsal', limits: { maxInstances: 100 } };

const env = {
  DROVER_REHEARSAL_TASK_MS: TASK_MS,
  NODE_OPTIONS: `--import ${inPackage('bench/hour/inside.mjs')}`,
};

/** Lets a daemon with a past be worked with, and does something about it meanwhile. */
const atWork = (patient, watch) =>
  inSandbox({ settings, env }, async (box) => {
    await makeHistory(box, { tasks: TASKS, instances: INSTANCES - AGENTS, events: EVENTS });
    await box.say(`launch ${AGENTS} instances agent=rehearsal`);
    return watch(box, await openWork(box, { agents: AGENTS, tasks: TASKS, patient }));
  });

/** Looks at the daemon until the minutes are over. */
const lookOn = async (box, work, minutes) => {
  const tmux = Number(box.tmux('display-message', '-p', '#{pid}'));
  const { pid } = (await box.say('status daemon')).data;
  const every = Math.min(60_000, (minutes * 60_000) / 12);
  const began = performance.now();
  const looks = [];
  while (performance.now() - began < minutes * 60_000) {
    await pause(every);
    work.check();
    looks.push(await look(box, { pid, tmux, work, began }));
    process.stderr.write(line(looks.at(-1)));
  }
  return looks;
};

const untilClosed = async (work, doing) => {
  try {
    return await doing();
  } finally {
    await work.close();
  }
};

/** An hour in which nothing happens to the daemon. */
const calm = (minutes) =>
  atWork(false, async (box, work) => {
    const looks = await untilClosed(work, () => lookOn(box, work, minutes));
    const ms = (looks.at(-1).minute - looks[0].minute) * 60_000;
    return { limits: judge(looks), figures: figuresOf(looks, { counts: work.counts, ms }) };
  });

/** An hour in which the daemon is killed again and again: who works with it waits for the next one. */
const killed = (minutes, every) =>
  atWork(true, async (box, work) => {
    const began = Date.now();
    const killer = openKiller(box, every);
    await untilClosed(work, async () => {
      for (const end = performance.now() + minutes * 60_000; performance.now() < end; await pause(1000)) work.check();
      await killer.close();
      for (const end = performance.now() + PATIENCE_MS; daemonIn(box) === undefined && performance.now() < end; )
        await pause(20);
    });
    const { limits, figures } = await availabilityOf(box, began);
    return { limits, figures: { kills: killer.kills(), ...work.counts, tasks_done: work.isDone(), ...figures } };
  });

const hour = {
  title: `${TASKS} tasks and ${INSTANCES} instances of the past, ${AGENTS} agents and five clients at work`,
  measure: ({ quick, minutes = quick ? 1 : 60, killEvery }) =>
    killEvery === undefined ? calm(minutes) : killed(minutes, killEvery),
};

await runBench('bench:hour', { hour });
