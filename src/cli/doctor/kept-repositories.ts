import { lstat, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KEPT_FOLDER } from '../../git/trash-place.ts';
import { spanText } from '../../lib/duration.ts';
import type { Paths } from '../../lib/paths.ts';
import { valuesOf } from '../../lib/records.ts';
import { shownLine } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import { formatSize } from '../../text/wording.ts';
import { ask, type Examination } from './examination.ts';
import { commandLine, type Finding, note } from './finding.ts';

/** A folder with repositories that a task left in a worktree, which lies beside that. */
export type KeptFolder = {
  readonly name: string;
  readonly path: string;
  /** In milliseconds since 1970. */
  readonly keptAt: number;
  /** Null where that cannot be told in time. */
  readonly bytes: number | null;
};

const sizeOf = async (examination: Examination, path: string): Promise<number | null> => {
  const exit = await ask(examination, 'du', ['-sk', '--', path]);
  const kilobytes = /^\d+/u.exec(exit?.stdout ?? '')?.[0];
  return exit?.code === 0 && kilobytes !== undefined ? Number(kilobytes) * 1024 : null;
};

/** All of them, beside the worktrees and beside those of instances whose worktree lies elsewhere. */
export const findKept = async (
  examination: Examination,
  { worktrees }: Pick<Paths, 'worktrees'>,
  { instances }: State,
): Promise<readonly KeptFolder[]> => {
  const parents = new Set([worktrees, ...valuesOf(instances).map((one) => dirname(one.workspace_path))]);
  const places = [...parents].map((parent) => `${parent}/${KEPT_FOLDER}`);
  const listed = await Promise.all(
    places.map(async (place) =>
      (await readdir(place).catch(() => [])).map((name) => ({ name, path: `${place}/${name}` })),
    ),
  );
  const found = listed.flat().map(async (one): Promise<KeptFolder[]> => {
    const info = await lstat(one.path).catch(() => undefined);
    return info ? [{ ...one, keptAt: info.mtimeMs, bytes: await sizeOf(examination, one.path) }] : [];
  });
  return (await Promise.all(found)).flat();
};

/** What is to be said of them; they stay until somebody asks for their end. */
export const judgeKept = ({ kept, now }: { kept: readonly KeptFolder[]; now: number }): Finding[] =>
  kept.map(({ name, path, keptAt, bytes }) => {
    const size = bytes === null ? 'of unknown size' : formatSize(bytes);
    const cause = `${shownLine(path)} has repositories that a task left in its worktree (${size}, ${spanText(Math.max(0, now - keptAt))} old); they stay until somebody removes them`;
    const repair = commandLine('drover', 'worktrees', 'clean', `kept=${name}`);
    return { ...note('leftover.kept', 'repositories', cause, repair), label: 'when nothing of it is needed' };
  });
