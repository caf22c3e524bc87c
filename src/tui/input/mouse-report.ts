/** A report of what the mouse did on a cell, counted from 0. `code` is the terminal's own number for the action. */
export type MouseReport = {
  readonly kind: 'mouse';
  readonly action: 'press' | 'release' | 'move' | 'wheel-up' | 'wheel-down';
  readonly button: number;
  readonly code: number;
  readonly x: number;
  readonly y: number;
};

const SGR = /^\u001B\[<(?<code>\d{1,4});(?<x>\d{1,5});(?<y>\d{1,5})(?<final>[Mm])$/u;
const WHEEL = 64;
const MOTION = 32;

const actionOf = (code: number, final: string): MouseReport['action'] => {
  if ((code & WHEEL) !== 0) return (code & 1) === 0 ? 'wheel-up' : 'wheel-down';
  if (final === 'm') return 'release';
  return (code & MOTION) === 0 ? 'press' : 'move';
};

/** Reads a report of the mouse in the SGR form; undefined for every other sequence. */
export const mouseReport = (sequence: string): MouseReport | undefined => {
  const found = SGR.exec(sequence)?.groups;
  if (!found) return undefined;
  const code = Number(found['code']);
  const place = { x: Math.max(0, Number(found['x']) - 1), y: Math.max(0, Number(found['y']) - 1) };
  return { kind: 'mouse', action: actionOf(code, found['final'] ?? ''), button: code & 3, code, ...place };
};

/** The same report for a terminal whose first cell is at this place of the screen. */
export const reportAt = ({ code, action, x, y }: MouseReport, origin: { x: number; y: number }): string =>
  `\u001B[<${code};${x - origin.x + 1};${y - origin.y + 1}${action === 'release' ? 'm' : 'M'}`;
