import { cellsOf } from '../compositor/cells-of.ts';
import type { CellPosition } from '../compositor/compositor.ts';
import type { Layout } from '../model/layout.ts';
import { fitText } from '../widgets/pieces.ts';
import type { PromptState } from './prompt-state.ts';
import type { Line } from './prompt-text.ts';

/** The sign before the command line. */
const SIGN = ' ❯ ';
/** The sign for the end of a line within the command. */
const LINE_END = '⏎';

/** The sign before the line; while the history is searched, with the query. */
export const signOf = ({ search }: Pick<PromptState, 'search'>, width: number): string => {
  if (!search) return SIGN;
  const label = search.missing ? ' nothing more with' : ' search';
  return `${fitText(`${label} "${search.query}`, Math.max(8, Math.floor(width / 2) - 4))}"${SIGN}`;
};

const glyphOf = (character: string): string => (character === '\n' ? LINE_END : character);

/** The part of a line that is shown: the text before and behind the cursor, and how many cells the first takes. */
type LineWindow = {
  readonly text: string;
  readonly before: string;
  readonly after: string;
  readonly cursor: number;
};

/** The part of the line around the cursor that fits into so many cells beside the cursor itself. */
export const windowOf = ({ characters, cursor }: Line, cells: number): LineWindow => {
  const room = Math.max(1, cells - 1);
  const width = (at: number): number => cellsOf(glyphOf(characters[at]!));
  let from = cursor;
  let used = 0;
  while (from > 0 && used + width(from - 1) <= room) {
    from -= 1;
    used += width(from);
  }
  let to = cursor;
  let all = used;
  while (to < characters.length && all + width(to) <= room) {
    all += width(to);
    to += 1;
  }
  const [before, after] = [characters.slice(from, cursor), characters.slice(cursor, to)].map((part) =>
    part.map(glyphOf).join(''),
  ) as [string, string];
  return { text: before + after, before, after, cursor: used };
};

/** The part of the command line that fits behind its sign. */
export const promptWindow = (prompt: PromptState, width: number): LineWindow =>
  windowOf(prompt, width - cellsOf(signOf(prompt, width)));

/** The cell of the screen where the terminal's own cursor belongs while a command is typed. */
export const promptCursor = (prompt: PromptState, { prompt: rect }: Layout): CellPosition => ({
  x: rect.x + cellsOf(signOf(prompt, rect.width)) + promptWindow(prompt, rect.width).cursor,
  y: rect.y + (rect.height >= 4 ? 1 : 0),
});
