import { expect, test } from 'vitest';
import { claude } from '../../src/agents/claude.ts';
import { endsWith } from '../../src/agents/input-box.ts';

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
