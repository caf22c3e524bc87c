import { expect, test } from 'vitest';
import type { InputEvent } from '../../../src/tui/input/decoder.ts';
import { key, text } from '../control/press-keys.ts';
import { restOfGhost } from '../../../src/tui/prompt/prompt-ghost.ts';
import { pressInPrompt } from './typed-prompt.ts';

test('[TUI-2] the grey rest of the line comes from the latest command that began so, else from what may stand there', () => {
  expect(pressInPrompt(text('st')).ghost).toBe('op rehearsal-1 graceful');
  expect(pressInPrompt(text('li')).ghost).toBe('st');
  expect(pressInPrompt(text('launch 3 instances agent=x st')).ghost).toBe('op');
  expect([
    pressInPrompt().ghost,
    pressInPrompt(text('st'), key('left')).ghost,
    pressInPrompt(text('list ')).ghost,
  ]).toEqual(['', '', '']);
  expect(pressInPrompt(text('zz')).ghost).toBe('');
});

test.each([
  ['right', 'stop rehearsal-1 graceful'],
  ['end', 'stop rehearsal-1 graceful'],
  ['ctrl+e', 'stop rehearsal-1 graceful'],
  ['alt+right', 'stop'],
  ['ctrl+right', 'stop'],
])('[TUI-2] %s at the end of the line takes the grey as far as %s', (name, line) => {
  expect(pressInPrompt(text('st'), key(name)).line).toBe(line);
  expect(pressInPrompt(text('zz'), key('home'), key(name)).line).toBe('zz');
});

test('what was taken of the grey word by word is one step each to undo', () => {
  expect(pressInPrompt(text('st'), key('alt+f'), key('alt+f')).line).toBe('stop rehearsal-1');
  expect(pressInPrompt(text('st'), key('alt+f'), key('alt+f'), key('ctrl+_')).line).toBe('stop');
});

test('until a ghost is found anew, the old one stands as far as it has not been typed, and no further', () => {
  const before = pressInPrompt(text('st'));
  const after = (...events: readonly InputEvent[]): string =>
    restOfGhost(before.ghost, before.screen.prompt, pressInPrompt(...events).screen.prompt);
  expect([after(text('sto')), after(text('st')), after(text('s')), after(text('stop r'))]).toEqual([
    'p rehearsal-1 graceful',
    'op rehearsal-1 graceful',
    'top rehearsal-1 graceful',
    'ehearsal-1 graceful',
  ]);
  expect([after(text('sta')), after(), after(text('st'), key('left')), after(text('st'), key('tab'))]).toEqual([
    '',
    '',
    '',
    '',
  ]);
});
