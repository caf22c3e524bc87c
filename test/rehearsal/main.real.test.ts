import { resolve } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { expect, test, vi } from 'vitest';
import { withoutControls } from '../../src/lib/text.ts';
import { openPlace, type StagePlace } from './stage.ts';

const MAIN = resolve('src/rehearsal/main.ts');

const openProgram = (place: StagePlace) => {
  const env = { ...place.env, TERM: 'xterm-256color' };
  const terminal = spawn(process.execPath, [MAIN, '--name', 'r-1'], { cwd: place.work, env, cols: 60, rows: 20 });
  const ended = Promise.withResolvers<number>();
  let alive = true;
  let shown = '';
  terminal.onData((text) => {
    shown += text;
  });
  terminal.onExit(({ exitCode }) => {
    alive = false;
    ended.resolve(exitCode);
  });
  return {
    terminal,
    exit: ended.promise,
    see: (text: string) => vi.waitUntil(() => withoutControls(shown).includes(text), { timeout: 30_000, interval: 10 }),
    [Symbol.asyncDispose]: async () => {
      if (alive) terminal.kill('SIGKILL');
      await ended.promise;
    },
  };
};

test('in a real terminal it shows its name, works through a resize, and leaves by /quit', async () => {
  using place = openPlace();
  await using program = openProgram(place);
  await program.see('Drover rehearsal · r-1');
  program.terminal.resize(30, 10);
  program.terminal.write(`${place.task('1', '# Task 1: A title')}\r`);
  await program.see('committed rehearsal/1.md');
  program.terminal.write('/quit\r');
  expect(await program.exit).toBe(0);
});

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])('%s ends it in good order and leaves its unfinished work as it is', async (signal, code) => {
  using place = openPlace();
  await using program = openProgram(place);
  await program.see('❯');
  program.terminal.write(`${place.task('1', 'rehearse: hang')}\r`);
  await program.see('reading the brief');
  program.terminal.kill(signal);
  expect(await program.exit).toBe(code);
  expect(place.signals().at(-1)).toEqual({ kind: 'exiting' });
});

test('a crash is an exit of one', async () => {
  using place = openPlace();
  await using program = openProgram(place);
  await program.see('❯');
  program.terminal.write(`${place.task('1', 'rehearse: crash')}\r`);
  expect(await program.exit).toBe(1);
});
