import { readTypedEvents } from '../../web/socket/typed-events.ts';
import type { TypedEvent } from '../../web/wire.ts';

/** What a guest may say: what was typed, and only where the guest may type. A program that only looks says nothing at all. */
export type GuestFrame = { readonly kind: 'typed'; readonly events: readonly TypedEvent[] };

/** A row of the screen by its number, as text with the sequences for its looks and no other. */
type Row = readonly [y: number, text: string];

/** What a guest is told. */
export type HostFrame =
  | { readonly kind: 'welcome'; readonly instance: string; readonly rw: boolean; readonly until: string }
  /** The rows that differ from those before; all that are not empty after a change of the size. */
  | {
      readonly kind: 'screen';
      readonly cols: number;
      readonly rows: number;
      readonly changed: readonly Row[];
      readonly cursor: readonly [x: number, y: number] | null;
    }
  /** It is over, or did not begin; with the exit code that says so. */
  | { readonly kind: 'end'; readonly exit: 0 | 4; readonly message: string };

/** The largest terminal that is drawn, and the longest row, in cells and characters. */
const MOST_CELLS = 1000;
const LONGEST_ROW = 64 * 1024;

const isSize = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MOST_CELLS;
const isPlace = (value: unknown): value is number => value === 0 || isSize(value);

const isRow = (value: unknown): value is Row =>
  Array.isArray(value) && isPlace(value[0]) && typeof value[1] === 'string' && value[1].length <= LONGEST_ROW;

const isCursor = (value: unknown): value is readonly [number, number] | null =>
  value === null || (Array.isArray(value) && isPlace(value[0]) && isPlace(value[1]));

const objectIn = (text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

/** Reads what a guest says; undefined when it is nothing that a guest may say. */
export const readGuestFrame = (text: string): GuestFrame | undefined => {
  const { kind, events } = objectIn(text);
  const read = kind === 'typed' ? readTypedEvents(events) : undefined;
  return read && { kind: 'typed', events: read };
};

/** Reads what a guest is told, whom the other user's program may want no good; undefined when it is nothing of the kind. */
export const readHostFrame = (text: string): HostFrame | undefined => {
  const { kind, ...rest } = objectIn(text);
  const { instance, rw, until, cols, rows, changed, cursor, exit, message } = rest;
  if (kind === 'welcome' && typeof instance === 'string' && typeof rw === 'boolean' && typeof until === 'string')
    return { kind, instance, rw, until };
  if (kind === 'end' && typeof message === 'string') return { kind, exit: exit === 0 ? 0 : 4, message };
  const isScreen = kind === 'screen' && isSize(cols) && isSize(rows) && isCursor(cursor);
  return isScreen && Array.isArray(changed) && changed.every(isRow) ? { kind, cols, rows, changed, cursor } : undefined;
};
