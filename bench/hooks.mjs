// Measures what the hooks of agents cost: `npm run bench:hooks [-- --only NAME]`.
import { call } from './hook-calls.mjs';
import { many } from './hook-many.mjs';
import { turn } from './hook-turns.mjs';
import { runBench } from './run.mjs';

await runBench('bench:hooks', { call, many, turn });
