import { describe } from 'vitest';
import { isFolder } from '../../src/files/is-folder.ts';
import { localFiles } from '../../src/files/open.ts';
import { boundSockets } from '../../src/process/bound-sockets.ts';
import { openProcesses } from '../../src/process/broker.ts';
import { openTargetProcesses } from '../../src/process/target-processes.ts';
import { openSandbox } from '../../src/sandbox/open.ts';
import { sandboxContract } from '../contract/sandbox.ts';
import { realSandboxStage } from '../contract/sandbox-stage.ts';
import { noSandbox } from '../helpers/sandbox.ts';

describe.skipIf(noSandbox !== undefined)(`on this machine (${noSandbox ?? 'there is a sandbox'})`, async () => {
  const processes = await openProcesses({ forked: false });
  const env = { PATH: process.env['PATH'] ?? '' };
  const { find } = openTargetProcesses({ processes, env, signal: AbortSignal.abort() });
  sandboxContract('bubblewrap', () =>
    realSandboxStage(
      openSandbox({
        ...{ env, find, run: (trial) => processes.run(trial) },
        ...{ realPath: localFiles.realPath, isFolder, list: localFiles.list, sockets: boundSockets },
      }),
    ),
  );
});
