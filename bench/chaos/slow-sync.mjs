// Loaded into daemons before their own code, by NODE_OPTIONS: each sync of a file takes so many milliseconds longer as the
// file `chaos-sync` in their temporary folder says.
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

const file = `${process.env.TMPDIR}/chaos-sync`;

const delay = () => {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
};

if (/\/daemon\/main\.js$/u.test(process.argv[1] ?? '')) {
  const handle = await open('/dev/null');
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  for (const name of ['datasync', 'sync']) {
    const original = prototype[name];
    prototype[name] = async function (...args) {
      const ms = delay();
      if (ms > 0) await pause(ms);
      return original.apply(this, args);
    };
  }
}
