import type { ResourceUse } from '../../ports/machine.ts';
import type { ProcessUse } from '../../ports/target.ts';
import type { DaemonServices } from '../services.ts';

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
export const SLACK_MS = 250;

/** Which agent is measured, by which program of it, and when, in milliseconds. */
type Look = { readonly id: string; readonly pid: number; readonly at: number };

/** What each agent took since it is looked at, as far as its averages need it. */
type Tracks = {
  /** Adds what was measured of an agent, and tells what it takes. */
  add(look: Look, use: ProcessUse): ResourceUse;
  /** Forgets what an agent took so far. */
  forget(id: string): void;
  /** Forgets all agents but these. */
  keep(isThere: (id: string) => boolean): void;
};

export const makeTracks = (services: Pick<DaemonServices, 'settings' | 'now'>): Tracks => {
  const tracks = new Map<string, Track>();
  return {
    add: ({ id, pid, at }, use) => {
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
    },
    forget: (id) => void tracks.delete(id),
    keep: (isThere) => {
      for (const id of tracks.keys()) if (!isThere(id)) tracks.delete(id);
    },
  };
};
