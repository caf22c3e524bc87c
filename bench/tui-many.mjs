import { setTimeout as pause } from 'node:timers/promises';
import { limited, quantile, rounded, spread } from './figures.mjs';
import { cpuOf, memoryIn, rssOf } from './processes-of.mjs';
import { inPackage, inSandbox } from './sandbox.mjs';
import { openScreen } from './screen-of.mjs';
import { doing, echoes, openView } from './tui-keys.mjs';

const LARGE = { columns: 300, rows: 80 };
const MANY = 60;
const FEW = 10;
/** Tasks for each agent: enough that all of them are at work as long as it is measured. */
const TASKS_EACH = 3;
/** How long the screen is waited for to say that all of them are done. */
const DONE_WITHIN_MS = 300_000;

/** Works with so many rehearsal agents and the screen over them; `taskMs` is how long a task of theirs takes. */
const watched = (count, { size = LARGE, taskMs = 60_000 }, work) =>
  inSandbox(
    {
      settings: { agent: 'rehearsal', limits: { maxInstances: 100 } },
      env: { DROVER_REHEARSAL_TASK_MS: String(taskMs) },
    },
    async (box) => {
      const started = performance.now();
      await box.say(`launch ${count} instances agent=rehearsal`);
      const launchMs = performance.now() - started;
      const view = openView(box, size);
      try {
        await view.until((screen) => screen().includes(`○ ${count} idle`));
        const daemon = (await box.say('status daemon')).data.pid;
        return await work({ box, view, daemon, launchMs });
      } finally {
        await view.close();
      }
    },
  );

/**
 * Echoes of a view, and between them those of a program that only echoes: sixty agents on few processors let anybody wait. So many
 * rounds of eight letters each.
 */
const echoesBeside = async (box, view, rounds) => {
  const other = openScreen([process.execPath, inPackage('bench/bare-echo.mjs')], {
    ...{ cwd: box.root, env: box.env, ...LARGE },
  });
  const [echo, bare] = [[], []];
  try {
    for (let round = 0; round < rounds; round += 1) {
      echo.push(...(await echoes(view, 8)));
      bare.push(...(await echoes(other, 8)));
    }
  } finally {
    await other.close();
  }
  return { echo, bare };
};

export const many = {
  title: `${MANY} agents at work on ${LARGE.columns}×${LARGE.rows}`,
  measure: ({ quick }) =>
    watched(MANY, { taskMs: quick ? 10_000 : 20_000 }, async ({ box, view, launchMs }) => {
      const total = MANY * TASKS_EACH;
      for (let n = 1; n <= total; n += 1) await box.say(`create task "Task ${n}" id=t${n}`);
      const asked = performance.now();
      await box.say('run all tasks');
      await view.until((screen) => /● \d\d working/u.test(screen()));
      await pause(2000);
      const doings = await doing(view, quick ? 2000 : 10_000);
      const { echo, bare } = await echoesBeside(box, view, quick ? 2 : 13);
      const resident = rssOf(view.pid);
      const done = await view.until((screen) => screen().includes(` ${total}/${total} `), DONE_WITHIN_MS);
      return {
        limits: [
          limited('from a key to its echo, p95', quantile(echo, 0.95), 10, 'ms'),
          limited('CPU of the screen, of one core', doings.cpu_percent, 25, '%'),
          limited('resident memory of the screen', resident, 250, 'MB'),
        ],
        figures: {
          ...{ agents: MANY, tasks: total, launch_ms: rounded(launchMs, 0), echo_ms: spread(echo) },
          bare_echo_ms: spread(bare),
          ...{ done_ms: rounded(done - asked, 0) },
          ...{ cpu_percent: rounded(doings.cpu_percent, 1), resident_mb: rounded(resident, 1) },
          ...{ kbytes_per_second: rounded(doings.bytes / 1000, 1), frames_per_second: rounded(doings.frames, 1) },
        },
      };
    }),
};

export const still = {
  title: `${MANY} agents that have done nothing for a minute, on ${LARGE.columns}×${LARGE.rows}`,
  measure: ({ quick }) =>
    watched(MANY, {}, async ({ view, daemon }) => {
      // Ages that are told in seconds are something that changes.
      await pause(quick ? 3000 : 65_000);
      const ms = quick ? 5000 : 30_000;
      const group = { daemon: { root: daemon, own: true } };
      const before = cpuOf(group).daemon;
      const doings = await doing(view, ms);
      const percent = ((cpuOf(group).daemon - before) / ms) * 100;
      return {
        limits: [
          limited('CPU of the screen, of one core', doings.cpu_percent, 1, '%'),
          limited('CPU of the daemon, of one core', percent, 1, '%'),
        ],
        figures: {
          ...{ agents: MANY, screen_percent: rounded(doings.cpu_percent), daemon_percent: rounded(percent) },
          bytes_per_second: rounded(doings.bytes, 0),
        },
      };
    }),
};

/** Memory of processes in MB: what all keep resident, where shared pages are in each that shares them, and once. */
const sumOf = (processes) => ({
  processes: processes.length,
  resident_mb: rounded(
    processes.reduce((sum, { resident }) => sum + resident, 0),
    1,
  ),
  shared_once_mb: rounded(
    processes.reduce((sum, { share }) => sum + share, 0),
    1,
  ),
});

/** The agent programs themselves are no part of it: a real one takes what it takes. */
export const together = {
  title: `memory of all that runs for ${FEW} agents and the screen, but for the agents themselves`,
  measure: ({ quick }) =>
    watched(FEW, { size: { columns: 200, rows: 60 } }, async ({ box, view, daemon }) => {
      await pause(quick ? 1000 : 10_000);
      const { instances } = (await box.say('status swarm detailed')).data.state;
      const programs = Object.values(instances).flatMap(({ pid }) => memoryIn(pid));
      const agents = new Set(programs.map(({ pid }) => pid));
      const server = memoryIn(Number(box.tmux('display-message', '-p', '#{pid}')));
      const inPanes = server.filter(({ pid }) => !agents.has(pid));
      const all = [...memoryIn(view.pid), ...memoryIn(daemon), ...inPanes];
      const total = sumOf(all);
      const byName = [...Map.groupBy(all, ({ name }) => name)].map(([name, some]) => [name, sumOf(some)]);
      return {
        limits: [limited('memory of all processes, shared pages once', total.shared_once_mb, 300, 'MB')],
        figures: {
          ...{ panes: FEW, all: total, screen: sumOf(memoryIn(view.pid)), daemon: sumOf(memoryIn(daemon)) },
          ...{ in_panes: sumOf(inPanes), agents: sumOf(programs) },
          by_name: Object.fromEntries(byName),
        },
      };
    }),
};
