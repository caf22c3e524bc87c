import type { ConflictedFile } from '../ports/conflicts.ts';
import type { ConflictFile } from '../state/conflict-records.ts';
import { hunksIn, isHunk, linesInConflict, type MarkedText } from './hunks.ts';
import type { FileResolution } from './resolve-file.ts';

/** So much of a conflict is kept for people: the files themselves are in git. */
const KEPT_HUNKS = 5;
const KEPT_LINES = 20;
const CONTEXT = 3;
const WIDTH = 300;

const plain = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/\r?\n$/u, '').slice(0, WIDTH));

const cut = (lines: readonly string[]): string[] =>
  lines.length <= KEPT_LINES
    ? plain(lines)
    : [...plain(lines.slice(0, KEPT_LINES)), `… and ${lines.length - KEPT_LINES} more lines`];

const hunksOf = (text: MarkedText): ConflictFile['hunks'] => {
  const found: ConflictFile['hunks'] = [];
  let line = 1;
  for (const [at, part] of text.entries()) {
    if (!isHunk(part)) {
      line += part.length;
      continue;
    }
    const [above, below] = [text[at - 1], text[at + 1]];
    found.push({
      line,
      before: above && !isHunk(above) ? plain(above.slice(-CONTEXT)) : [],
      base: cut(part.base),
      ours: cut(part.ours),
      theirs: cut(part.theirs),
      after: below && !isHunk(below) ? plain(below.slice(0, CONTEXT)) : [],
    });
    line += part.ours.length;
  }
  return found.slice(0, KEPT_HUNKS);
};

/** What is told of a file that conflicts, and how it was resolved or why it was not. */
export const conflictFile = ({ path }: ConflictedFile, resolution: FileResolution): ConflictFile => {
  const { kind, how } = resolution;
  const text = kind === 'open' ? resolution.text : null;
  return {
    path,
    solved: kind !== 'open',
    how,
    lines: text === null ? 0 : linesInConflict(hunksIn(text)),
    hunks: text === null ? [] : hunksOf(text),
    ...(kind === 'solved' && resolution.memory !== undefined ? { memory: resolution.memory } : {}),
  };
};
