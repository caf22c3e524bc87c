import type { Instance } from '../../state/instances.ts';
import type { AgentHarm } from '../../text/failure-trial.ts';
import { type DaemonServices, markOf } from '../services.ts';
import { programsOf } from './freeze.ts';

/** Does to an agent on purpose what happens to agents: its program is killed, or it loses its session. */
export const harmAgent = async (services: DaemonServices, instance: Instance, harm: AgentHarm): Promise<void> => {
  const { paths, processes, tmux } = services.targetOf(instance);
  if (harm === 'session-lost') await tmux.kill(markOf(paths, instance.instance_id));
  else await processes.signal(await programsOf(services, instance), 'kill');
};
