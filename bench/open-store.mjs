// A process that opens a store and says how long it took and how much memory it has then: node open-store.mjs FOLDER
import { openStore } from '../src/state/store/open.ts';
import { optionsIn } from '../test/state/store/place.ts';

const started = performance.now();
const store = await openStore(optionsIn(process.argv[2]));
const ms = performance.now() - started;
globalThis.gc();
const { rss, heapUsed } = process.memoryUsage();
process.stdout.write(JSON.stringify({ ms, events: store.state.seq, rss, heap: heapUsed, repairs: store.repairs }));
await store[Symbol.asyncDispose]();
