import { spawnSync } from 'node:child_process';
import { BWRAP } from '../../src/sandbox/layout.ts';

/** Why no program can be shut in on this machine, by doing it; undefined when it can. */
const lack = (): string | undefined => {
  const words = ['--unshare-user', '--unshare-pid', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'];
  const { error, status, stderr } = spawnSync(BWRAP, [...words, 'env', '--default-signal=INT', 'true']);
  return status === 0 ? undefined : (error?.message ?? stderr.toString().trim());
};

/** Tests with real sandboxes are skipped for this reason, which their name then says. */
export const noSandbox = lack();
