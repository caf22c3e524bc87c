import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { limited, rounded, spread } from './figures.mjs';
import { hookEnv, restingAgents } from './hook-calls.mjs';
import { cpuOf } from './processes-of.mjs';
import { holdOpen, inPackage, inSandbox } from './sandbox.mjs';

const AGENTS = 60;
/** 300 a minute for each of them. */
const PER_SECOND = 300;
const SAMPLE_MS = 100;
const PATIENCE_MS = 30_000;

/** Leaves messages of all instances at that rate; `told` hears of each turn that begins or ends. Resolves with the rate. */
const flood = async (box, ids, { seconds, told }) => {
  const args = [inPackage('bench/flood.pl'), box.paths.spool, PER_SECOND, seconds];
  const child = spawn('perl', args.map(String), { stdio: ['pipe', 'pipe', 'inherit'] });
  const release = holdOpen({ close: async () => void child.kill() });
  child.stdin.end(ids.map((id) => `${id} ${hookEnv(box, id).DROVER_TOKEN}\n`).join(''));
  let rate = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [at, id, state] = line.split(' ');
    if (at === 'end') rate = Number(id);
    else told({ at: Number(at), id, state });
  }
  release();
  return rate;
};

const waiting = ({ paths }) =>
  readdirSync(paths.spool, { recursive: true }).filter((name) => /\.(?:json|hook)$/u.test(name)).length;

/** When the daemon told that an instance began or ended a turn. */
const turnsOf = async (box) => {
  const seen = [];
  (await box.talk()).onEvent(({ type, data }) => {
    if (type === 'instance.moved') seen.push({ at: Date.now(), id: data.instance_id, state: data.state });
  });
  return seen;
};

/** How long it took until each was known; what was never told of is beyond any limit. */
const lags = (calls, seen) =>
  calls.map(({ at, id, state }) => {
    const news = seen.find((one) => one.id === id && one.state === state && one.at >= at);
    return news ? news.at - at : PATIENCE_MS;
  });

/** Sixty agents whose hooks are called five times a second each: whether the daemon keeps up, and what that costs it. */
export const many = {
  title: `${AGENTS} agents with 300 calls of the hook a minute each`,
  measure: ({ quick }) =>
    inSandbox({ settings: restingAgents(AGENTS), files: { 'README.md': 'rests\n' } }, async (box) => {
      const { data } = await box.say(`launch ${AGENTS} instances agent=rehearsal`);
      const ids = data.map((one) => one.instance_id);
      const daemon = { root: (await box.say('status daemon')).data.pid };
      const seen = await turnsOf(box);
      const calls = [];
      let backlog = 0;
      const timer = setInterval(() => (backlog = Math.max(backlog, waiting(box))), SAMPLE_MS);
      const [before, started] = [cpuOf({ daemon }).daemon, performance.now()];
      const rate = await flood(box, ids, { seconds: quick ? 5 : 20, told: (one) => void calls.push(one) });
      const used = (cpuOf({ daemon }).daemon - before) / ((performance.now() - started) / 100);
      for (const end = performance.now() + PATIENCE_MS; waiting(box) > 0 && performance.now() < end; ) await pause(50);
      clearInterval(timer);
      // What was recorded is told before the answer to what is asked later.
      const { state } = (await box.say('status swarm detailed')).data;
      const lag = lags(calls, seen);
      const last = new Map(calls.map((one) => [one.id, one.state]));
      const wrong = ids.filter((id) => state.instances[id].state.kind !== last.get(id)).length;
      return {
        limits: [
          limited('until a turn that begins or ends is known, p95', spread(lag).p95, 200, 'ms'),
          limited('agents whose last word is not known in the end', wrong, 0, 'agents'),
          limited('messages that are left in the end', waiting(box), 0, 'files'),
        ],
        figures: {
          ...{ calls_a_second: rate, wanted_a_second: PER_SECOND, lag_ms: spread(lag, 0) },
          ...{ most_messages_waiting: backlog, daemon_percent_of_one_core: rounded(used, 1) },
        },
      };
    }),
};
