import { Terminal } from '@xterm/headless';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { changes, openPicture } from '../../../src/cli/follow/picture.ts';
import { wrapLines } from '../../../src/cli/follow/wrap-lines.ts';
import { testIo } from '../../helpers/io.ts';

/** What a terminal shows of what was written, without the blank lines at its end. */
const screenOf = async (written: string, { columns = 40, rows = 10 } = {}): Promise<string[]> => {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true });
  await new Promise<void>((done) => terminal.write(written, done));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, y) => active.getLine(y)?.translateToString(true) ?? '');
  terminal.dispose();
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
};

describe('a text fits its terminal', () => {
  test('sentences are wrapped between words, words that are too long anywhere, coloured lines are cut', () => {
    expect(wrapLines('one two three\nfour', 8)).toEqual(['one two', 'three', 'four']);
    expect(wrapLines('漢字漢字 x', 5)).toEqual(['漢字', '漢字', 'x']);
    expect(wrapLines('\u001B[31mred one\u001B[0m and more', 9)).toEqual(['\u001B[31mred one\u001B[0m …']);
    expect(wrapLines('', 5)).toEqual(['']);
  });

  test('no line is wider than the terminal, and nothing is lost of a sentence', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'bc', ' ', '漢', 'e\u0301', '\n'), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 40 }), (said, columns) => {
        const lines = wrapLines(said, columns);
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
        expect(lines.join('').replace(/\s/gu, '')).toBe(said.replace(/\s/gu, ''));
      }),
    );
  });
});

describe('a picture is drawn in place', () => {
  test('only lines that are different are written again', () => {
    expect(changes(['a', 'b', 'c'], ['a', 'x', 'c'])).toBe('\u001B[3A\r\r\nx\u001B[K\r\n\r\n');
    expect(changes([], ['a'])).toBe('\ra\u001B[K\r\n');
    expect(changes(['a', 'b'], ['a'])).toBe('\u001B[2A\r\r\n\u001B[K\r\n\u001B[1A');
  });

  test('whatever follows what, the screen shows the last picture below what was there before', async () => {
    const picture = fc.array(fc.constantFrom('', 'one', 'two two', 'three'), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(picture, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 0, max: 8 }),
        async (all, above) => {
          let written = 'before\r\n'.repeat(above);
          let shown: readonly string[] = [];
          for (const next of all) {
            written += changes(shown, next);
            shown = next;
          }
          const lines = await screenOf(`${written}end`, { rows: 8 });
          expect(lines).toEqual([...Array.from({ length: above }, () => 'before'), ...shown, 'end']);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('what is higher than the terminal is cut with a word on it, and the last picture stays', async () => {
    const { io, text } = testIo({ cwd: '/', env: {}, tty: true });
    Object.assign(io.stdout, { columns: 20, rows: 5 });
    const picture = openPicture(io);
    picture.show('1\n2\n3\n4\n5\n6');
    const before = text.stdout.length;
    picture.show('1\n2\n3\n4\n5\n7');
    expect(text.stdout.length).toBe(before);
    picture.show('1\n2');
    picture.show('one line that is far too long for it');
    picture.close();
    expect(text.stdout).toMatch(/^\u001B\[\?25l[\s\S]*\u001B\[\?25h$/u);
    expect(await screenOf(text.stdout, { columns: 20, rows: 5 })).toEqual(['one line that is far', 'too long for it']);
  });

  test('a terminal that becomes narrower gets it anew', async () => {
    const { io, text } = testIo({ cwd: '/', env: {}, tty: true });
    Object.assign(io.stdout, { columns: 20, rows: 8 });
    const picture = openPicture(io);
    picture.show('a line of 19 columns\nshort');
    const first = text.stdout;
    Object.assign(io.stdout, { columns: 10 });
    io.stdout.emit('resize');
    picture.close();
    io.stdout.emit('resize');
    const terminal = new Terminal({ cols: 20, rows: 8, allowProposedApi: true });
    await new Promise<void>((done) => terminal.write(`$ watch\r\n${first}`, done));
    terminal.resize(10, 8);
    await new Promise<void>((done) => terminal.write(text.stdout.slice(first.length), done));
    const lines = Array.from({ length: 5 }, (_, y) => terminal.buffer.active.getLine(y)?.translateToString(true));
    terminal.dispose();
    expect(lines).toEqual(['$ watch', 'a line of', '19 columns', 'short', '']);
  });

  test('a terminal that does not say how large it is counts as the usual one', () => {
    const { io, text } = testIo({ cwd: '/', env: {}, tty: true });
    Object.assign(io.stdout, { columns: 0, rows: 0 });
    openPicture(io).show('x'.repeat(81));
    expect(text.stdout).toContain(`${'x'.repeat(80)}\u001B[K\r\nx\u001B[K`);
  });
});
