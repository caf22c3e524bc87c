import { expect, test } from 'vitest';
import type { InputEvent } from '../../../src/tui/input/decoder.ts';
import { withOverlays } from '../../../src/tui/model/screen-state.ts';
import { keyContext } from './key-context.ts';
import { key, pressAll, text } from './press-keys.ts';
import { onPanes } from './screens.ts';

const LIST = { title: 'list', lines: [], top: 0 };

const TALL = withOverlays(onPanes, { page: LIST });

test.each<[readonly InputEvent[], number]>([
  [[text('jj'), key('up')], 1],
  [[key('pagedown')], 9],
  [[key('pagedown'), key('pageup')], 0],
  [[key('end')], 25],
  [[key('end'), text(' '), key('down')], 25],
  [[key('end'), key('home'), key('up')], 0],
])('a page of 35 lines, 10 at a time, that gets %j begins at line %d', (events, top) => {
  expect(pressAll(TALL, events, keyContext({ page: { most: 25, height: 10 } })).screen.overlays.page?.top).toBe(top);
});

test('a page that has become shorter with a larger screen scrolls from its end', () => {
  const { screen } = pressAll(
    withOverlays(TALL, { page: { ...LIST, top: 30 } }),
    [key('up')],
    keyContext({ page: { most: 20, height: 15 } }),
  );
  expect(screen.overlays.page?.top).toBe(19);
});

test('the list of keys opens and closes, and a command may follow at once', () => {
  expect(pressAll(onPanes, [text('?')]).screen.overlays.page?.title).toBe('Keys');
  expect(pressAll(onPanes, [text('?q')]).screen.overlays.page).toBeNull();
  expect(pressAll(onPanes, [text('?:x')]).screen).toMatchObject({ focus: 'prompt', overlays: { page: null } });
  expect(pressAll(onPanes, [text('?xjk')]).screen.overlays.page?.top).toBe(0);
  expect(pressAll(onPanes, [text('?'), key('ctrl+c')]).screen).toMatchObject({
    leavingAt: null,
    overlays: { page: null },
  });
});
