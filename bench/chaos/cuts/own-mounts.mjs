import { spawn } from 'node:child_process';

/** Says to the program that is started anew that it has its mounts for itself. */
const MARK = 'DROVER_CHAOS_OWN_MOUNTS';

export const hasOwnMounts = () => process.env[MARK] === '1';

/** Why nothing can be mounted here, in a sentence; undefined where one may try. */
const whyNot = () => {
  if (process.platform !== 'linux') return 'A power cut needs Linux.';
  return process.getuid() === 0 ? undefined : 'A power cut needs root, who may mount a disk of its own.';
};

/**
 * Runs this very program once more, with mounts that nobody else sees: whoever else makes a sandbox meanwhile would keep the
 * disk, and what is mounted goes with the last of ours in any case. Resolves with its exit code.
 */
export const againWithOwnMounts = () => {
  const why = whyNot();
  if (why !== undefined) {
    process.stderr.write(`${why}\n`);
    return 2;
  }
  const argv = ['--mount', '--propagation', 'private', process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn('unshare', argv, { stdio: 'inherit', env: { ...process.env, [MARK]: '1' } });
  // A terminal tells both of us; what only we are told is handed on.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('error', ({ message }) => {
      process.stderr.write(`A power cut needs mounts of its own, which cannot be had here: ${message}.\n`);
      resolve(2);
    });
    child.once('close', (code) => resolve(code ?? 2));
  });
};
