import { expect, test } from 'vitest';
import { previewPrompt } from '../../../src/tui/prompt/prompt-preview.ts';
import { paste } from '../control/press-keys.ts';
import { context, pressInPrompt, start } from './typed-prompt.ts';

test('what several lines would do is said before Enter', () => {
  const said = (typed: string) => previewPrompt(pressInPrompt(paste(typed)).screen.prompt, context).hint;
  expect(said('status\nlist')).toEqual({ kind: 'ok', says: 'runs 2 commands: status; list', asks: 'before the first' });
  expect(said('x\nlist')).toEqual({ kind: 'error', message: 'x: Unknown verb.' });
  expect(said('tell a "1\n2"')).toEqual({ kind: 'ok', says: 'tell a "1\n2"' });
  expect(previewPrompt(start.prompt, context)).toEqual({ hint: null, ghost: '' });
});
