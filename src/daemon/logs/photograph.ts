import type { PaneInfo } from '../../ports/index.ts';
import type { Target } from '../../ports/target.ts';
import { type DaemonServices, logFolderOf, markOf } from '../services.ts';

/** At most one photograph of an instance in this time; where its size is as before it is not even asked whether it needs one. */
const EVERY_MS = 30_000;

type Asked = { readonly at: number; readonly size: string; readonly isTaken: boolean };

/** The panes of a machine whose programs live, by their instances. */
export const livingPanes = (
  { store }: DaemonServices,
  { paths }: Target,
  panes: readonly PaneInfo[],
): readonly (readonly [instance: string, pane: PaneInfo])[] => {
  const living = new Map(panes.flatMap((one) => (one.dead ? [] : [[`${one.pane} ${one.droverId}`, one]])));
  return Object.values(store.state.instances).flatMap(({ instance_id: id, pane: own }) => {
    const pane = living.get(`${own} ${markOf(paths, id)}`);
    return pane ? [[id, pane] as const] : [];
  });
};

/**
 * Photographs the screens of a machine whose log went on to a further segment or whose size changed, so that nobody who comes later
 * has much more than one segment to read. One at a time, and each sparingly: it costs a moment of tmux's time.
 */
export const makePhotographer = (
  services: DaemonServices,
  target: Target,
  now: () => number = () => performance.now(),
) => {
  const { logs, paths, tmux } = target;
  const asked = new Map<string, Asked>();
  return async (panes: readonly PaneInfo[]): Promise<void> => {
    for (const [id, pane] of livingPanes(services, target, panes)) {
      const folder = logFolderOf(paths, id);
      const [last, size] = [asked.get(id), `${pane.cols}x${pane.rows}`];
      if (last && now() - last.at < EVERY_MS && (last.isTaken || last.size === size)) continue;
      const segment = await logs.photographSegment(folder, pane);
      asked.set(id, { at: now(), size, isTaken: segment !== null });
      if (segment === null) continue;
      await tmux.checkpoint(pane.pane, folder, segment);
      return;
    }
  };
};
