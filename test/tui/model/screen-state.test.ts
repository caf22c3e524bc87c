import { expect, test } from 'vitest';
import {
  differsInLineAlone,
  initialScreen,
  withMessage,
  withNote,
  withPanes,
} from '../../../src/tui/model/screen-state.ts';
import { IDS } from '../control/key-context.ts';
import { onPanes } from '../control/screens.ts';

test('the prompt has the keys at first: people come to say something', () => {
  expect([initialScreen([]).focus, initialScreen(IDS).focus, onPanes.panes.selected]).toEqual([
    'prompt',
    'prompt',
    'a-1',
  ]);
});

test('a change that changes nothing leaves the screen the same, so that it is seen at once that nothing else is to be drawn', () => {
  expect([withMessage(onPanes, null), withPanes(onPanes, { selected: 'a-1', isZoomed: false })]).toEqual([
    onPanes,
    onPanes,
  ]);
  expect(withMessage(onPanes, null)).toBe(onPanes);
  expect(withNote(onPanes, 'news')).not.toBe(onPanes);
  const typed = { ...onPanes, prompt: { ...onPanes.prompt, cursor: 1 } };
  expect([differsInLineAlone(typed, onPanes), differsInLineAlone(withNote(typed, 'news'), onPanes)]).toEqual([
    true,
    false,
  ]);
});
