import { partsOf, procText } from '../../process/proc-files.ts';
import { upstreamIn } from '../../proxy/upstream.ts';
import { findMode, modeNames } from '../../state/modes.ts';
import { networkFor, sandboxFor, sandboxForChecks, sandboxForSetUp } from '../../state/sandbox-choice.ts';
import type { Settings } from '../../state/settings.ts';
import { emptySwarm } from '../../state/swarm.ts';
import { holderIn } from './daemon.ts';
import type { Examination } from './examination.ts';
import { type Finding, ok, warning } from './finding.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Whether a sandbox is asked for that reaches the hosts of a list alone. */
const wantsList = (settings: Settings | undefined): boolean => {
  if (!settings || settings.sandbox.need === 'off') return false;
  const modes = [null, ...modeNames(settings).filter((name) => findMode(name, settings)?.enabled)];
  const agents = [settings.agent, ...Object.keys(settings.agents)].flatMap((agent) => agent ?? []);
  const own = agents.flatMap((agent) => modes.map((mode) => sandboxFor(settings, { agent, mode }).mode));
  const others = [sandboxForChecks(settings, emptySwarm), sandboxForSetUp(settings, emptySwarm)];
  return (
    own.some((mode) => mode !== 'off' && networkFor(settings, mode) === 'allow-list') ||
    others.some(({ mode, network }) => mode !== 'off' && network === 'allow-list')
  );
};

/** How those go out. What a variable holds may be a password, and is not said. */
export const judgeWayOut = (env: Env, whose: 'the daemon' | 'this shell'): Finding => {
  const [id, name] = ['sandbox.way-out', 'sandbox'] as const;
  const who = 'sandboxes with a list of hosts go out';
  const named = upstreamIn(env, 'tunnel');
  if (!named) return ok(id, name, `${who} directly: ${whose} has no HTTPS_PROXY`);
  const { upstream, variable } = named;
  if (upstream === null) {
    const cause = `${who} directly, because ${variable} of ${whose} names none that Drover speaks with: it has to be http://host:port`;
    return warning(id, name, cause);
  }
  const place = `${upstream.host.includes(':') ? `[${upstream.host}]` : upstream.host}:${upstream.port}`;
  return ok(id, name, `${who} by the proxy ${place} (${variable} of ${whose}), but for what NO_PROXY names`);
};

/** The environment of the daemon of this repository, which is that of its start; undefined where none runs, or nobody shows it. */
const envOfDaemon = async ({ place }: Pick<Examination, 'place'>): Promise<Env | undefined> => {
  const holder = place ? await holderIn(place.lock) : null;
  const parts = holder?.alive && holder.ours ? partsOf(procText(`/proc/${holder.pid}/environ`)) : [];
  if (parts.length === 0) return undefined;
  return Object.fromEntries(parts.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]));
};

export const probeWayOut = async (
  examination: Pick<Examination, 'env' | 'place' | 'settings'>,
): Promise<readonly Finding[]> => {
  if (!wantsList(examination.settings)) return [];
  const own = await envOfDaemon(examination);
  return [own ? judgeWayOut(own, 'the daemon') : judgeWayOut(examination.env, 'this shell')];
};
