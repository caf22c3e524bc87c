// Plays many more lives of the store than the tests do: npm run simulate -- --seeds 100000 --seed 1
import { parseArgs } from 'node:util';
import { simulate } from './simulate.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
});
const first = Number(values.seed);
const started = performance.now();
let failed = 0;
let cuts = 0;
for (let seed = first; seed < first + Number(values.seeds); seed += 1) {
  const played = await simulate(seed);
  cuts += played.cuts;
  if (played.wrong === undefined) continue;
  failed += 1;
  process.stdout.write(`seed ${seed}: ${played.wrong}\n`);
}
const seconds = ((performance.now() - started) / 1000).toFixed(1);
process.stdout.write(`${values.seeds} seeds from ${first} on, ${cuts} power cuts, ${failed} failed, ${seconds} s\n`);
process.exitCode = failed > 0 ? 1 : 0;
