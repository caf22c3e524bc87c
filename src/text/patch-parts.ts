import { paint, type Tone } from './table.ts';

/** What a line of a patch is: of the head of a file, the head of a hunk, or only on one side. */
export type PatchPart = 'head' | 'hunk' | 'added' | 'removed';

const FILE = 'diff --git ';
const HUNK = '@@ ';

const inHunk = (line: string): PatchPart | null => {
  if (line.startsWith(HUNK)) return 'hunk';
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : null;
};

/** What each line of a text is that begins as a patch does; null of one that both sides have, and of every line of another text. */
export const patchParts = (lines: readonly string[]): readonly (PatchPart | null)[] => {
  if (!lines[0]?.startsWith(FILE)) return lines.map(() => null);
  let isHead = true;
  return lines.map((line) => {
    // In a hunk each line has a sign or a blank before it, so that none looks like the head of a file or of a hunk.
    if (line.startsWith(FILE)) isHead = true;
    else if (line.startsWith(HUNK)) isHead = false;
    return isHead ? 'head' : inHunk(line);
  });
};

const TONES: Readonly<Record<PatchPart, Tone>> = { head: 'strong', hunk: 'busy', added: 'good', removed: 'bad' };

/** A patch as it is printed, in colours where these are wanted. */
export const drawPatch = (patch: string, color: boolean): string => {
  if (!color) return patch;
  const lines = patch.split('\n');
  const parts = patchParts(lines);
  return lines.map((line, at) => paint(line, parts[at] === null ? undefined : TONES[parts[at]!], color)).join('\n');
};
