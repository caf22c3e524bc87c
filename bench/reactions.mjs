// How soon Drover does by itself what it promises to do soon: `npm run bench:reactions`.
import { execFileSync } from 'node:child_process';
import { limited, spread } from './figures.mjs';
import { childrenOf } from './processes-of.mjs';
import { runBench } from './run.mjs';
import { inSandbox } from './sandbox.mjs';

const rounds = (quick) => (quick ? 2 : 5);

/** Gives a way to wait for an event that is told from now on: resolves with the time it came. */
const watching = async (box) => {
  const talk = await box.talk();
  return (matches) => new Promise((resolve) => talk.onEvent((event) => matches(event) && resolve(performance.now())));
};

const hanging = async (box, soon, id) => {
  await box.say(`create task "Long rehearse: hang" id=${id}`);
  const working = soon(({ type, data }) => type === 'run.progressed' && data.id === id);
  await box.say(`run task ${id}`);
  await working;
};

const longest = (name, times, limit) => ({
  limits: [limited(`${name}, the longest`, Math.max(...times), limit, 'ms')],
  figures: { ms: spread(times) },
});

/** A prerequisite is done: when what waits for it starts. */
const follow = {
  title: 'the next task after its prerequisite',
  measure: ({ quick }) =>
    inSandbox({ env: { DROVER_REHEARSAL_TASK_MS: '20' } }, async (box) => {
      const soon = await watching(box);
      const times = [];
      for (let i = 0; i < rounds(quick); i += 1) {
        await box.say(`create task First id=a${i}`);
        await box.say(`create task Second id=b${i} deps=a${i}`);
        const done = soon(({ type, data }) => type === 'run.verified' && data.id === `a${i}`);
        const started = soon(({ type, data }) => type === 'run.started' && data.id === `b${i}`);
        await box.say('run all tasks wait=true');
        times.push((await started) - (await done));
      }
      return longest('until it starts', times, 2000);
    }),
};

const agentOf = (box, session) => {
  const pane = Number(
    execFileSync('tmux', ['-u', 'display-message', '-p', '-t', `=${session}:0`, '#{pane_pid}'], {
      env: box.env,
      encoding: 'utf8',
    }),
  );
  return childrenOf(pane)[0] ?? pane;
};

/** An agent is killed: when that is known. */
const crash = {
  title: 'an agent that was killed',
  measure: ({ quick }) =>
    inSandbox({ settings: { agent: 'rehearsal', recovery: { tries: 0 } } }, async (box) => {
      const soon = await watching(box);
      const times = [];
      for (let i = 0; i < rounds(quick); i += 1) {
        const [{ instance_id, session }] = (await box.say('launch 1 instances')).data;
        const known = soon(
          ({ type, data }) => type === 'instance.moved' && data.instance_id === instance_id && data.state === 'failed',
        );
        const killed = performance.now();
        process.kill(agentOf(box, session), 'SIGKILL');
        times.push((await known) - killed);
      }
      return longest('until it is known', times, 5000);
    }),
};

/** An agent that hangs is stopped with grace, its work in progress kept. */
const stop = {
  title: 'a graceful stop',
  measure: ({ quick }) =>
    inSandbox({ env: { DROVER_REHEARSAL_TASK_MS: '20' } }, async (box) => {
      const soon = await watching(box);
      const times = [];
      for (let i = 0; i < rounds(quick); i += 1) {
        await hanging(box, soon, `t${i}`);
        const begun = performance.now();
        await box.say('stop all instances graceful');
        times.push(performance.now() - begun);
      }
      return longest('until it has stopped', times, 10_000);
    }),
};

/** An agent takes more memory than it may: when a person is told. */
const leak = {
  title: 'an agent that takes too much memory',
  measure: () =>
    inSandbox({ settings: { agent: 'rehearsal', resources: { memory_mb: 200, action: 'pause' } } }, async (box) => {
      const soon = await watching(box);
      const about = soon(({ type }) => type === 'usage.measured');
      const told = soon(({ type, data }) => type === 'alert.raised' && data.id.startsWith('memory:'));
      await box.say('create task "Leak rehearse: spend 1; allocate 300MB; hang" id=l1');
      await box.say('run task l1');
      return longest('until it is told', [(await told) - (await about)], 5000);
    }),
};

await runBench('bench:reactions', { follow, crash, stop, leak });
