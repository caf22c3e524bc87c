import { messageOf } from '../../lib/errors.ts';
import type { Peer } from '../../ports/link.ts';
import type { Lineage } from '../../ports/target.ts';
import { type Instance, LOCAL_HOST } from '../../state/instances.ts';
import { isAlive } from '../../state/moves.ts';
import type { DaemonServices } from '../services.ts';
import { judgeSpeaker, PEERLESS, type ResolveSpeaker, type Scene, type Speaker, type Suspect } from './speaker.ts';

const nobody = (because: string): Speaker => ({ kind: 'unknown', because, suspect: null, peerless: false });

/** What is known of the instances of this machine, each with where the process of its terminal comes from. */
const suspectsOn = async ({ home, store }: DaemonServices): Promise<readonly Suspect[]> => {
  const local = Object.values(store.state.instances).filter(({ host }) => host === LOCAL_HOST);
  const paneOf = ({ pid, state }: Instance): number | null => (isAlive(state.kind) ? pid : null);
  const lineages = await home.processes.lineages(local.flatMap((one) => paneOf(one) ?? []));
  return local.map((one) => ({
    id: one.instance_id,
    worktree: one.workspace_path,
    createdAt: Date.parse(one.created_at),
    pane: lineages.get(paneOf(one) ?? 0) ?? null,
  }));
};

/** The scene with the tmux server that has no agent at the moment; to ask for it costs a process. */
const withTmuxServer = async ({ home }: DaemonServices, scene: Scene): Promise<Scene> => {
  const tmuxServer = (await home.tmux.server())?.pid ?? null;
  const lineage = tmuxServer === null ? undefined : (await home.processes.lineages([tmuxServer])).get(tmuxServer);
  return { ...scene, tmuxServer, cgroups: cgroupsOf(lineage ?? []) };
};

const cgroupsOf = (lineage: Lineage): ReadonlySet<string> => new Set(lineage.map(({ cgroup }) => cgroup));

const lookAt = async (services: DaemonServices, peer: Peer): Promise<Speaker> => {
  const { home } = services;
  const lineage = (await home.processes.lineages([peer.pid])).get(peer.pid);
  if (!lineage) return nobody(`process ${peer.pid} is not there any more`);
  const instances = await suspectsOn(services);
  const panes = instances.flatMap(({ pane }) => pane ?? []);
  const scene: Scene = {
    ...{
      instances,
      launches: home.paths.instances,
      spool: home.paths.spool,
      self: process.pid,
      user: process.getuid?.() ?? Number.NaN,
    },
    tmuxServer: instances.find(({ pane }) => pane)?.pane?.[1]?.pid ?? null,
    cgroups: panes.length === 0 ? null : cgroupsOf(panes),
  };
  const speaker = judgeSpeaker(lineage, scene);
  return speaker.kind === 'unknown' && panes.length === 0
    ? judgeSpeaker(lineage, await withTmuxServer(services, scene))
    : speaker;
};

/**
 * Finds out who connected by the process of the other end and those it comes from, on this machine. Nothing that it says
 * itself is believed, and a process that has ended meanwhile is nobody: another one may have its number.
 */
export const makeResolveSpeaker =
  (services: DaemonServices): ResolveSpeaker =>
  async (peer) => {
    if (peer === null) return PEERLESS;
    if (peer.pid === process.pid) return { kind: 'person', because: 'it is the daemon itself' };
    try {
      const speaker = await lookAt(services, peer);
      return peer.isThere() ? speaker : nobody(`process ${peer.pid} has ended`);
    } catch (error) {
      services.log(`who process ${peer.pid} is could not be found out: ${messageOf(error)}`);
      return nobody('its process could not be looked at');
    }
  };
