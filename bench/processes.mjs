import { setTimeout as pause } from 'node:timers/promises';
import { inBusySwarm } from './busy.mjs';
import { limited, rounded } from './figures.mjs';
import { inSandbox } from './sandbox.mjs';

const LONG = '3600000..3600000';
/** About one call a second: a little more is room for what has nothing to do with the number of instances. */
const PER_MINUTE = 66;
const SETTLE_MS = 2000;
const PATIENCE_MS = 60_000;

const statesOf = async (box) =>
  Object.values((await box.say('status swarm detailed')).data.state.instances).map((one) => one.state.kind);

const until = async (box, condition) => {
  for (const deadline = performance.now() + PATIENCE_MS; !condition(await statesOf(box)); await pause(200))
    if (performance.now() > deadline) throw new Error('the instances did not get to work');
};

/** Instances of the rehearsal agent, each at work on a task of its own that takes longer than we look. */
const inWorkingSwarm = (count, work) =>
  inSandbox({ settings: { limits: { maxInstances: count } }, env: { DROVER_REHEARSAL_TASK_MS: LONG } }, async (box) => {
    for (let i = 1; i <= count; i += 1) await box.say(`create task "Long work ${i}"`);
    await box.say(`launch ${count} instances agent=rehearsal`);
    await box.say('run all tasks');
    await until(box, (kinds) => kinds.filter((kind) => kind === 'working').length === count);
    return work(box);
  });

const startedBy = async (box) => (await box.say('status daemon')).data.processes_started;

const perMinute = async (box, ms) => {
  await pause(SETTLE_MS);
  const started = performance.now();
  const before = await startedBy(box);
  await pause(ms);
  const count = (await startedBy(box)) - before;
  return rounded(count / ((performance.now() - started) / 60_000), 1);
};

/** What a daemon starts while nothing changes, by the number of its instances. */
export const processes = {
  title: 'processes that a daemon starts a minute with 5 and with 20 instances at work',
  measure: async ({ quick }) => {
    const count = (box) => perMinute(box, quick ? 5000 : 60_000);
    // Counting is not disturbed by the others: all at the same time.
    const counts = [inWorkingSwarm(5, count), inWorkingSwarm(20, count), inBusySwarm(5, ({ box }) => count(box), true)];
    // Should one fail the others are still put away before the next measurement begins.
    await Promise.allSettled(counts);
    const [five, twenty, screens] = await Promise.all(counts);
    return {
      limits: [
        limited('5 instances at work', five, PER_MINUTE, 'a minute'),
        limited('20 instances at work', twenty, PER_MINUTE, 'a minute'),
        limited('5 agents that are read from their screens', screens, PER_MINUTE, 'a minute'),
      ],
      figures: { five, twenty, read_from_screens: screens, twenty_against_five: rounded(twenty / five) },
    };
  },
};
