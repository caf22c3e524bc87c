import { expect, test } from 'vitest';
import type { InputEvent } from '../../../src/tui/input/decoder.ts';
import { initialScreen, withNote } from '../../../src/tui/model/screen-state.ts';
import { many, moved } from '../fake-swarm.ts';
import { openView } from '../open-view.ts';
import { typeInto } from '../panes/type-into.ts';
import { IDS, keyContext } from './key-context.ts';
import { key, pressAll, text } from './press-keys.ts';
import { onPanes } from './screens.ts';

const six = many(6);

test.each<[readonly InputEvent[], string]>([
  [[key('right')], 'a-2'],
  [[text('l')], 'a-2'],
  [[text('jh')], 'a-2'],
  [[key('down'), key('down'), key('down')], 'a-5'],
  [[key('pagedown')], 'a-5'],
  [[key('pagedown'), key('pageup')], 'a-1'],
  [[text('jk')], 'a-1'],
  [[key('left')], 'a-1'],
])('after %j the selected pane is %s', (events, selected) => {
  expect(pressAll(onPanes, events).screen.panes.selected).toBe(selected);
});

test('n goes round among those that need a person', () => {
  const context = keyContext({ queue: ['a-4', 'a-2'] });
  const selected = ['n', 'nn', 'nnn', 'N', 'nnN'].map(
    (keys) => pressAll(onPanes, [text(keys)], context).screen.panes.selected,
  );
  expect(selected).toEqual(['a-4', 'a-2', 'a-4', 'a-2', 'a-4']);
  expect(pressAll(onPanes, [text('n')]).screen.commands.message?.text).toBe('nobody needs you');
});

test('keys that need a pane, an alert or a word do nothing without one', () => {
  const empty = { ...initialScreen([]), focus: 'panes' } as const;
  const result = pressAll(empty, [text('ahjklgn'), key('enter'), key('ctrl+g'), key('f5')], keyContext({ ids: [] }));
  expect([result.effects, result.screen.panes.isZoomed, result.screen.panes.selected]).toEqual([[], false, null]);
  expect(pressAll(initialScreen([]), [key('enter'), key('f5')]).screen.focus).toBe('prompt');
});

test('n walks through those who need a person; panes stand still until o puts them first, and O back', async () => {
  const view = openView(six, {}, { columns: 160, rows: 50 });
  await view.see('rehearsal-6');
  await view.panes();
  const names = () =>
    view
      .screen()
      .match(/rehearsal-\d(?= [━─])/gu)
      ?.join(' ') ?? '';
  const before = names();
  view.swarm.apply(moved('rehearsal-5', 'waiting', 'May I?'), moved('rehearsal-2', 'failed'));
  await view.see('2 need you');
  expect(names()).toBe(before);
  view.type('n');
  await view.see('▶ rehearsal-5');
  view.type('n');
  await view.see('▶ rehearsal-2');
  view.type('N');
  await view.see('▶ rehearsal-5');
  view.type('o');
  await view.see('who needs you comes first');
  expect(names().startsWith('rehearsal-5 rehearsal-2 rehearsal-1')).toBe(true);
  view.swarm.apply(moved('rehearsal-5', 'working'));
  await view.see('1 needs you');
  expect(names().startsWith('rehearsal-5 rehearsal-2 rehearsal-1')).toBe(true);
  view.type('O');
  await view.see('in the order of creation');
  expect(names()).toBe(before);
});

test('a filter hides nobody who needs a person: they are counted, and n takes the filter away from them', async () => {
  const view = openView([...six, moved('rehearsal-2', 'working')], {}, { columns: 160, rows: 50 });
  await view.panes();
  view.type('/working\r');
  await view.gone('rehearsal-5');
  view.swarm.apply(moved('rehearsal-5', 'waiting', 'May I?'));
  await view.see('1 needs you');
  expect(view.screen()).toMatch(/1 waiting.* 1 working/u);
  view.type('n');
  await view.see('▶ rehearsal-5');
  expect(view.screen()).toContain('rehearsal-1');
});

test('n keeps a filter that shows who needs a person', async () => {
  const view = openView([...six, moved('rehearsal-2', 'stuck'), moved('rehearsal-3', 'stuck')]);
  await view.panes();
  view.type('/stuck\r');
  await view.see('▶ rehearsal-2');
  view.type('n');
  await view.see('▶ rehearsal-3');
  expect(view.screen()).not.toContain('rehearsal-1');
});

test('a letter that is no key does nothing but says so; r answers whoever asks most pressingly, whichever pane is selected', () => {
  const screen = { ...initialScreen(IDS), focus: 'panes' as const };
  for (const letter of ['u', 'w', 'ü', '@'])
    expect(typeInto(screen, letter, keyContext()).screen).toEqual(
      withNote(screen, `${letter} does nothing here; ? tells which keys do`),
    );
  const nobody = typeInto(screen, 'r', keyContext());
  expect([nobody.screen.prompt.characters, nobody.screen.commands.message?.text]).toEqual([[], 'nobody asks anything']);
});
