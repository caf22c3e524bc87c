import { expect, test } from 'vitest';
import { initialScreen } from '../../../src/tui/model/screen-state.ts';
import { IDS } from '../control/key-context.ts';
import { onPanes } from '../control/screens.ts';

test('the prompt has the keys at first: people come to say something', () => {
  expect([initialScreen([]).focus, initialScreen(IDS).focus, onPanes.panes.selected]).toEqual([
    'prompt',
    'prompt',
    'a-1',
  ]);
});
