import pty from '@lydell/node-pty';
import { expect, test, vi } from 'vitest';
import { ttySource } from '../../../src/tui/input/tty-source.ts';

test('the keyboard is read while it is open, and not one key after it was closed', async () => {
  const echo =
    'process.stdin.once("data", (keys) => { process.stdout.write("GUEST " + keys); setTimeout(() => process.exit(0), 50) })';
  const wait = 'setTimeout(() => undefined, 1e6)';
  const program = pty.spawn(
    process.execPath,
    ['-e', `process.on("SIGUSR1", () => { ${echo} }); process.stdout.write("READY"); ${wait}`],
    {
      name: 'xterm',
      cols: 80,
      rows: 24,
    },
  );
  let printed = '';
  let over = false;
  program.onData((data) => {
    printed += data;
  });
  program.onExit(() => {
    over = true;
  });
  await vi.waitUntil(() => printed.includes('READY'));
  const path = (program as unknown as { ptsName: string }).ptsName;
  const source = ttySource(path);
  let got = '';
  let ended = 0;
  const gone = () => {
    ended += 1;
  };
  for (let round = 0; round < 3; round += 1) {
    source.open((bytes) => {
      got += new TextDecoder().decode(bytes);
    }, gone);
    program.write(`ab\r${round}`);
    await vi.waitUntil(() => got.endsWith(`ab\r${round}`));
    source.close();
    source.close();
  }
  process.kill(program.pid, 'SIGUSR1');
  program.write('x\n');
  await vi.waitUntil(() => printed.includes('GUEST x'));
  expect([got, ended]).toEqual(['ab\r0ab\r1ab\r2', 0]);
  await vi.waitUntil(() => over);
});
