// Loaded into daemons before their own code, by NODE_OPTIONS: nothing that they write is synced, so that a power cut takes what
// was acknowledged. The control of the harness, which has to find that.
import { open } from 'node:fs/promises';

if (/\/daemon\/main\.js$/u.test(process.argv[1] ?? '')) {
  const handle = await open('/dev/null');
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  for (const name of ['datasync', 'sync']) prototype[name] = async () => undefined;
}
