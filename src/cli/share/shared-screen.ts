import { makeRedact } from '../../lib/redact.ts';
import { followLog } from '../../logs/follow.ts';
import type { SharedTerminal } from '../../relay/orders.ts';
import { openSecrets } from '../../secrets/store.ts';
import { type Grid, makeGrid, WIDE } from '../../tui/compositor/cell.ts';
import { styleCode } from '../../tui/compositor/colour.ts';
import { drawPaneRow } from '../../tui/compositor/pane-layer.ts';
import { openAgentScreens } from '../../tui/panes/agent-screens.ts';
import { emulatorCursor } from '../../tui/panes/emulator.ts';
import { maskSecrets } from '../redact.ts';

/** An agent's screen as text: what a guest gets is made of cells, so that no other sequence of the agent can be in it. */
type Picture = {
  readonly cols: number;
  readonly rows: number;
  readonly lines: readonly string[];
  readonly cursor: readonly [x: number, y: number] | null;
};

export type SharedScreen = {
  /** Undefined before anything is known. */
  picture(): Picture | undefined;
  close(): void;
};

/** True colour: the guest's own program makes of it what their terminal can show. */
const LEVEL = 3;

const isBlank = (grid: Grid, at: number): boolean => grid.chars[at] === ' ' && grid.fg[at] === 0 && grid.bg[at] === 0;

/** A row with its looks; blanks at its end are left out. */
const styledRow = (grid: Grid): string => {
  let end = grid.cols;
  while (end > 0 && isBlank(grid, end - 1)) end -= 1;
  let text = '';
  let look = [0, 0];
  for (let at = 0; at < end; at += 1) {
    const next = [grid.fg[at]!, grid.bg[at]! & ~WIDE];
    if (next[0] !== look[0] || next[1] !== look[1]) text += styleCode(next[0]!, next[1]!, LEVEL);
    look = next;
    text += grid.chars[at]!;
  }
  return text;
};

/** Of a longer line than so many rows, in each direction, the rest is not looked at. */
const FARTHEST = 40;

type Screen = NonNullable<ReturnType<ReturnType<typeof openAgentScreens>['get']>>;

/** The text of the line that a row is a part of, which a terminal breaks where it is too long; `part` is the row's number in it. */
const wholeLine = ({ buffer: { active } }: Screen, row: number) => {
  const at = active.baseY + row;
  const isBroken = (y: number): boolean => active.getLine(y)?.isWrapped === true;
  let [first, last] = [at, at];
  while (first > 0 && isBroken(first) && at - first < FARTHEST) first -= 1;
  while (isBroken(last + 1) && last - at < FARTHEST) last += 1;
  const rows = Array.from(
    { length: last - first + 1 },
    (_none, n) => active.getLine(first + n)?.translateToString() ?? '',
  );
  return { text: rows.join('').trimEnd(), part: at - first, isCut: isBroken(first) };
};

/**
 * The screen of an agent for guests, from its log. The owner's secrets are under stars, and a line in which something has the
 * form of a token is shown without it, and without looks.
 */
export const openSharedScreen = async (
  { log, size, secrets }: SharedTerminal,
  onChange: () => void,
): Promise<SharedScreen> => {
  const now = () => new Date().toISOString();
  const own = await openSecrets({ ...secrets, now }).values();
  const masked = maskSecrets(own);
  const redact = makeRedact(own);
  const screens = openAgentScreens((_id, sink) => followLog(log, masked.sink(sink), { size }), {
    onReset: onChange,
    onData: onChange,
  });
  screens.follow(['shared']);
  const lineAt = (row: number, grid: Grid): string => {
    const terminal = screens.get('shared')!;
    drawPaneRow(terminal, row, grid, { x: 0, y: 0, width: terminal.cols, dim: false });
    const { text, part, isCut } = wholeLine(terminal, row);
    // Where its beginning is gone, the first word may be the rest of a token that nobody can tell any more.
    const clean = redact(isCut ? text.replace(/^\S+/u, '***') : text);
    return clean === text ? styledRow(grid) : clean.slice(part * terminal.cols, (part + 1) * terminal.cols);
  };
  return {
    picture: () => {
      const terminal = screens.get('shared');
      if (!terminal) return undefined;
      const { cols, rows } = terminal;
      const grid = makeGrid(cols, 1);
      const cursor = emulatorCursor(terminal);
      const lines = Array.from({ length: rows }, (_none, row) => lineAt(row, grid));
      return { cols, rows, lines, cursor: cursor && [cursor.x, cursor.y] };
    },
    close: screens.close,
  };
};
