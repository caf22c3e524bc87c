// The rehearsal agent from its source, whose compiled form is kept: a start takes a third of the time.
import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/drover-tests', import.meta.url)));
/** So long it hears nothing when it is told so by a signal, in milliseconds: as a program that is busy with itself, and not stopped. */
const DEAF_MS = 5000;
process.on('SIGUSR2', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, DEAF_MS));
await import('../../src/rehearsal/main.ts');
// It may be killed.
flushCompileCache();
