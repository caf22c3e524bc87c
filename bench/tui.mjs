// Measures the screen: the built program in a pty, read by a headless xterm: `npm run bench:tui [-- --only NAME]`.
import { runBench } from './run.mjs';
import { busy, crowd, flood } from './tui-busy.mjs';
import { idle, memory, slow, start, state } from './tui-calm.mjs';
import { follow } from './tui-follow.mjs';
import { many, still, together } from './tui-many.mjs';

await runBench('bench:tui', { busy, crowd, flood, slow, start, state, follow, idle, memory, many, still, together });
