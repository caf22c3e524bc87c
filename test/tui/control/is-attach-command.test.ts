import { expect, test } from 'vitest';
import { isAttachCommand } from '../../../src/tui/control/is-attach-command.ts';

test.each([
  ['attach claude-1', true],
  ['  ATTACH claude-1', true],
  ['attach', true],
  ['attaching claude-1', false],
  ['list attach', false],
  ['', false],
])('%j gives the terminal to an agent: %s', (text, gives) => {
  expect(isAttachCommand(text)).toBe(gives);
});
