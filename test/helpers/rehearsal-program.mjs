// The rehearsal agent from its source, whose compiled form is kept: a start takes a third of the time.
import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/drover-tests', import.meta.url)));
await import('../../src/rehearsal/main.ts');
// It may be killed.
flushCompileCache();
