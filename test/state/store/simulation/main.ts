// Plays many more lives than the tests do, of the store or, with --core, of the whole core of the daemon:
// npm run simulate -- [--core] [--seeds 10000] [--seed 1] [--trace]
import { parseArgs } from 'node:util';
import { playMany } from '../../../daemon/simulation/play-many.ts';
import { simulate } from './simulate.ts';

const { values } = parseArgs({
  options: {
    core: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
    seeds: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
  },
});
const first = Number(values.seed);
const count = Number(values.seeds);

/** So many seeds are played before it is said how many of them failed. */
const AT_ONCE = 100;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const simulateCore = async () => {
  const sums = { failed: 0, deaths: 0, effects: 0, done: 0 };
  for (let at = first; at < first + count; at += AT_ONCE) {
    const told = values.trace ? say : undefined;
    const some = await playMany({ first: at, count: Math.min(AT_ONCE, first + count - at), told });
    some.wrong.forEach(say);
    sums.failed += some.wrong.length;
    for (const name of ['deaths', 'effects', 'done'] as const) sums[name] += some[name];
  }
  return { failed: sums.failed, text: `${sums.deaths} deaths in ${sums.effects} effects, ${sums.done} tasks done` };
};

const simulateStore = async () => {
  let failed = 0;
  let cuts = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    const played = await simulate(seed);
    cuts += played.cuts;
    if (played.wrong === undefined) continue;
    failed += 1;
    say(`seed ${seed}: ${played.wrong}`);
  }
  return { failed, text: `${cuts} power cuts` };
};

const started = performance.now();
const { failed, text } = await (values.core ? simulateCore() : simulateStore());
const seconds = ((performance.now() - started) / 1000).toFixed(1);
say(`${count} seeds from ${first} on, ${text}, ${failed} failed, ${seconds} s`);
process.exitCode = failed > 0 ? 1 : 0;
