import { rm, stat, writeFile } from 'node:fs/promises';
import { seedOf, segmentFile, segmentsOf } from '../../logs/segments.ts';
import type { PaneInfo, Seed } from '../../ports/index.ts';
import { type DaemonServices, markOf } from '../services.ts';

/** What earlier starts of an agent printed stays up to this size, in this many pieces. */
const KEEP_BYTES = 12 * 1024 * 1024;
const KEEP_SEGMENTS = 100;

/** Removes the oldest segments beyond what is kept. */
const bound = async (folder: string, segments: readonly number[]): Promise<void> => {
  let kept = 0;
  for (const [index, segment] of segments.toReversed().entries()) {
    const log = segmentFile(folder, segment, 'log');
    kept += (await stat(log).catch(() => ({ size: 0 }))).size;
    if (kept <= KEEP_BYTES && index < KEEP_SEGMENTS) continue;
    await rm(log, { force: true });
    await rm(segmentFile(folder, segment, 'seed'), { force: true });
  }
};

/**
 * Prepares the log of a new start and gives its first segment. It begins with an empty screen, so that whoever follows
 * it need not read what earlier starts printed.
 */
export const beginLog = async (folder: string, size: { cols: number; rows: number }): Promise<number> => {
  const { logs, seeds, pending } = await segmentsOf(folder);
  const taken = [...new Set([...logs, ...seeds, ...pending])].toSorted((a, b) => a - b);
  await bound(folder, taken);
  const segment = (taken.at(-1) ?? 0) + 1;
  const seed: Seed = { segment, cols: size.cols, rows: size.rows, text: '' };
  await writeFile(segmentFile(folder, segment, 'seed'), JSON.stringify(seed), { mode: 0o600 });
  return segment;
};

/** At most one photograph of an instance in this time. */
const EVERY_MS = 30_000;

/** Whether a reader would have much to read, or the wrong size, without a new photograph. */
const wantsOne = async (folder: string, pane: PaneInfo): Promise<boolean> => {
  const { logs, seeds } = await segmentsOf(folder);
  const last = seeds.at(-1);
  if (last === undefined) return logs.length > 1;
  if (logs.filter((segment) => segment > last).length > 0) return true;
  const seed = await seedOf(folder, last);
  return seed === null || seed.cols !== pane.cols || seed.rows !== pane.rows;
};

/**
 * Photographs the screens whose log went on to a further segment or whose size changed, so that nobody who comes later
 * has much more than one segment to read. One at a time, and each sparingly: it costs a moment of tmux's time.
 */
export const makePhotographer = (services: DaemonServices, now: () => number = () => performance.now()) => {
  const taken = new Map<string, number>();
  return async (panes: readonly PaneInfo[]): Promise<void> => {
    const { instances } = services.store.state;
    for (const { instance_id: id, pane: own } of Object.values(instances)) {
      const pane = panes.find((one) => one.pane === own && one.droverId === markOf(services.paths, id));
      const folder = `${services.paths.logs}/${id}`;
      const early = now() - (taken.get(id) ?? Number.NEGATIVE_INFINITY) < EVERY_MS;
      if (!pane || pane.dead || early || !(await wantsOne(folder, pane))) continue;
      taken.set(id, now());
      const { logs } = await segmentsOf(folder);
      await services.tmux.checkpoint(pane.pane, folder, (logs.at(-1) ?? 0) + 1);
      return;
    }
  };
};
