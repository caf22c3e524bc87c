import { createHash } from 'node:crypto';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { Settings } from '../../state/settings.ts';
import { outOfPorts } from '../errors.ts';
import type { DaemonServices } from '../services.ts';

/** Ports that belong to one worktree. */
export type PortBlock = { readonly first: number; readonly count: number };

/** Below the ports from which Linux takes those of outgoing connections, where the settings allow it. */
const EPHEMERAL = 32_768;
const HIGHEST = 65_535;

/** The ports of an instance; null when it has none. */
export const portsOf = ({ resource_allocation: have }: Pick<Instance, 'resource_allocation'>): PortBlock | null =>
  have['first_port'] === undefined ? null : { first: have['first_port'], count: have['ports'] ?? 1 };

/** The variables by which what runs in a worktree knows its ports. */
export const portEnv = (block: PortBlock | null): Record<string, string> =>
  block === null
    ? {}
    : Object.fromEntries(
        Array.from({ length: block.count }, (_, n) => [
          n === 0 ? 'DROVER_PORT' : `DROVER_PORT_${n}`,
          String(block.first + n),
        ]),
      );

/**
 * All blocks that the settings have room for. Each repository begins somewhere else, so that the swarms of one machine are
 * rarely in each other's way.
 */
const blocksFor = ({ each, from }: Settings['worktrees']['ports'], key: string): PortBlock[] => {
  const end = from + each <= EPHEMERAL ? EPHEMERAL : HIGHEST + 1;
  const room = Math.floor((end - from) / each);
  const start = createHash('sha256').update(key).digest().readUInt32BE(0) % room;
  return Array.from({ length: room }, (_, n) => ({ first: from + ((start + n) % room) * each, count: each }));
};

/** The ports of the worktree that batches are put together in: the first block, which no instance gets. */
export const integrationPorts = ({ settings, paths }: DaemonServices): PortBlock | null =>
  settings.worktrees.ports.each === 0 ? null : blocksFor(settings.worktrees.ports, paths.key)[0]!;

const overlaps = (a: PortBlock, b: PortBlock): boolean => a.first < b.first + b.count && b.first < a.first + a.count;

const isTaken = (state: State, { instance_id, host }: Instance, block: PortBlock): boolean =>
  Object.values(state.instances).some((other) => {
    const have = other.instance_id === instance_id || other.host !== host ? null : portsOf(other);
    return have !== null && overlaps(have, block);
  });

/** Gives an instance ports that nobody else has; it keeps them as long as it is there. */
export const givePorts = async (services: DaemonServices, instance: Instance): Promise<PortBlock | null> => {
  const { ports } = services.settings.worktrees;
  const have = portsOf(instance);
  if (ports.each === 0 || (have?.count ?? 0) >= ports.each) return have;
  for (const block of blocksFor(ports, services.paths.key).slice(1)) {
    if (isTaken(services.store.state, instance, block)) continue;
    const wanted = Array.from({ length: block.count }, (_, n) => block.first + n);
    if ((await services.targetOf(instance).processes.freePorts(wanted)).length < wanted.length) continue;
    const data = { instance_id: instance.instance_id, ...block };
    const facts = await services.decide((now) =>
      isTaken(now, instance, block) ? [] : [{ type: 'instance.ports_given', data }],
    );
    if (facts.length > 0) return block;
  }
  throw outOfPorts({ instance: instance.instance_id, ...ports });
};
