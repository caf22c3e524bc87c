import { unlessMissing } from '../../lib/missing.ts';
import type { Paths } from '../../lib/paths.ts';
import type { State } from '../index.ts';
import { wholeStart } from './base.ts';
import { journalMissing } from './errors.ts';
import { takeLock } from './lock.ts';
import { PROJECTION_VERSION } from './migrate.ts';
import { openProjection, readProjection } from './projection.ts';
import { replayAll } from './recover.ts';
import { listSegments } from './segment.ts';

/**
 * Makes `db.json` anew from the whole journal, without looking at the old one. Rejects with `store/locked` while a
 * daemon runs, and with `store/no-journal` rather than replace what is there by nothing.
 */
export const rebuildProjection = async (
  paths: Paths,
  now: () => string = () => new Date().toISOString(),
): Promise<{ readonly seq: number }> => {
  const refs = (await unlessMissing(listSegments(paths.journal))) ?? [];
  if (refs.length === 0) throw journalMissing({ journal: paths.journal });
  await using _lock = await takeLock(paths.lock);
  const whole = await listSegments(paths.journal);
  const from = await wholeStart(paths.journal, whole);
  const { state, crc } = await replayAll(whole, from ? [from] : []);
  const { seq } = state;
  await openProjection(paths.projection, { version: PROJECTION_VERSION, seq, crc, written_at: now(), state }).write();
  return { seq };
};

/** The state as `db.json` has it, for those who only look and have no daemon to ask; null when it is not there or not sound. */
export const readProjectionState = async (paths: Paths): Promise<State | null> =>
  (await readProjection(paths.projection)).projection?.state ?? null;
