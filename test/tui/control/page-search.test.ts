import { expect, test } from 'vitest';
import { shownPage } from '../../../src/tui/control/page-content.ts';
import type { InputEvent } from '../../../src/tui/input/decoder.ts';
import { type Page, withOverlays } from '../../../src/tui/model/screen-state.ts';
import { wholeRow } from '../../../src/tui/model/text-search.ts';
import { keyContext } from './key-context.ts';
import { key, pressAll, text } from './press-keys.ts';
import { onPanes } from './screens.ts';

const ROWS = Array.from({ length: 60 }, (_, i) => (i % 20 === 7 ? `the Needle ${i}` : `row ${i}`));
const page: Page = { title: 'show diff', lines: ROWS, top: 0 };
const context = keyContext({ page: { most: 50, height: 10 }, pageRows: () => ROWS.map(wholeRow) });

/** The page after these events, and what has the keys then. */
const after = (events: readonly InputEvent[], focus: 'panes' | 'prompt' = 'panes') => {
  const { screen, effects } = pressAll({ ...withOverlays(onPanes, { page }), focus }, events, context);
  expect([effects, screen.focus]).toEqual([[], focus]);
  return screen.overlays.page;
};

test.each(['panes', 'prompt'] as const)('a stroke searches the text of a page that is open over the %s', (focus) => {
  expect(after([text('/'), text('need')], focus)).toMatchObject({ top: 0, search: { text: 'need', at: 7 } });
  // All of it in one burst of keys.
  expect(after([text('/needle 27')], focus)).toMatchObject({ top: 24, search: { at: 27 } });
  expect(after([text('/needle'), key('enter'), key('down')], focus)).toMatchObject({ top: 44, search: { at: 47 } });
  expect(after([text('/needle'), key('up')], focus)).toMatchObject({ search: { at: 47 } });
  expect(after([text('/needle'), key('enter'), key('enter'), key('enter')], focus)).toMatchObject({
    search: { at: 7 },
  });
  expect(after([text('/nothing like it')], focus)).toMatchObject({ top: 0, search: { at: null } });
});

test('Esc ends a search where it has led to, and only then closes the page', () => {
  const found = after([text('/needle 27'), key('esc')]);
  expect(found).toEqual({ ...page, top: 24 });
  expect(after([text('/needle 27'), key('esc'), key('esc')])).toBeNull();
});

test('what is looked for can be changed, and letters are no keys meanwhile', () => {
  expect(after([text('/qd1'), key('backspace'), key('backspace')])).toMatchObject({ search: { text: 'q', at: null } });
  expect(after([text('/row 1'), key('ctrl+u'), text('needle')])).toMatchObject({ search: { text: 'needle', at: 7 } });
  expect(after([text('/'), key('backspace')])).toEqual(page);
  expect(after([text('/'), { kind: 'paste', text: 'needle 4' }])).toMatchObject({ search: { at: 47 } });
});

test('matches are marked, the one that was gone to in another way', () => {
  const screen = { screen: { width: 80, height: 20 }, prompt: { y: 18, height: 2 } } as unknown as Parameters<
    typeof shownPage
  >[1];
  const { lines } = shownPage({ ...page, search: { text: 'needle', at: 7 } }, screen);
  expect(lines[7]!.pieces.filter(({ inverse }) => inverse).map((piece) => piece.text)).toEqual(['Needle']);
  expect(lines[6]!.pieces.some(({ color }) => color === 'yellow')).toBe(false);
});
