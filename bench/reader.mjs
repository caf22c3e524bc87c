// Follows logs into the terminals that the TUI draws from, until its input ends; then says how old each line was when
// it was there. `reader.mjs LOGS COLS ROWS stamps|silent ID...`
import { followLog } from '../src/logs/follow.ts';
import { openAgentScreens } from '../src/tui/panes/agent-screens.ts';
import { makeStamps } from './stamps.mjs';

const [logs, cols, rows, mode, ...ids] = process.argv.slice(2);
const stamps = makeStamps();
const size = { cols: Number(cols), rows: Number(rows) };

const rowsOf = (terminal) => {
  const { active } = terminal.buffer;
  return Array.from(
    { length: terminal.rows },
    (_, y) => active.getLine(active.baseY + y)?.translateToString(true) ?? '',
  );
};

const screens = openAgentScreens((id, sink) => followLog(`${logs}/${id}`, sink, { size }), {
  onReset: () => undefined,
  onData: (id) => {
    const terminal = mode === 'stamps' ? screens.get(id) : undefined;
    if (terminal) stamps.look(id, rowsOf(terminal));
  },
});
screens.follow(ids);
process.stdin.resume().on('end', () => {
  screens.close();
  process.stdout.write(JSON.stringify(stamps.ages), () => process.exit(0));
});
