/** The terminal's state as tmux reports it, in the order of {@link STATE_FORMAT}. */
const STATE_FIELDS = [
  'pane_width',
  'pane_height',
  'cursor_x',
  'cursor_y',
  'cursor_flag',
  'wrap_flag',
  'insert_flag',
  'origin_flag',
  'scroll_region_upper',
  'scroll_region_lower',
  'keypad_cursor_flag',
  'keypad_flag',
  'mouse_standard_flag',
  'mouse_button_flag',
  'mouse_any_flag',
  'mouse_sgr_flag',
  'alternate_on',
  'alternate_saved_x',
  'alternate_saved_y',
] as const;

type State = Readonly<Record<(typeof STATE_FIELDS)[number], number>>;

export const STATE_FORMAT = STATE_FIELDS.map((name) => `#{${name}}`).join(' ');

const parseState = (line: string): State => {
  const numbers = line.split(' ').map(Number);
  return Object.fromEntries(STATE_FIELDS.map((name, i) => [name, numbers[i] ?? 0])) as State;
};

const at = (x: number, y: number): string => `\u001B[${y + 1};${x + 1}H`;

// Attributes carry over from row to row in a capture.
const PEN = /\u001B\[[\d;:]*m|[\u000E\u000F]/gu;
const penAfter = (rows: readonly string[]): string => (rows.join('').match(PEN) ?? []).join('');

// Each row is put to its place, so that characters whose width is in dispute cannot shift what follows. A cursor beyond
// the last column only comes about by printing its row to the end once more.
const drawn = (rows: readonly string[], cursor: { x: number; y: number; cols: number }): string => {
  const shown = rows.map((row, y) => (row === '' ? '' : at(0, y) + row)).join('');
  const last = cursor.x >= cursor.cols ? rows[cursor.y] : undefined;
  const cursorText =
    last === undefined
      ? at(Math.min(cursor.x, cursor.cols - 1), cursor.y)
      : `\u001B[m\u000F${penAfter(rows.slice(0, cursor.y))}${at(0, cursor.y)}${last}`;
  return `\u001B)0${shown}${cursorText}\u001B[m\u000F`;
};

// Only what differs from a fresh terminal. The scroll region and origin mode move the cursor: they come before it.
const modesBefore = (s: State): string => {
  const partial = s.scroll_region_upper !== 0 || s.scroll_region_lower !== s.pane_height - 1;
  return partial ? `\u001B[${s.scroll_region_upper + 1};${s.scroll_region_lower + 1}r` : '';
};

const modesAfter = (s: State): string =>
  [
    s.wrap_flag === 0 ? '\u001B[?7l' : '',
    s.insert_flag === 1 ? '\u001B[4h' : '',
    s.cursor_flag === 0 ? '\u001B[?25l' : '',
    s.keypad_cursor_flag === 1 ? '\u001B[?1h' : '',
    s.keypad_flag === 1 ? '\u001B=' : '',
    s.mouse_standard_flag === 1 ? '\u001B[?1000h' : '',
    s.mouse_button_flag === 1 ? '\u001B[?1002h' : '',
    s.mouse_any_flag === 1 ? '\u001B[?1003h' : '',
    s.mouse_sgr_flag === 1 ? '\u001B[?1006h' : '',
  ].join('');

// Origin mode sends the cursor home; it is set last and the cursor put back relative to the region.
const origin = (s: State): string =>
  s.origin_flag === 1 ? `\u001B[?6h${at(s.cursor_x, s.cursor_y - s.scroll_region_upper)}` : '';

/** Turns the state line, the visible rows and the rows under an alternate screen into text that draws them. */
export const seedText = (stdout: string): { cols: number; rows: number; text: string } => {
  const [line = '', ...rest] = stdout.split('\n');
  const state = parseState(line);
  const { pane_width: cols, pane_height: rows } = state;
  const visible = rest.slice(0, rows);
  const saved = rest.slice(rows, rows * 2);
  const alternate = state.alternate_on === 1;
  const under = alternate
    ? `${drawn(saved, { x: state.alternate_saved_x, y: state.alternate_saved_y, cols })}\u001B[?1049h`
    : '';
  const screen = drawn(visible, { x: state.cursor_x, y: state.cursor_y, cols });
  return { cols, rows, text: `${under}${modesBefore(state)}${screen}${modesAfter(state)}${origin(state)}` };
};
