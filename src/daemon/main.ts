import { enableCompileCache } from 'node:module';

// What was compiled is kept where whoever starts us keeps it: with it a daemon that died is back in two thirds of the time.
// That must be said before the rest is loaded.
const { compiled, lent = [] } = JSON.parse(process.argv[3] ?? '{}') as { compiled?: string; lent?: readonly string[] };
if (compiled !== undefined) enableCompileCache(compiled);
for (const name of lent) delete process.env[name];
// Whatever starts programs has it from here.
const { fixedPath } = await import('../lib/search-path.ts');
if (process.env['PATH'] !== undefined) process.env['PATH'] = fixedPath(process.env['PATH']);
const { settleHome } = await import('../files/own-home.ts');
settleHome(process.env);
// The process that starts others takes as long to begin as we take to be loaded.
const { forkEarly } = await import('../process/fork-broker.ts');
forkEarly();
await import('./run-daemon.ts');
