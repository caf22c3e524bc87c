import type { PaneInfo } from '../../ports/index.ts';
import type { Target } from '../../ports/target.ts';
import { type DaemonServices, logFolderOf, markOf } from '../services.ts';

/** At most one photograph of an instance in this time. */
const EVERY_MS = 30_000;

/**
 * Photographs the screens of a machine whose log went on to a further segment or whose size changed, so that nobody who comes later
 * has much more than one segment to read. One at a time, and each sparingly: it costs a moment of tmux's time.
 */
export const makePhotographer = (
  services: DaemonServices,
  { logs, paths, tmux }: Target,
  now: () => number = () => performance.now(),
) => {
  const taken = new Map<string, number>();
  return async (panes: readonly PaneInfo[]): Promise<void> => {
    const { instances } = services.store.state;
    for (const { instance_id: id, pane: own } of Object.values(instances)) {
      const pane = panes.find((one) => one.pane === own && one.droverId === markOf(paths, id));
      const folder = logFolderOf(paths, id);
      const early = now() - (taken.get(id) ?? Number.NEGATIVE_INFINITY) < EVERY_MS;
      const segment = !pane || pane.dead || early ? null : await logs.photographSegment(folder, pane);
      if (!pane || segment === null) continue;
      taken.set(id, now());
      await tmux.checkpoint(pane.pane, folder, segment);
      return;
    }
  };
};
