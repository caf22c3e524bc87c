import stringWidth from 'string-width';
import type { Place } from './compositor/compositor.ts';
import type { Layout } from './layout.ts';
import type { PromptState } from './prompt-state.ts';

/** Stands before the command line. */
export const SIGN = ' ❯ ';

/** The part of the line around the cursor that fits, and how many cells into it the cursor stands. */
export const promptWindow = (
  { characters, cursor }: PromptState,
  width: number,
): { readonly text: string; readonly cursor: number } => {
  const room = Math.max(1, width - SIGN.length - 1);
  let from = cursor;
  let used = 0;
  while (from > 0 && used + stringWidth(characters[from - 1]!) <= room) {
    from -= 1;
    used += stringWidth(characters[from]!);
  }
  let to = cursor;
  let all = used;
  while (to < characters.length && all + stringWidth(characters[to]!) <= room) {
    all += stringWidth(characters[to]!);
    to += 1;
  }
  return { text: characters.slice(from, to).join(''), cursor: used };
};

/** The cell of the screen where the terminal's own cursor belongs while a command is typed. */
export const promptCursor = (prompt: PromptState, { prompt: rect }: Layout): Place => ({
  x: rect.x + SIGN.length + promptWindow(prompt, rect.width).cursor,
  y: rect.y + (rect.height >= 4 ? 1 : 0),
});
