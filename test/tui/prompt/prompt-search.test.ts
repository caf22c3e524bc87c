import { expect, test } from 'vitest';
import type { PromptEdit } from '../../../src/tui/prompt/prompt-reducer.ts';
import { signOf } from '../../../src/tui/prompt/prompt-window.ts';
import { afterEdits, insert, move, paste, remove, search, shown, submit } from './edits.ts';

const past = ['launch 3 instances', 'status', 'tell kiro-1 "Launch it"', 'list tasks', 'status'].flatMap((text) => [
  insert(text),
  submit,
]);

test('a search finds the latest entry that has what is typed anywhere, and goes on to the ones before', () => {
  const lines = (edits: readonly PromptEdit[]) => shown(afterEdits([...past, search(), ...edits]));
  expect(lines([insert('lau')])).toBe('tell kiro-1 "|Launch it"');
  expect(lines([insert('lau'), search()])).toBe('|launch 3 instances');
  expect(lines([insert('lau'), search(), search('newer')])).toBe('tell kiro-1 "|Launch it"');
  expect(lines([insert('Lau'), search()])).toBe('tell kiro-1 "|Launch it"');
  expect(lines([insert('stat'), search()])).toBe('|status');
  expect(lines([insert('stat'), search(), remove('before')])).toBe('|status');
  expect(lines([insert('la'), remove('before'), remove('before')])).toBe('|');
});

test('a search that finds nothing says so and leaves the line; it ends with what was found or what was typed', () => {
  const open = afterEdits([...past, insert('sta'), search()]);
  expect([shown(open), open.search?.query]).toEqual(['|status', 'sta']);
  const lost = afterEdits([insert('x'), insert('y')], open);
  expect([shown(lost), lost.search?.missing, signOf(lost, 80)]).toEqual([
    '|status',
    true,
    ' nothing more with "staxy" ❯ ',
  ]);
  expect(signOf(open, 80)).toBe(' search "sta" ❯ ');
  const close = (keep: boolean): PromptEdit => ({ kind: 'close-search', keep });
  expect([shown(afterEdits([close(false)], lost)), shown(afterEdits([close(true)], open))]).toEqual([
    'sta|',
    '|status',
  ]);
  expect(shown(afterEdits([move('end')], open))).toBe('status|');
  expect(shown(afterEdits([paste('!')], open))).toBe('!|status');
});
