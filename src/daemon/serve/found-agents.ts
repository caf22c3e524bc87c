import { agentNames } from '../../agents/index.ts';
import { oneLine, shortened } from '../../lib/text.ts';
import type { FoundAgent } from '../../ports/machine.ts';
import { programIn } from '../../process/in-path.ts';
import { checkedLaunchMode } from '../actions/launch-mode.ts';
import { notInstalled } from '../errors.ts';
import type { DaemonServices } from '../services.ts';

const PROBE_MS = 5000;

/** Which agents there are and which of their programs are installed. */
export const foundAgents = (services: DaemonServices) => {
  const where = (agent: string): string | undefined => {
    const { program } = services.adapterFor(agent);
    return agent === 'rehearsal' ? services.shipped.node : programIn(services.env['PATH'] ?? '', program);
  };
  const probe = async (agent: string): Promise<FoundAgent> => {
    const { title, program, install, versionArgs } = services.adapterFor(agent);
    const file = where(agent);
    const known = { agent, title, program, install };
    if (file === undefined) return { ...known, found: false, version: null };
    if (versionArgs.length === 0) return { ...known, found: true, version: null };
    const exit = await services.processes
      .run({
        file,
        args: versionArgs,
        env: { ...services.env },
        cwd: services.paths.root,
        timeoutMs: PROBE_MS,
        maxBytes: 4096,
      })
      .catch(() => undefined);
    const line = exit?.code === 0 ? exit.stdout.trim().split('\n')[0] : undefined;
    return { ...known, found: true, version: line ? shortened(oneLine(line), 40) : null };
  };
  return {
    found: () => Promise.all(agentNames(services.settings).map(probe)),
    /** Throws unless the agent is known and its program is there and starts in the mode. */
    assertStartable: (agent: string, mode: string | null = null): void => {
      const { program, install } = services.adapterFor(agent);
      if (where(agent) === undefined) throw notInstalled({ agent, program, install });
      checkedLaunchMode(services, { agent, mode });
    },
  };
};
