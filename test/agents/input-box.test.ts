import { expect, test } from 'vitest';
import { claude } from '../../src/agents/claude.ts';
import { endsWith, isSame } from '../../src/agents/input-box.ts';

const RULE = '─'.repeat(60);
const screenWith = (...box: readonly string[]): string =>
  ['❯ an earlier prompt', '', '● its answer', '', RULE, ...box, RULE, '  ⏵⏵ accept edits on', '', ''].join('\n');

test('the input box of Claude Code is read without its sign and its frame', () => {
  expect(claude.readBox!(screenWith('❯\u00a0Task t1: read it'))).toBe('Task t1: read it');
  expect(claude.readBox!(screenWith('❯ Task t1: read', '  /a/long/path', '  and do it'))).toBe(
    'Task t1: read\n/a/long/path\nand do it',
  );
  expect(claude.readBox!(screenWith('❯ '))).toBe('');
  expect(claude.readBox!(screenWith('❯'))).toBe('');
});

test('a screen without an open box has none: at the start, and while a dialog asks', () => {
  expect(claude.readBox!('')).toBeUndefined();
  expect(claude.readBox!('Do you want to proceed?\n❯ 1. Yes\n  2. No\n\nEsc to cancel')).toBeUndefined();
});

test('a text is found in the box however it was wrapped, and only at its end', () => {
  const text = 'Task t1: read /very/long/path/of/a/brief/task-t1.md and do what it says.';
  expect(endsWith('Task t1: read /very/long/path/\nof/a/brief/task-t1.md and\ndo what it says.', text)).toBe(true);
  expect(endsWith('half typed Task t1: read /very/long/path/of/a/brief/task-t1.md and do what it says.', text)).toBe(
    true,
  );
  expect(endsWith('Task t1: read /very/long/path/of/a/brief/task-t1.md and do', text)).toBe(false);
  expect(endsWith('', text)).toBe(false);
  expect(endsWith('anything', '   ')).toBe(false);
});

const ESC = '\u001B';
const styledBox = (box: string): string =>
  `● hi\n${ESC}[38;5;244m${RULE}\n${ESC}[39m${box}\n${ESC}[0m${ESC}[38;5;244m${ESC}[49m${RULE}\n  foot`;

test('what Claude Code suggests in an empty box is not taken for what somebody typed', () => {
  const suggestion = `❯\u00a0${ESC}[7mO${ESC}[0;2m${ESC}[39m${ESC}[49mnce fixed, resend your message${ESC}[0m`;
  expect(claude.readBox!(styledBox(suggestion))).toBe('');
  expect(claude.readBox!(styledBox(`❯\u00a0${ESC}[7m `))).toBe('');
  expect(claude.readBox!(styledBox(`❯\u00a0${ESC}[2mPress up to edit${ESC}[22m`))).toBe('');
});

test('what somebody typed stays, wherever the cursor stands and whatever its colour', () => {
  expect(claude.readBox!(styledBox(`❯\u00a0half typed${ESC}[7m `))).toBe('half typed');
  expect(claude.readBox!(styledBox(`❯\u00a0${ESC}[7mh${ESC}[27malf typed`))).toBe('half typed');
  expect(claude.readBox!(styledBox(`❯\u00a0${ESC}[38;5;2ma${ESC}[38;2;7;2;2mb${ESC}[mc`))).toBe('abc');
});

test('two texts are the same however they were wrapped', () => {
  expect(isSame('Task t1: read\n/a/b', 'Task t1: read /a/b')).toBe(true);
  expect(isSame('Task t1: read', 'Task t1: read /a/b')).toBe(false);
});
