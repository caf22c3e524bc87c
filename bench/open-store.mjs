// A process that opens a store and says how long it took and how much memory it has then: node open-store.mjs FOLDER LIMITS
import { openStore } from '../src/state/store/open.ts';
import { optionsIn } from '../test/state/store/place.ts';

const started = performance.now();
const before = process.cpuUsage();
const store = await openStore(optionsIn(process.argv[2], { limits: JSON.parse(process.argv[3]) }));
const ms = performance.now() - started;
const { user, system } = process.cpuUsage(before);
globalThis.gc();
const { rss, heapUsed } = process.memoryUsage();
process.stdout.write(
  JSON.stringify({
    ms,
    cpu_ms: (user + system) / 1000,
    events: store.state.seq,
    rss,
    heap: heapUsed,
    repairs: store.repairs,
  }),
);
await store[Symbol.asyncDispose]();
