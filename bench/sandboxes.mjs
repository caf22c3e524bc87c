// Measures what it costs that agents are shut in: `npm run bench:sandbox`.
import { runBench } from './run.mjs';
import { shutIn } from './shut-in.mjs';

await runBench('bench:sandbox', shutIn);
