/** Starts a synchronized update: the terminal shows nothing of it before {@link END}. */
export const BEGIN = '\u001B[?2026h';
export const END = '\u001B[?2026l';

/** Alternate screen, no cursor, no wrapping at the edge, pastes marked as such. */
export const ENTER = '\u001B[?1049h\u001B[?25l\u001B[?7l\u001B[?2004h\u001B[m\u001B[2J\u001B[H';

/** What the mouse reports: nothing, what is clicked and scrolled, or also how it is dragged. */
export type MouseMode = 'off' | 'clicks' | 'drags';
export const MOUSE = {
  off: '\u001B[?1002l\u001B[?1000l\u001B[?1006l',
  clicks: '\u001B[?1002l\u001B[?1000h\u001B[?1006h',
  drags: '\u001B[?1000h\u001B[?1002h\u001B[?1006h',
} as const satisfies Record<MouseMode, string>;

/** Undoes every mode that {@link ENTER}, a frame or another program may have left, even in the middle of something. */
export const RESTORE = `\u001B\\${END}\u001B[m${MOUSE.off}\u001B[?2004l\u001B[?7h\u001B[?25h`;

/** The same, and back to the screen that was there before {@link ENTER}. */
export const LEAVE = `${RESTORE}\u001B[?1049l`;

/** A cursor that does not blink, and the one that the person has chosen. */
export const STEADY_CURSOR = '\u001B[2 q';
export const ANY_CURSOR = '\u001B[0 q';

export const CLEAR = '\u001B[m\u001B[2J';
export const SHOW_CURSOR = '\u001B[?25h';
export const HIDE_CURSOR = '\u001B[?25l';

export const cursorTo = ({ x, y }: { x: number; y: number }): string => `\u001B[${y + 1};${x + 1}H`;
