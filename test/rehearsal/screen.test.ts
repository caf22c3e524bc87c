import { PassThrough } from 'node:stream';
import xterm from '@xterm/headless';
import { expect, test } from 'vitest';
import { openScreen } from '../../src/rehearsal/screen.ts';

const ESCAPE = '\u001B';

const terminal = (columns?: number) => {
  const output = Object.assign(new PassThrough(), columns === undefined ? {} : { columns });
  const emulator = new xterm.Terminal({ cols: columns ?? 80, rows: 10, allowProposedApi: true });
  return {
    output,
    rows: async () => {
      const text = String(output.read() ?? '');
      await new Promise<void>((done) => emulator.write(text, done));
      const { active } = emulator.buffer;
      const lines = Array.from({ length: 10 }, (_, y) => active.getLine(y)?.translateToString(true) ?? '');
      return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
    },
  };
};

test('what is said stands above what is being typed', async () => {
  const { output, rows } = terminal(40);
  using screen = openScreen(output, true);
  screen.edit('typ');
  screen.say('first');
  screen.say('  second', 'good');
  screen.edit('typed');
  expect(await rows()).toEqual(['first', '  second', '❯ typed']);
  screen.mark('?');
  expect(await rows()).toEqual(['first', '  second', '? typed']);
});

test('lines fit the terminal, whatever is in them and however it is resized', async () => {
  const { output, rows } = terminal(20);
  using screen = openScreen(output, false);
  screen.say(`a ${ESCAPE}]0;title\u0007long\nline that goes on and on`);
  screen.edit('typing more than there is room for');
  expect(await rows()).toEqual(['a long line that g…', '❯ there is room for']);
});

test('wide characters take the room they need', async () => {
  const { output, rows } = terminal(20);
  using screen = openScreen(output, false);
  screen.say('日本語日本語日本語日本語');
  screen.edit('日本語日本語日本語e\u0301');
  expect(await rows()).toEqual(['日本語日本語日本語…', '❯ 本語日本語日本語e\u0301']);
});

test('without a width it takes the usual one', async () => {
  const { output, rows } = terminal();
  using screen = openScreen(output, false);
  screen.say('x'.repeat(100));
  expect((await rows())[0]).toHaveLength(79);
});

test('colours are left out when they are not wanted', () => {
  const { output } = terminal();
  using screen = openScreen(output, false);
  screen.say('bad', 'bad');
  expect(String(output.read())).not.toContain(`${ESCAPE}[31m`);
});

test('a terminal that goes away is no error', () => {
  const { output } = terminal();
  using screen = openScreen(output, false);
  output.emit('error', new Error('EIO'));
  screen.say('into the void');
  expect(String(output.read())).not.toContain('void');
});

test('raw output waits for a slow terminal', async () => {
  const { output } = terminal();
  using screen = openScreen(output, false);
  const written = screen.raw('x'.repeat(200_000));
  output.resume();
  await expect(written).resolves.toBeUndefined();
});
