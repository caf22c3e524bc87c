import { messageOf } from '../../lib/errors.ts';
import type { PaneInfo } from '../../ports/index.ts';
import type { Target } from '../../ports/target.ts';
import { type DaemonServices, logFolderOf } from '../services.ts';
import { livingPanes } from './photograph.ts';

/** A log whose writer ends again and again is opened again after this time, then after twice of it, and so on. */
const FIRST_MS = 30_000;
const LAST_MS = 30 * 60_000;

/**
 * Has what living panes of a machine print taken to their logs again where the program that does that has ended: somebody has
 * killed it, or turned it off. Until then their output is lost, and an agent at work looks like one that hangs.
 */
export const makeLogReopener = (
  services: DaemonServices,
  target: Target,
  now: () => number = () => performance.now(),
) => {
  const reopened = new Map<string, { readonly at: number; readonly waitMs: number }>();
  return async (panes: readonly PaneInfo[]): Promise<void> => {
    for (const [id, pane] of livingPanes(services, target, panes)) {
      const last = reopened.get(id);
      const isWaiting = last !== undefined && now() - last.at < last.waitMs;
      if (pane.isLogged || isWaiting) continue;
      // A new log looks like output: of one that never lives nobody would hear that its agent hangs.
      const isAgain = last !== undefined && now() - last.at < 2 * last.waitMs;
      reopened.set(id, { at: now(), waitMs: isAgain ? Math.min(LAST_MS, 2 * last.waitMs) : FIRST_MS });
      services.log(
        `what ${id} prints was not kept any more, because the writer of its log had ended: it is started again`,
      );
      // The looks go on: it may have ended meanwhile.
      await target.tmux
        .checkpoint(pane.pane, logFolderOf(target.paths, id), 0)
        .catch((error: unknown) => services.log(`the log of ${id} cannot be written: ${messageOf(error)}`));
    }
  };
};
