import type { FirstQuestion } from '../../agents/adapter.ts';
import { notInstalled } from '../../agents/errors.ts';
import { agentNames } from '../../agents/index.ts';
import { oneLine, shorten } from '../../lib/text.ts';
import type { FoundAgent } from '../../ports/machine.ts';
import { diskLow, memoryLow, untrusted } from '../../state/errors.ts';
import { withheldIn, withheldNames } from '../../state/trust.ts';
import { checkedLaunchMode } from '../actions/launch-mode.ts';
import type { DaemonServices } from '../services.ts';
import { findLack, lackText } from '../watch/watch-disk.ts';
import { findMemoryLack, memoryLackText } from '../watch/watch-memory.ts';

const PROBE_MS = 5000;

/** A file that another program keeps; null where it is not there, or is not whole. */
const jsonOf = (text: string | null): unknown => {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
};

/** Which agents there are and which of their programs are installed. */
export const foundAgents = (services: DaemonServices) => {
  const { env, files, host, paths, processes, shipped } = services.launchTarget;
  const findProgram = async (agent: string): Promise<string | null> => {
    const { program } = services.adapterFor(agent);
    if (program === '') return null;
    return agent === 'rehearsal' ? shipped.node : processes.find(program);
  };
  /** Whether the repository's file says something of an agent or a mode that nobody has trusted. */
  const isWithheld = (group: 'agents' | 'modes', name: string): boolean =>
    withheldNames(withheldIn(services.config.layers), group).includes(name);
  /** The agents that could be started instead; one that only pretends to work is none. */
  const workersThere = async (): Promise<readonly string[]> => {
    const names = agentNames(services.settings).filter((name) => name !== 'rehearsal' && !isWithheld('agents', name));
    const there = await Promise.all(names.map(async (name) => ((await findProgram(name)) === null ? [] : [name])));
    return there.flat();
  };
  /** What an agent is that only the repository's file knows: nothing of it is looked at before it is trusted. */
  const unknownUntilTrusted = (agent: string): FoundAgent => ({
    ...{ agent, title: agent, program: '', install: 'drover trust' },
    ...{ found: false, version: null, untrusted: true },
  });
  const probe = async (agent: string): Promise<FoundAgent> => {
    const { title, program, install, versionArgs } = services.adapterFor(agent);
    const file = await findProgram(agent);
    const known = { agent, title, program, install, untrusted: isWithheld('agents', agent) };
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
    found: async (): Promise<readonly FoundAgent[]> => {
      const names = agentNames(services.settings);
      const waiting = withheldNames(withheldIn(services.config.layers), 'agents').filter(
        (name) => !names.includes(name),
      );
      const all = [...(await Promise.all(names.map(probe))), ...waiting.map(unknownUntilTrusted)];
      return all.toSorted((a, b) => (a.agent < b.agent ? -1 : 1));
    },
    workers: workersThere,
    /** What the agent's program will ask before it takes its first prompt here, as far as that is known. */
    firstQuestion: async (agent: string): Promise<FirstQuestion | null> => {
      const firstStart = isWithheld('agents', agent) ? undefined : services.adapterFor(agent).firstStart;
      if (!firstStart) return null;
      const own = { ...env, ...services.settings.agents[agent]?.env };
      const text = await files.readText(firstStart.file(own)).catch(() => null);
      return firstStart.asks(jsonOf(text), { root: paths.root, env: own }) ?? null;
    },
    /** Rejects unless the agent is known and its program is there and starts in the mode. */
    assertStartable: async (agent: string, mode: string | null = null): Promise<void> => {
      const file = services.config.file;
      if (isWithheld('agents', agent)) throw untrusted({ what: `The agent "${agent}"`, file });
      if (mode !== null && isWithheld('modes', mode)) throw untrusted({ what: `The mode "${mode}"`, file });
      const { program, install } = services.adapterToStart(agent);
      if ((await findProgram(agent)) === null)
        throw notInstalled({ agent, program, install, others: await workersThere() });
      checkedLaunchMode(services, { agent, mode, host });
    },
    /** Rejects where the disk of the worktrees has less room than the settings want, or for few more files, or memory is short. */
    assertRoom: async (): Promise<void> => {
      const lack = await findLack(services);
      if (lack !== undefined) throw diskLow({ why: lackText(lack) });
      const memory = await findMemoryLack(services);
      if (memory !== undefined) throw memoryLow({ why: memoryLackText(memory) });
    },
  };
};
