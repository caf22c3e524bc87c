import { isFolder } from '../files/is-folder.ts';
import { localFiles } from '../files/open.ts';
import { findRepository, openGit } from '../git/open.ts';
import { openLogs } from '../logs/open.ts';
import type { Processes } from '../ports/index.ts';
import type { Shipped, Target, TargetPaths } from '../ports/target.ts';
import { boundSockets } from '../process/bound-sockets.ts';
import { openTargetProcesses } from '../process/target-processes.ts';
import { openSandbox } from '../sandbox/open.ts';
import { openSeatbelt } from '../sandbox/seatbelt.ts';
import { openTmux } from '../tmux/client.ts';

export type LocalOptions = {
  readonly host: string;
  readonly paths: TargetPaths;
  readonly env: Readonly<Record<string, string>>;
  readonly shipped: Shipped;
  /** Name of the tmux server that is used; without one it is the user's default server. */
  readonly socket: string | undefined;
  /** Starts programs; it is put away with the target. */
  readonly processes: Processes;
};

/** This very machine, used directly. Rejects when its repository cannot be worked in, or its tmux cannot be used. */
export const openLocalTarget = async (options: LocalOptions): Promise<Target> => {
  const { host, paths, env, shipped, socket, processes } = options;
  const closing = new AbortController();
  const tmux = openTmux({ processes, env, assets: shipped.assets, ...(socket === undefined ? {} : { socket }) });
  const [repository] = await Promise.all([findRepository(paths.root, processes, env), tmux.version()]);
  const targetProcesses = openTargetProcesses({ processes, env, signal: closing.signal });
  const sandbox = (process.platform === 'darwin' ? openSeatbelt : openSandbox)({
    ...{ env, run: (trial) => processes.run(trial), find: targetProcesses.find },
    ...{ realPath: localFiles.realPath, isFolder, list: localFiles.list, sockets: boundSockets },
  });
  return {
    host,
    paths,
    env,
    shipped,
    isRoot: process.getuid?.() === 0,
    tmux,
    git: openGit({ ...repository, processes, env, sandbox }),
    files: localFiles,
    logs: openLogs(),
    processes: targetProcesses,
    sandbox,
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await processes[Symbol.asyncDispose]();
    },
  };
};
