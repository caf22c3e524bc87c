import { existsSync } from 'node:fs';
import xterm from '@xterm/headless';
import { expect, test, vi } from 'vitest';
import { followLog } from '../../src/logs/follow.ts';
import { testServer } from '../tmux/server.ts';

const SIZE = { cols: 80, rows: 24 };

test('a follower shows what tmux shows while the agent prints and photographs are taken', async () => {
  await using server = testServer();
  const script = 'for i in $(seq 400); do echo "line $i"; sleep 0.005; done; touch finished; exec sleep 1000';
  const { pane } = await server.tmux.create(server.spec('f', script, SIZE));
  const logDir = server.path('logs/f');
  const terminal = new xterm.Terminal({ ...SIZE, allowProposedApi: true, scrollback: 0 });
  let resets = 0;
  const sink = {
    reset: ({ cols, rows, text }: { cols: number; rows: number; text: string }) => {
      resets += 1;
      terminal.reset();
      terminal.resize(cols, rows);
      terminal.write(text);
    },
    data: (bytes: Uint8Array) => terminal.write(bytes),
  };
  const follower = followLog(logDir, sink, { size: SIZE, pollMs: 50 });
  let taken = 0;
  while (!existsSync(server.path('finished'))) {
    taken += 1;
    await server.tmux.checkpoint(pane, logDir, taken + 1);
  }
  // The file is there before tmux has read the last line.
  const shown = async () => (await server.tmux.capture(pane)).trimEnd();
  await vi.waitUntil(async () => (await shown()).includes('line 400'));
  const expected = await shown();
  const rows = () =>
    Array.from({ length: SIZE.rows }, (_, y) => terminal.buffer.active.getLine(y)?.translateToString(true) ?? '')
      .join('\n')
      .trimEnd();
  await vi.waitUntil(() => rows() === expected).catch(() => expect(rows()).toBe(expected));
  expect(resets).toBeGreaterThan(2);
  follower.close();
  expect(await follower.ended).toBeNull();
  terminal.dispose();
});
