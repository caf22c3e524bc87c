import { setTimeout as pause } from 'node:timers/promises';
import { checksFolder, type Paths } from '../../lib/paths.ts';
import { shownLine } from '../../lib/text.ts';
import type { LostForwarder } from '../../ports/target.ts';
import { lostForwarders } from '../../process/lost-forwarders.ts';
import { commandLine, type Finding, warning } from './finding.ts';

/** One that ends with its program looks for it once a second, so that what is left after this time stays. */
const ENDS_MS = 1200;

/** What led sandboxes of this repository to their proxies and is left of them. */
export const findForwarders = async (place: Pick<Paths, 'spool' | 'commonDir'>): Promise<readonly LostForwarder[]> => {
  const look = () => lostForwarders([place.spool, checksFolder(place)]);
  const first = new Set(look().map(({ pid }) => pid));
  if (first.size === 0) return [];
  await pause(ENDS_MS);
  return look().filter(({ pid }) => first.has(pid));
};

export const judgeForwarders = (forwarders: readonly LostForwarder[]): Finding[] =>
  forwarders.map((forwarder) => {
    const { pid, folder } = forwarder;
    const cause = `process ${pid} leads a sandbox to ${shownLine(folder)} whose program is gone; the next daemon ends it as well`;
    const found = warning('leftover.forwarder', 'forwarder', cause, commandLine('kill', '-KILL', String(pid)));
    return { ...found, fix: { kind: 'end-forwarder', forwarder } };
  });
