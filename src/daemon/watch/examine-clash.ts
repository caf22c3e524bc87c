import { conflictFile } from '../../merge/conflict-record.ts';
import { ruleFor } from '../../merge/path-rules.ts';
import { type FileResolution, resolveFile } from '../../merge/resolve-file.ts';
import type { ConflictedFile } from '../../ports/index.ts';
import type { WorkNow } from '../../ports/radar.ts';
import type { ConflictFile } from '../../state/conflict-records.ts';
import { sideName } from '../../text/conflict-text.ts';
import type { DaemonServices } from '../services.ts';
import type { Met } from './conflict-facts.ts';

/** What is said of a file that one of the two has taken away; null of one that both have. */
const takenAway = (met: Met, { ours, theirs }: ConflictedFile): FileResolution | null => {
  if (ours !== null && theirs !== null) return null;
  const [changed, removed] = ours === null ? ([1, 0] as const) : ([0, 1] as const);
  const how = `${sideName(met, changed)} changed it, and ${sideName(met, removed)} took it away`;
  return { kind: 'open', how, text: null };
};

/** Where two works exclude each other, place by place, and what the rules for conflicts would make of it. */
export const examineClash = async (
  { home: { git }, settings }: Pick<DaemonServices, 'home' | 'settings'>,
  met: Met,
  [ours, theirs]: readonly [WorkNow, WorkNow],
): Promise<readonly ConflictFile[]> => {
  // Histories without a common commit meet in no file.
  if (met.files.some(({ path }) => path === '')) return [];
  const examined: ConflictFile[] = [];
  for (const file of await git.clashTexts(ours, theirs)) {
    const rule = ruleFor(file.path, settings.integration.resolve);
    const resolution = takenAway(met, file) ?? (await resolveFile(file, rule, { mergeTexts: git.mergeTexts }));
    examined.push(conflictFile(file, resolution));
  }
  return examined;
};
