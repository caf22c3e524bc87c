import { expect, test } from 'vitest';
import { UNREAD_MS } from '../../../src/tui/control/dialog-keys.ts';
import type { Effect } from '../../../src/tui/control/key.ts';
import type { InputEvent } from '../../../src/tui/input/decoder.ts';
import { reduceScreen } from '../../../src/tui/model/screen-reducer.ts';
import { keyContext } from './key-context.ts';
import { key, pressAll, text } from './press-keys.ts';
import { asking, askToConfirm, CONFIRMED, onPanes } from './screens.ts';

test.each<[readonly InputEvent[], readonly Effect[]]>([
  [[key('enter')], []],
  [[key('esc')], []],
  [[text('n')], []],
  [[text('q')], []],
  [[key('ctrl+c')], []],
  [[text('y')], [CONFIRMED]],
  [[key('right'), key('enter')], [CONFIRMED]],
  [[text('retry all'), key('tab'), text(' y'), key('enter')], []],
  [[key('right'), key('left'), key('enter')], []],
])('a dialogue that gets %j runs %j', (events, effects) => {
  const result = pressAll(asking, events);
  expect([result.effects, result.screen.overlays.dialog]).toEqual([effects, null]);
});

test('a dialogue takes no paste and no other key, and once something else is typed no letter means yes', () => {
  const { screen } = pressAll(asking, [{ kind: 'paste', text: 'y' }, text('x'), key('ctrl+z'), text('y')]);
  expect(screen.overlays.dialog).toEqual({ ...asking.overlays.dialog, interrupts: true });
});

test('a key that was on its way when a dialogue came by itself does not decide it, a No always does', () => {
  const came = reduceScreen(onPanes, askToConfirm('stop all', 't'), 5000);
  const deciding = [text('y'), text('Y'), key('right'), key('left'), key('enter')];
  const early = keyContext({ now: 5000 + UNREAD_MS - 1 });
  expect(pressAll(came, deciding, early)).toEqual({ screen: came, effects: [] });
  expect(pressAll(came, [key('esc')], early).screen.overlays.dialog).toBeNull();
  for (const now of [5000 + UNREAD_MS, 4000])
    expect(pressAll(came, [text('y')], keyContext({ now })).effects).toEqual([CONFIRMED]);
  expect(pressAll(came, [text('x'), text('y')], early).screen.overlays.dialog?.interrupts).toBe(true);
});

test('a question that came while the view was out of sight is read before a key decides it', () => {
  const came = reduceScreen(onPanes, askToConfirm('stop all', 't'), 5000);
  const back = reduceScreen(came, { kind: 'returned' }, 60_000);
  const still = pressAll(
    { ...came, isFrozen: true },
    [{ kind: 'other' }, text('x')],
    keyContext({ now: 60_000 }),
  ).screen;
  for (const screen of [back, still]) {
    expect(pressAll(screen, [text('y'), key('enter')], keyContext({ now: 60_000 })).effects).toEqual([]);
    expect(pressAll(screen, [text('y')], keyContext({ now: 60_000 + UNREAD_MS })).effects).toEqual([CONFIRMED]);
  }
  expect(reduceScreen(onPanes, { kind: 'returned' }, 60_000)).toBe(onPanes);
});

test('a word that begins with y confirms nothing, nor does a letter after it', () => {
  for (const events of [[text('yes')], [text('ye'), text('y')], [text('no'), text('y')]]) {
    const { screen, effects } = pressAll(asking, events);
    expect([effects, screen.overlays.dialog?.token, screen.overlays.dialog?.interrupts]).toEqual([[], 't', true]);
  }
});

test('a long question is scrolled by keys that are no letters, and stays unanswered', () => {
  const context = keyContext({ page: { most: 7, height: 4 } });
  const topAfter = (...names: readonly string[]) =>
    pressAll(
      asking,
      names.map((name) => key(name)),
      context,
    ).screen.overlays.dialog?.top;
  expect([topAfter('down'), topAfter('pagedown', 'pagedown', 'pagedown'), topAfter('end', 'up')]).toEqual([1, 7, 6]);
  expect(pressAll(asking, [text('j')], context).screen.overlays.dialog).toMatchObject({ interrupts: true });
  expect(pressAll(asking, [key('down'), text('y')], context).effects).toEqual([CONFIRMED]);
});
