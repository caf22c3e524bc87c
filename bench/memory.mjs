import { limited, rounded } from './figures.mjs';
import { allEnded, planFiles } from './plan-files.mjs';
import { childrenOf, rssOf, runs } from './processes-of.mjs';
import { inSandbox } from './sandbox.mjs';

const COUNT = 10;
const EVERY_MS = 200;

/** The daemon's resident memory while its instances work through a whole plan. */
export const memory = {
  title: `memory of the daemon with ${COUNT} instances that work through a plan`,
  measure: ({ quick }) =>
    inSandbox(
      { files: planFiles(), env: { DROVER_REHEARSAL_TASK_MS: quick ? '50..100' : '500..1500' } },
      async (box) => {
        const { pid } = (await box.say('status daemon')).data;
        const [broker] = childrenOf(pid);
        const start = rssOf(pid);
        const { data } = await box.say('import spec ".kiro/specs/spec"');
        await box.say(`launch ${COUNT} instances agent=rehearsal`);
        const launched = rssOf(pid);
        const samples = [launched];
        const talk = await box.talk();
        const { state } = (await box.say('status swarm detailed')).data;
        const open = Object.values(state.tasks).filter((task) => task.state !== 'done').length;
        const timer = setInterval(() => runs(pid) && samples.push(rssOf(pid)), EVERY_MS);
        await Promise.all([allEnded(talk, open), box.say('run all tasks')]).finally(() => clearInterval(timer));
        return {
          limits: [limited('resident memory of the daemon, the most', Math.max(...samples), 150, 'MB')],
          figures: {
            ...{ start_mb: rounded(start, 1), launched_mb: rounded(launched, 1) },
            most_mb: rounded(Math.max(...samples), 1),
            end_mb: rounded(rssOf(pid), 1),
            broker_mb: rounded(rssOf(broker), 1),
            tasks: Array.isArray(data.tasks) ? data.tasks.length : data.tasks,
          },
        };
      },
    ),
};
