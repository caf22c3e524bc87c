import type { PatchFile, PatchLine } from '../../text/patch.ts';
import { changedSpans, type Span } from './intraline.ts';

/** One side of a row: a line, and what changed in it. */
export type Half = { readonly line: PatchLine; readonly span: Span | null };

/** Lines that stand beside each other: a line that stayed has both sides, one that came or went may have one. */
export type DiffRow = { readonly left: Half | null; readonly right: Half | null };

const pairOf = (removed: PatchLine | undefined, added: PatchLine | undefined): DiffRow => {
  const spans = removed && added ? changedSpans(removed.text, added.text) : null;
  return {
    left: removed ? { line: removed, span: spans?.before ?? null } : null,
    right: added ? { line: added, span: spans?.after ?? null } : null,
  };
};

/** The rows of a hunk: what was taken away stands beside what came in its place, line by line. */
export const rowsOf = (lines: readonly PatchLine[]): readonly DiffRow[] => {
  const rows: DiffRow[] = [];
  let removed: PatchLine[] = [];
  let added: PatchLine[] = [];
  const flush = (): void => {
    for (let at = 0; at < Math.max(removed.length, added.length); at += 1) rows.push(pairOf(removed[at], added[at]));
    removed = [];
    added = [];
  };
  for (const line of lines) {
    if (line.kind === 'same') {
      flush();
      rows.push({ left: { line, span: null }, right: { line, span: null } });
    } else if (line.kind === 'added') added.push(line);
    else {
      // What comes after lines that were added is a change of its own.
      if (added.length > 0) flush();
      removed.push(line);
    }
  }
  flush();
  return rows;
};

/** The same one below the other: what was taken away, then what came. */
export const unifiedOf = (rows: readonly DiffRow[]): readonly Half[] => {
  const halves: Half[] = [];
  const added: Half[] = [];
  for (const { left, right } of rows) {
    const isSame = left !== null && left.line === right?.line;
    if (isSame) halves.push(...added.splice(0));
    if (left) halves.push(left);
    if (right && !isSame) added.push(right);
  }
  halves.push(...added);
  return halves;
};

export const hunkId = (file: number, hunk: number): string => `f${file}h${hunk}`;
export const fileId = (file: number): string => `f${file}`;
export const lineId = (file: number, { newLine, oldLine }: PatchLine): string =>
  newLine === null ? `f${file}o${oldLine}` : `f${file}n${newLine}`;

/** The file that a line of the view belongs to, by its number; null for those above the first. */
export const fileOf = (id: string): number | null => {
  const file = /^f(?<file>\d+)/u.exec(id)?.groups?.['file'];
  return file === undefined ? null : Number(file);
};

/** A line of a change that a person may point at. */
export type LinePlace = { readonly path: string; readonly side: 'new' | 'old'; readonly line: number };

export const placeOf = (files: readonly PatchFile[], id: string): LinePlace | null => {
  const { file, side, line } = /^f(?<file>\d+)(?<side>[no])(?<line>\d+)$/u.exec(id)?.groups ?? {};
  const path = files[Number(file)]?.path;
  if (path === undefined || side === undefined) return null;
  return { path, side: side === 'n' ? 'new' : 'old', line: Number(line) };
};
