// Measures what Drover costs, each figure against a baseline of the same run: `npm run bench:core [-- --only NAME]`.
import { cli } from './cli.mjs';
import { cpu } from './cpu.mjs';
import { latency } from './latency.mjs';
import { launch } from './launch.mjs';
import { memory } from './memory.mjs';
import { planner } from './planner.mjs';
import { processes } from './processes.mjs';
import { restart } from './restart.mjs';
import { runBench } from './run.mjs';

await runBench('bench:core', { launch, planner, cli, latency, cpu, memory, processes, restart });
