import type { Processes, Tmux } from '../../ports/index.ts';
import type { Inspection } from '../../ports/server-facts.ts';
import type { Settings } from '../../state/settings.ts';
import { openTmux } from '../../tmux/client.ts';
import { inspectServer } from '../../tmux/inspect.ts';

type Server = {
  readonly processes: Processes;
  readonly env: Readonly<Record<string, string>>;
  readonly settings: Settings | undefined;
};

const onServer = ({ processes, env, settings }: Server) => {
  const socket = settings?.tmux.socket;
  return { processes, env, ...(socket === undefined ? {} : { socket }) };
};

/** What the server of the swarm says of itself; none is started. */
export const inspectSwarmServer = (server: Server): Promise<Inspection> => inspectServer(onServer(server));

/** The server of the swarm, for those who look at its sessions or end one; creating is not among it. */
export const swarmServer = (server: Server): Pick<Tmux, 'list' | 'kill'> =>
  // None of the files that a new session needs is asked for.
  openTmux({ ...onServer(server), assets: '' });
