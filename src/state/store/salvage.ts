import { copyFile, mkdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Paths } from '../../lib/paths.ts';
import { emptyState } from '../index.ts';
import { laterBeside, readBases, writeBase } from './base.ts';
import { type Checked, checkJournal } from './check.ts';
import { cutFile, realDisk } from './disk.ts';
import { eventsText } from './errors.ts';
import { takeLock } from './lock.ts';
import { readMark } from './mark.ts';
import { openStore, type StoreOptions } from './open.ts';
import { backupOf, readProjection } from './projection.ts';
import { foldSegment, type Tip } from './recover.ts';
import { isPacked, type Scanned } from './segment.ts';

/** Whether a segment goes on from here. */
const continuesFrom = (segment: Scanned, { state: { seq }, crc }: Tip): boolean => {
  if (segment.first > seq + 1 || segment.end.seq < seq) return false;
  const there = seq < segment.first ? segment.start : segment.lines.at(seq - segment.first)!.crc;
  return there === crc;
};

/** The state as far as sound segments lead from a starting point without a gap. */
const advance = (from: Tip, segments: readonly Scanned[]): Tip => {
  let tip = from;
  for (const segment of segments)
    if (continuesFrom(segment, tip)) tip = { state: foldSegment(tip.state, segment), crc: segment.end.crc };
  return tip;
};

/**
 * Every state that is known as such: of db.json, of its backup, behind the last gap, and the one before all events. Rejects where
 * a later version wrote one of them: what looks damaged without it may be whole.
 */
const knownStates = async ({ projection, journal }: Paths, release: string | undefined): Promise<readonly Tip[]> => {
  const files = [projection, backupOf(projection)];
  const readings = await Promise.all(files.map((file) => readProjection(file, realDisk, release)));
  const later = await laterBeside(journal, realDisk, release);
  if (later) throw later.error;
  const bases = await Array.fromAsync(readBases(journal, { release }));
  const known: Tip[] = readings.flatMap((one) => one.projection ?? []);
  return [...known, ...bases, { state: emptyState, crc: 0 }];
};

/** What a repair would come to: the last good state, and which events are lost by it. */
export type Salvage = {
  readonly tip: Tip;
  readonly checked: readonly Checked[];
  /** The number of the last event that anything knows of. */
  readonly highest: number;
};

/** Finds the last good state of a damaged journal, without changing anything. Rejects where a later version wrote it. */
export const planSalvage = async (paths: Paths, release?: string): Promise<Salvage> => {
  const checked: Checked[] = [];
  for await (const one of checkJournal(paths.journal)) {
    if (one.refusal) throw one.refusal;
    checked.push(one);
  }
  const segments = checked.flatMap(({ sound }) => sound ?? []);
  const tips = (await knownStates(paths, release)).map((from) => advance(from, segments));
  const tip = tips.reduce((best, one) => (one.state.seq > best.state.seq ? one : best));
  const ends = checked.flatMap(({ sound, fault }) => [sound?.end.seq ?? 0, fault?.to ?? 0]);
  return { tip, checked, highest: Math.max(tip.state.seq, await readMark(paths), ...ends) };
};

/** What is lost for good by going on from the last good state; undefined when nothing is but history. */
export const lossText = ({ tip, highest }: Salvage): string | undefined =>
  highest > tip.state.seq ? `${eventsText(tip.state.seq + 1, highest)} of the journal` : undefined;

/** Sets a damaged or unreachable segment aside, and leaves of it in its place what is sound and leads to the state. */
const setAside = async ({ ref, sound }: Checked, tip: Tip, folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const aside = join(folder, basename(ref.path));
  // What cannot be cut goes as a whole: only the listing of it is lost.
  const isKept = !isPacked(ref) && sound !== null && sound.lines.length > 0 && sound.end.seq <= tip.state.seq;
  if (!isKept) return rename(ref.path, aside);
  await copyFile(ref.path, aside);
  await cutFile(ref.path, sound.end.offset);
};

const isLeft = ({ sound, fault }: Checked, tip: Tip): boolean =>
  sound !== null && (fault === null || sound.damage === null) && sound.end.seq <= tip.state.seq;

type Salvaged = Salvage & {
  /** Whether anything was set aside: where a segment is gone, nothing is there that could be. */
  readonly moved: boolean;
};

/** What was done, in a sentence. */
const doneText = (salvaged: Salvaged, folder: string): string => {
  const lost = lossText(salvaged);
  const done = salvaged.moved
    ? `the damaged part of the journal was set aside in ${folder}`
    : 'a part of the journal is gone, and nothing of it was there to be set aside';
  const price = lost === undefined ? '' : `, and ${lost} ${lost.startsWith('events') ? 'are' : 'is'} lost`;
  return `${done}; the state goes on from event ${salvaged.tip.state.seq}${price}`;
};

/**
 * Sets the damaged part of the journal aside, never deletes any, and has the next start go on from the last good state.
 * Rejects with `store/locked` while a daemon runs. Gives a sentence on what was done; undefined where nothing had to be.
 */
export const salvageJournal = async (
  paths: Paths,
  now: () => string,
  release?: string,
): Promise<string | undefined> => {
  const folder = join(paths.state, `damaged-${now().replaceAll(/[:.]/gu, '-')}`);
  const salvaged = await salvageUnderLock({ paths, now, release }, folder);
  if (salvaged === undefined) return undefined;
  const lost = lossText(salvaged);
  const message = doneText(salvaged, folder);
  await using store = await openStore({ paths, now, release });
  const alert = { severity: 'error', suggestion: 'list tasks', instance: null, task: null } as const;
  await store.append(
    [
      { type: 'journal.repaired', data: { message } },
      ...(lost === undefined
        ? []
        : [{ type: 'alert.raised', data: { id: 'journal-lost', text: message, ...alert } } as const]),
    ],
    { actor: 'doctor', corr: 'repair' },
  );
  return message;
};

const salvageUnderLock = async (
  { paths, now, release }: Pick<StoreOptions, 'paths' | 'now' | 'release'>,
  folder: string,
): Promise<Salvaged | undefined> => {
  await using _lock = await takeLock(paths.lock);
  const plan = await planSalvage(paths, release);
  const harmed = plan.checked.filter((one) => !isLeft(one, plan.tip));
  const isWhole = harmed.length === 0 && plan.checked.every(({ fault }) => fault === null);
  // The number that was acknowledged last may be ahead of all that is there: then something is gone as well.
  if (isWhole && lossText(plan) === undefined) return undefined;
  for (const one of harmed) await setAside(one, plan.tip, folder);
  await writeBase({ journal: paths.journal, release }, plan.tip, now());
  return { ...plan, moved: harmed.length > 0 };
};
