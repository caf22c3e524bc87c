import type { ResourceUse } from '../../ports/machine.ts';
import type { ProcessUse, Target } from '../../ports/target.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { isAlive } from '../../state/moves.ts';
import { repeatRounds, type Service } from '../health/service.ts';
import { type DaemonServices, instancesOn } from '../services.ts';
import { recordHalts } from './halts.ts';
import { limitFacts } from './resource-limits.ts';

const LOOK_MS = 2000;

const MEGABYTE = 1024 * 1024;

/** The time of a look and the processor time until then, both in milliseconds. */
type Point = { readonly at: number; readonly cpu: number };

/** The use of an instance as it is remembered: by which program, and the points of the time that counts. */
type Track = { readonly pid: number; last: number; points: Point[] };

/** The part of a core, in percent, that was taken between two points. */
const percentBetween = (from: Point | undefined, to: Point): number | null =>
  from === undefined || to.at <= from.at ? null : Math.round(((to.cpu - from.cpu) / (to.at - from.at)) * 1000) / 10;

/** Adds a look to a track, and forgets the points that the average does not need any more. */
const extendTrack = (track: Track, cpu: number, { at, spanMs }: { at: number; spanMs: number }): Point => {
  // A process that ended without its parent takes its time along.
  const grown = (track.points.at(-1)?.cpu ?? 0) + Math.max(0, cpu - track.last);
  const point = { at, cpu: grown };
  track.last = cpu;
  while (track.points.length > 1 && track.points[1]!.at <= at - spanMs) track.points.shift();
  track.points.push(point);
  return point;
};

/** How late a look may come, in milliseconds. */
const SLACK_MS = 250;

/** What was seen of an instance at one look. */
type Measured = { readonly id: string; readonly halted: readonly number[]; readonly use: ResourceUse };

type ResourceWatch = {
  /** What each living agent took at the last look. */
  uses(): readonly ResourceUse[];
  /** Measures once and acts on it; `at` is a time that only goes on, in milliseconds. */
  look(at: number): Promise<void>;
  /** Looks every two seconds until the daemon ends. */
  watch(): Service;
};

/** The programs of those that live on a machine. */
const rootsOn = (target: Target, state: State): ReadonlyMap<string, number> =>
  new Map(
    instancesOn(target, state).flatMap(({ instance_id, pid, state: { kind } }) =>
      pid !== null && isAlive(kind) ? [[instance_id, pid] as const] : [],
    ),
  );

/** Measures what the processes of all agents take, in one pass over those of each machine; nothing is recorded of it. */
export const openResourceWatch = (services: DaemonServices): ResourceWatch => {
  const tracks = new Map<string, Track>();
  let uses: readonly ResourceUse[] = [];

  const resourceUseOf = (id: string, pid: number, use: ProcessUse, at: number): ResourceUse => {
    const cpu = use.cpuMs;
    const known = tracks.get(id);
    const track: Track = known?.pid === pid ? known : { pid, last: cpu, points: [] };
    tracks.set(id, track);
    const before = track.points.at(-1);
    const spanMs = services.settings.resources.cpu_ms;
    const point = extendTrack(track, cpu, { at, spanMs });
    const first = track.points[0]!;
    return {
      instance_id: id,
      cpu_percent: percentBetween(before, point),
      cpu_average: at - first.at >= spanMs - SLACK_MS ? percentBetween(first, point) : null,
      memory_mb: Math.round((use.memory / MEGABYTE) * 10) / 10,
      processes: use.processes,
      at: services.now(),
    };
  };

  const measureOn = async (
    { processes }: Target,
    roots: ReadonlyMap<string, number>,
    at: number,
  ): Promise<readonly Measured[]> => {
    if (roots.size === 0) return [];
    const measured = await processes.measure([...roots.values()]);
    return [...roots].flatMap(([id, pid]) => {
      const use = measured.get(pid);
      return use ? [{ id, halted: use.halted, use: resourceUseOf(id, pid, use, at) }] : [];
    });
  };

  const look = async (at: number): Promise<void> => {
    const before = services.store.state;
    const all = services.targets.map((target) => ({ target, roots: rootsOn(target, before) }));
    for (const id of tracks.keys()) if (!all.some(({ roots }) => roots.has(id))) tracks.delete(id);
    const measured = (await Promise.all(all.map(({ target, roots }) => measureOn(target, roots, at)))).flat();
    uses = measured.map(({ use }) => use);
    await recordHalts(services, before, new Map(measured.map(({ id, halted }) => [id, halted])));
    const { resources } = services.settings;
    const facts = (state: State): EventDraft[] => uses.flatMap((use) => limitFacts(state, use, resources));
    if (facts(services.store.state).length === 0) return;
    const done = await services.decide(facts);
    // What an instance took before it was frozen or ended is not held against it when it goes on.
    for (const { type, data } of done)
      if (type === 'instance.pause_requested' || type === 'instance.stop_requested') tracks.delete(data.instance_id);
  };

  return {
    uses: () => uses,
    look,
    watch: () => {
      const { log, signal } = services;
      const capabilities = [
        'measure memory and processor time of agents',
        'act on limits of them',
        'see who was stopped',
      ];
      return repeatRounds({ name: 'resource-meter', capabilities, everyMs: LOOK_MS, log, signal }, () =>
        look(performance.now()),
      );
    },
  };
};
