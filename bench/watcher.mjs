import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { holdOpen, inPackage } from './sandbox.mjs';

/**
 * Starts `reader.mjs` or `poller.mjs`. `end` resolves with the ages that it saw; without it the program ends with us,
 * because its input does.
 */
export const openWatcher = async (script, args, { env }) => {
  const child = spawn(process.execPath, [inPackage(`bench/${script}`), ...args.map(String)], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child, 'spawn');
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  const ended = once(child, 'close');
  const stop = async () => {
    child.stdin.end();
    const [code] = await ended;
    release();
    return code;
  };
  const release = holdOpen({ close: stop });
  return {
    pid: child.pid,
    end: async () => {
      const code = await stop();
      if (code !== 0) throw new Error(`${script} ended with ${code}`);
      return JSON.parse(text);
    },
  };
};
