import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutPasteMarks } from '../../src/tmux/input.ts';
import { parsePanes } from '../../src/tmux/list.ts';
import { argumentsOf, commandText, inFormat, inOperand, shellInTimeFormat } from '../../src/tmux/quote.ts';
import { seedText } from '../../src/tmux/seed.ts';

test('commands of one invocation are parted by semicolons of their own, and none ends inside an argument', () => {
  expect(
    argumentsOf([
      ['send-keys', 'a;', ';', 'b;c'],
      ['kill-session', '-t', '=x'],
    ]),
  ).toEqual([...['send-key', 'a\\;', '\\;', 'b;c', ';'], ...['kill-sessio', '-t', '=x']]);
});

test('a command inside an argument keeps every character of its words', () => {
  expect(commandText(['run-shell', 'a "b" $c ~ \\ #{x} ü\n\u001B'])).toBe(
    'run-shel "a \\"b\\" \\$c \\~ \\\\ #{x} ü\\012\\033"',
  );
});

test('formats and times in paths are escaped', () => {
  expect(inFormat('#(x)#{y}')).toBe('##(x)##{y}');
  expect(inOperand('a,b}#')).toBe('a#,b#}##');
  expect(shellInTimeFormat('/bin/sh', "it's #(x) %H")).toBe("exec /bin/sh 'it'\\''s ##(x) %%H'");
});

test('no mark of a paste is left, however they are nested', () => {
  const part = fc.constantFrom('\u001B[201~', '\u001B[200~', '\u001B[20', '1~', '\u009B201~', 'x', '\u001B[2', '01~');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const text = withoutPasteMarks(parts.join(''));
      expect(text).not.toMatch(/(?:\u001B\[|\u009B)20[01]~/u);
    }),
  );
});

test.each([
  ['1\t\t15', { dead: true, exitCode: null, exitSignal: 'SIGTERM' }],
  ['1\t\tKILL', { dead: true, exitCode: null, exitSignal: 'SIGKILL' }],
  ['1\t\tSIGHUP', { dead: true, exitCode: null, exitSignal: 'SIGHUP' }],
  ['1\t\t199', { dead: true, exitCode: null, exitSignal: 'SIG199' }],
  ['1\t3\t', { dead: true, exitCode: 3, exitSignal: null }],
  ['1\t\t', { dead: true, exitCode: null, exitSignal: null }],
  ['0\t\t', { dead: false, exitCode: null, exitSignal: null }],
])('an end that tmux reports as %j is understood', (end, expected) => {
  const [info] = parsePanes(`s\tid\t%1\t42\t${end}\t80\t24\t1\t7.9\t1\t0\ta\ttitle\n`);
  expect(info).toMatchObject({
    session: 's',
    droverId: 'id',
    pid: 42,
    attached: 1,
    server: '7.9',
    isLogged: false,
    title: 'a\ttitle',
    ...expected,
  });
});

test('a seed restores the modes that change what later output does', () => {
  const state = '4 3 1 2 0 0 1 1 1 2 1 1 1 1 1 1 0 0 0';
  expect(seedText(`${state}\nab\n\ncd\n`)).toEqual({
    cols: 4,
    rows: 3,
    text:
      '\u001B[2;3r\u001B)0\u001B[1;1Hab\u001B[3;1Hcd\u001B[3;2H\u001B[m\u000F' +
      '\u001B[?7l\u001B[4h\u001B[?25l\u001B[?1h\u001B=\u001B[?1000h\u001B[?1002h\u001B[?1003h\u001B[?1006h' +
      '\u001B[?6h\u001B[2;2H',
  });
});

test('a cursor beyond the last column comes about by printing its row once more', () => {
  const { text } = seedText('2 2 2 1 1 1 0 0 0 1 0 0 0 0 0 0 0 0 0\n\u001B[31mab\ncd\n');
  expect(text).toBe('\u001B)0\u001B[1;1H\u001B[31mab\u001B[2;1Hcd\u001B[m\u000F\u001B[31m\u001B[2;1Hcd\u001B[m\u000F');
});
