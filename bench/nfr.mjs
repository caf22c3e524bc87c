// The numbers that Drover must keep whatever is built into it, as one table: `npm run bench:nfr`. Exit 1 on any miss.

import { makeHistory } from './hour/history.mjs';
import { limited, quantile, rounded, spread } from './figures.mjs';
import { allEnded, planFiles } from './plan-files.mjs';
import { childrenOf, rssOf } from './processes-of.mjs';
import { runBench } from './run.mjs';
import { inSandbox } from './sandbox.mjs';
import { openView } from './tui-keys.mjs';

const COUNT = 10;
const TASKS = 10_000;
const SIZE = { columns: 200, rows: 60 };

const stateOf = async (box) => (await box.say('status swarm detailed')).data.state;

/** Ten instances work through a plan; how many of them were at work in the same moment. */
const instances = {
  title: `${COUNT} instances at work on one plan`,
  measure: ({ quick }) =>
    inSandbox(
      { files: planFiles(), env: { DROVER_REHEARSAL_TASK_MS: quick ? '300..600' : '800..1500' } },
      async (box) => {
        await box.say('import spec ".kiro/specs/spec" policy=siblings barrier=false');
        await box.say(`launch ${COUNT} instances agent=rehearsal`);
        const talk = await box.talk();
        const open = Object.values((await stateOf(box)).tasks).filter(({ state }) => state !== 'done').length;
        let most = 0;
        const working = new Set();
        talk.onEvent(({ type, data }) => {
          if (type !== 'instance.moved') return;
          if (data.state === 'working') working.add(data.instance_id);
          else working.delete(data.instance_id);
          most = Math.max(most, working.size);
        });
        await Promise.all([allEnded(talk, open), box.say('run all tasks')]);
        const after = await stateOf(box);
        const done = Object.values(after.tasks).filter(({ state }) => state === 'done').length;
        if (done < Object.keys(after.tasks).length) throw new Error(`only ${done} tasks got done`);
        return {
          limits: [{ name: 'instances at work at once', value: most, limit: 5, unit: 'or more', ok: most >= 5 }],
          figures: { most_at_work: most, tasks_done: done },
        };
      },
    ),
};

/** From an event, as another client gets it, to the screen. */
const updates = {
  title: `a change on the screen of ${COUNT} instances`,
  measure: ({ quick }) =>
    inSandbox({}, async (box) => {
      await box.say(`launch ${COUNT} instances agent=rehearsal`);
      const view = openView(box, SIZE);
      try {
        await view.until((screen) => screen().includes('❯'));
        const times = [];
        for (let n = 1; n <= (quick ? 10 : 40); n += 1) {
          const begun = performance.now();
          const shown = view.until((screen) => screen().includes(`◇ ${n} ready`));
          await box.say(`create task "Task ${n}"`);
          times.push((await shown) - begun);
        }
        return {
          limits: [limited('from a command to the screen, the longest', Math.max(...times), 1000, 'ms')],
          figures: { change_to_screen_ms: spread(times) },
        };
      } finally {
        await view.close();
      }
    }),
};

/** Commands that change the state, each answered when it is on the disk, while all instances are there. */
const store = {
  title: 'operations of the store',
  measure: ({ quick }) =>
    inSandbox({}, async (box) => {
      await box.say(`launch ${COUNT} instances agent=rehearsal`);
      await box.say('create task "Measured" id=t-1');
      const times = [];
      for (let i = 0; i < (quick ? 100 : 1000); i += 1) {
        const begun = performance.now();
        await box.say(i % 2 === 0 ? `set task t-1 priority=${i % 4 === 0 ? 'high' : 'low'}` : 'show task t-1');
        times.push(performance.now() - begun);
      }
      return {
        limits: [limited('an operation, p99', quantile(times, 0.99), 100, 'ms')],
        figures: { operation_ms: spread(times) },
      };
    }),
};

/** All processes of Drover together: the daemon, its broker, the screen. */
const overhead = {
  title: `memory of everything that is Drover's with ${COUNT} instances on the screen`,
  measure: () =>
    inSandbox({}, async (box) => {
      await box.say(`launch ${COUNT} instances agent=rehearsal`);
      const view = openView(box, SIZE);
      try {
        await view.until((screen) => screen().includes(`rehearsal-${COUNT}`));
        const { pid } = (await box.say('status daemon')).data;
        const parts = [pid, ...childrenOf(pid), view.pid].map((one) => rounded(rssOf(one), 1));
        const whole = parts.reduce((sum, one) => sum + one, 0);
        return { limits: [limited('resident memory', whole, 500, 'MB')], figures: { parts_mb: parts } };
      } finally {
        await view.close();
      }
    }),
};

/** From the first command in a repository, with no daemon there, to its answer. */
const ready = {
  title: 'start from nothing',
  measure: ({ quick }) =>
    inSandbox({}, async (box) => {
      const times = [];
      for (let i = 0; i < (quick ? 2 : 8); i += 1) {
        times.push((await box.cli('status')).ms);
        await box.talk();
        await box.endDaemon();
      }
      return {
        limits: [limited('ready, the longest', Math.max(...times), 10_000, 'ms')],
        figures: { ready_ms: spread(times) },
      };
    }),
};

/** The same where ten agents live, and there are many tasks of the past. */
const readyLarge = {
  title: `start with ${COUNT} live sessions and ${TASKS} tasks`,
  measure: ({ quick }) =>
    inSandbox({}, async (box) => {
      await makeHistory(box, { tasks: quick ? TASKS / 10 : TASKS, instances: COUNT, events: 0 });
      await box.say(`launch ${COUNT} instances agent=rehearsal`);
      const times = [];
      for (let i = 0; i < (quick ? 1 : 4); i += 1) {
        await box.endDaemon();
        times.push((await box.cli('status')).ms);
        await box.talk();
      }
      return {
        limits: [limited('ready with sessions and tasks, the longest', Math.max(...times), 10_000, 'ms')],
        figures: { ready_ms: spread(times) },
      };
    }),
};

await runBench(
  'bench:nfr',
  { instances, updates, store, overhead, ready, 'ready-large': readyLarge },
  { assert: true },
);
