// The baseline of `bench:tui`: the same panes as plain Ink text, with the command line of a person who writes it in an
// afternoon. Arguments: the folder of the logs, then the instances.
import { Box, render, Text, useInput } from 'ink';
import { createElement as h, useEffect, useState } from 'react';
import { followLog } from '../src/logs/follow.ts';
import { openAgentScreens } from '../src/tui/panes/agent-screens.ts';

const [logs, ...ids] = process.argv.slice(2);
const FRAME_MS = 33;

const rowsOf = (terminal, height) => {
  const buffer = terminal.buffer.active;
  const from = buffer.baseY + Math.max(0, buffer.cursorY - height + 1);
  return Array.from({ length: height }, (_, i) => buffer.getLine(from + i)?.translateToString(true) ?? '');
};

const Pane = ({ id, rows, width, height }) =>
  h(
    Box,
    { borderStyle: 'round', width, height, flexDirection: 'column' },
    h(Text, { bold: true }, id),
    ...rows.map((row, i) => h(Text, { key: i, wrap: 'truncate' }, row || ' ')),
  );

const View = () => {
  const [, tick] = useState(0);
  const [typed, setTyped] = useState('');
  useEffect(() => {
    const timer = setInterval(() => dirty && tick((n) => n + 1), FRAME_MS);
    return () => clearInterval(timer);
  }, []);
  useInput((input, key) => setTyped((text) => (key.ctrl ? '' : text + input)));
  dirty = false;
  const columns = Math.ceil(Math.sqrt(ids.length));
  const width = Math.floor(process.stdout.columns / columns);
  const height = Math.floor((process.stdout.rows - 2) / Math.ceil(ids.length / columns));
  return h(
    Box,
    { flexDirection: 'column' },
    h(
      Box,
      { flexWrap: 'wrap', width: process.stdout.columns },
      ...ids.map((id) => {
        const terminal = screens.get(id);
        const rows = terminal ? rowsOf(terminal, height - 3) : [];
        return h(Pane, { key: id, id, rows, width, height });
      }),
    ),
    h(Text, null, `> ${typed}`),
  );
};

let dirty = true;
const touch = () => {
  dirty = true;
};
const screens = openAgentScreens((id, sink) => followLog(`${logs}/${id}`, sink, { size: { cols: 120, rows: 36 } }), {
  onReset: touch,
  onData: touch,
});
screens.follow(ids);
// Ink does the same with its first effect, which comes late where it has much to draw.
process.stdin.setRawMode(true);
process.stdout.write('\u001B[?1049h');
render(h(View), { exitOnCtrlC: false, patchConsole: false });
