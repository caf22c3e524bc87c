import { agentNames } from '../../agents/index.ts';
import { oneLine, shorten } from '../../lib/text.ts';
import type { FoundAgent } from '../../ports/machine.ts';
import { checkedLaunchMode } from '../actions/launch-mode.ts';
import { notInstalled } from '../errors.ts';
import type { DaemonServices } from '../services.ts';

const PROBE_MS = 5000;

/** Which agents there are and which of their programs are installed. */
export const foundAgents = (services: DaemonServices) => {
  const { host, env, paths, processes, shipped } = services.launchTarget;
  const findProgram = async (agent: string): Promise<string | null> => {
    const { program } = services.adapterFor(agent);
    return agent === 'rehearsal' ? shipped.node : processes.find(program);
  };
  const probe = async (agent: string): Promise<FoundAgent> => {
    const { title, program, install, versionArgs } = services.adapterFor(agent);
    const file = await findProgram(agent);
    const known = { agent, title, program, install };
    if (file === null) return { ...known, found: false, version: null };
    if (versionArgs.length === 0) return { ...known, found: true, version: null };
    const exit = await processes
      .run({
        file,
        args: versionArgs,
        env,
        cwd: paths.root,
        timeoutMs: PROBE_MS,
        maxBytes: 4096,
      })
      .catch(() => undefined);
    const line = exit?.code === 0 ? exit.stdout.trim().split('\n')[0] : undefined;
    return { ...known, found: true, version: line ? shorten(oneLine(line), 40) : null };
  };
  return {
    found: () => Promise.all(agentNames(services.settings).map(probe)),
    /** Rejects unless the agent is known and its program is there and starts in the mode. */
    assertStartable: async (agent: string, mode: string | null = null): Promise<void> => {
      const { program, install } = services.adapterFor(agent);
      if ((await findProgram(agent)) === null) throw notInstalled({ agent, program, install });
      checkedLaunchMode(services, { agent, mode, host });
    },
  };
};
