import { expect, test } from 'vitest';
import { UNREAD_MS } from '../../../src/tui/control/dialog-keys.ts';
import type { Effect } from '../../../src/tui/control/key.ts';
import type { InputEvent } from '../../../src/tui/input/decoder.ts';
import { reduceScreen } from '../../../src/tui/model/screen-reducer.ts';
import {
  initialScreen,
  type ScreenState,
  withCommands,
  withOverlays,
  withPanes,
} from '../../../src/tui/model/screen-state.ts';
import { promptText } from '../../../src/tui/prompt/prompt-state.ts';
import { reply } from '../fake-swarm.ts';
import { IDS, keyContext } from './key-context.ts';
import { key, pressAll, text } from './press-keys.ts';

const panes = { ...initialScreen(IDS), focus: 'panes' } as const;

test('the prompt has the keys at first: people come to say something', () => {
  expect([initialScreen([]).focus, initialScreen(IDS).focus, panes.panes.selected]).toEqual([
    'prompt',
    'prompt',
    'a-1',
  ]);
});

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
  expect(pressAll(panes, events).screen.panes.selected).toBe(selected);
});

test('n goes round among those that need a person', () => {
  const context = keyContext({ queue: ['a-4', 'a-2'] });
  const selected = ['n', 'nn', 'nnn', 'N', 'nnN'].map(
    (keys) => pressAll(panes, [text(keys)], context).screen.panes.selected,
  );
  expect(selected).toEqual(['a-4', 'a-2', 'a-4', 'a-2', 'a-4']);
  expect(pressAll(panes, [text('n')]).screen.commands.message?.text).toBe('nobody needs you');
});

test('keys that need a pane, an alert or a word do nothing without one', () => {
  const empty = { ...initialScreen([]), focus: 'panes' } as const;
  const result = pressAll(empty, [text('ahjklgn'), key('enter'), key('ctrl+g'), key('f5')], keyContext({ ids: [] }));
  expect([result.effects, result.screen.panes.isZoomed, result.screen.panes.selected]).toEqual([[], false, null]);
  expect(pressAll(initialScreen([]), [key('enter'), key('f5')]).screen.focus).toBe('prompt');
});

test('Enter on an empty prompt types into the selected agent, and nothing while a command is at work', () => {
  const { screen, effects } = pressAll(panes, [text(':'), key('enter')]);
  expect([screen.panes.typing?.id, effects]).toEqual(['a-1', [{ kind: 'begin-typing', id: 'a-1' }]]);
  const busy = pressAll(withCommands(panes, { running: 1 }), [key('enter')]);
  expect([busy.screen.panes.typing, busy.effects, busy.screen.commands.message?.tone]).toEqual([null, [], 'note']);
});

test('a key that opens the prompt is not part of the command, what follows in the same burst is', () => {
  const { screen, effects } = pressAll(panes, [text(':status'), key('enter')]);
  expect(effects).toEqual([{ kind: 'run', text: 'status' }]);
  expect(screen.focus).toBe('prompt');
});

test('a paste goes into the prompt with its lines and runs nothing', () => {
  const { screen, effects } = pressAll(panes, [
    { kind: 'paste', text: 'launch 3\r\ninstances\u001B[A' },
    { kind: 'shown' },
  ]);
  expect([screen.focus, promptText(screen.prompt), effects]).toEqual(['prompt', 'launch 3\ninstances', []]);
});

test('the suggestion of an alert is run by one key, from the prompt as well', () => {
  const context = keyContext({ suggestion: 'restart instance a-1' });
  const run = { kind: 'run', text: 'restart instance a-1' };
  expect(pressAll(panes, [text('g')], context).effects).toEqual([run]);
  expect(pressAll(initialScreen([]), [key('ctrl+g')], context).effects).toEqual([run]);
});

test.each<[string, ScreenState, readonly InputEvent[]]>([
  ['a', panes, [text('a')]],
  ['g', panes, [text('g')]],
  ['the command', initialScreen(IDS), [text('attach a-1'), key('enter')]],
  ['another word for it', initialScreen(IDS), [text('Open a-1'), key('enter')]],
])('once %s gives the terminal to an agent, keys are meant for it until that is settled', (_how, screen, events) => {
  const context = keyContext({ suggestion: 'attach instance a-1' });
  const { screen: handing, effects } = pressAll(screen, events, context);
  expect([effects.length, handing.commands.isHandingOver]).toEqual([1, true]);
  expect(pressAll(handing, [text('gq'), key('enter'), key('ctrl+g'), { kind: 'paste', text: 'x' }], context)).toEqual({
    screen: handing,
    effects: [],
  });
  const other = reduceScreen(withCommands(handing, { running: 2 }), { kind: 'settled', command: 'list tasks' });
  expect(other.commands.isHandingOver).toBe(true);
  expect(reduceScreen(other, { kind: 'settled', command: 'attach a-1' }).commands.isHandingOver).toBe(false);
});

test('a command that gives the terminal away after others does so when it is its turn', () => {
  const listed = reduceScreen(panes, { kind: 'asked', command: 'list tasks' });
  expect(listed.commands.isHandingOver).toBe(false);
  expect(reduceScreen(listed, { kind: 'asked', command: 'attach a-1' }).commands.isHandingOver).toBe(true);
});

test('a suggested answer is put into the command line with the cursor where the words belong', () => {
  const context = keyContext({ suggestion: 'answer a-1 "yes"' });
  for (const { screen, effects } of [
    pressAll(panes, [text('g')], context),
    pressAll(initialScreen(IDS), [text('half a line'), key('ctrl+g')], context),
  ]) {
    expect([promptText(screen.prompt), screen.focus, effects]).toEqual(['answer a-1 ""', 'prompt', []]);
    const next = pressAll(screen, [text('port 80'), key('enter')]);
    expect(next.effects).toEqual([{ kind: 'run', text: 'answer a-1 "port 80"' }]);
  }
});

const asks = (command: string, token: string) =>
  ({
    kind: 'replied',
    command,
    reply: reply({
      exit: 5,
      confirm: { targets: ['a-1'], loses: 'work', token, expires: '2026-01-02T03:09:05.000Z' },
    }),
  }) as const;
const asking = reduceScreen(panes, asks('stop all', 't'));
const CONFIRMED: Effect = { kind: 'run', text: 'stop all', confirm: 't' };

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
  const came = reduceScreen(panes, asks('stop all', 't'), 5000);
  const deciding = [text('y'), text('Y'), key('right'), key('left'), key('enter')];
  const early = keyContext({ now: 5000 + UNREAD_MS - 1 });
  expect(pressAll(came, deciding, early)).toEqual({ screen: came, effects: [] });
  expect(pressAll(came, [key('esc')], early).screen.overlays.dialog).toBeNull();
  for (const now of [5000 + UNREAD_MS, 4000])
    expect(pressAll(came, [text('y')], keyContext({ now })).effects).toEqual([CONFIRMED]);
  expect(pressAll(came, [text('x'), text('y')], early).screen.overlays.dialog?.interrupts).toBe(true);
});

test('a question that came while the view was out of sight is read before a key decides it', () => {
  const came = reduceScreen(panes, asks('stop all', 't'), 5000);
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
  expect(reduceScreen(panes, { kind: 'returned' }, 60_000)).toBe(panes);
});

test('a word that begins with y confirms nothing, nor does a letter after it', () => {
  for (const events of [[text('yes')], [text('ye'), text('y')], [text('no'), text('y')]]) {
    const { screen, effects } = pressAll(asking, events);
    expect([effects, screen.overlays.dialog?.token, screen.overlays.dialog?.interrupts]).toEqual([[], 't', true]);
  }
});

test('a question that comes while another one is open leaves that open, and is said not to be done', () => {
  const two = reduceScreen(asking, asks('remove all', 'u'));
  expect([two.overlays.dialog, two.commands.message]).toEqual([
    asking.overlays.dialog,
    { tone: 'note', text: 'not done: remove all', hint: 'Answer this question, then run it again.' },
  ]);
  expect(pressAll(two, [text('y')]).effects).toEqual([CONFIRMED]);
  const more = reduceScreen(asking, { ...asks('remove all', 'u'), queued: ['list', 'status'] });
  expect(more.commands.message?.hint).toBe('Not run: list; status');
});

test('what is typed while an answer opens as a page goes into the prompt, not a letter lost', () => {
  const typing = pressAll(initialScreen(IDS), [text(':list'), key('enter'), text('la')]).screen;
  const page = reduceScreen(typing, { kind: 'replied', command: 'list', reply: reply({ text: 'a\nb' }) });
  expect(page.overlays.page?.lines).toEqual(['a', 'b']);
  const { screen } = pressAll(page, [text('unch')]);
  expect([screen.overlays.page, promptText(screen.prompt)]).toEqual([null, 'launch']);
});

const LIST = { title: 'list', lines: [], top: 0 };
const TALL = withOverlays(panes, { page: LIST });
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

test('on an empty command line the arrows select panes, PgUp and PgDn always do', () => {
  const start = initialScreen(IDS);
  expect(pressAll(start, [key('right'), key('right'), key('left')]).screen).toMatchObject({
    focus: 'prompt',
    panes: { selected: 'a-2' },
  });
  expect(pressAll(start, [key('pagedown')]).screen.panes.selected).toBe('a-5');
  const { screen } = pressAll(start, [text('ab'), key('left'), text('x'), key('pagedown')]);
  expect([promptText(screen.prompt), screen.panes.selected]).toEqual(['axb', 'a-5']);
});

test('? opens the list of keys from an empty command line, and is a character in any other', () => {
  expect(pressAll(initialScreen(IDS), [text('?')]).screen.overlays.page?.title).toBe('Keys');
  const { screen } = pressAll(initialScreen(IDS), [text('why'), text('?')]);
  expect([screen.overlays.page, promptText(screen.prompt)]).toEqual([null, 'why?']);
});

test('Esc and a key that arrive as one, as they do inside tmux, are taken as typed', () => {
  expect(pressAll(initialScreen(IDS), [key('alt+l')]).screen).toMatchObject({
    focus: 'panes',
    panes: { selected: 'a-2' },
  });
  expect(pressAll(asking, [key('alt+y')]).effects).toEqual([]);
  const typing = pressAll(initialScreen(IDS), [text('two words'), key('alt+b'), key('alt+x'), text('-')]).screen;
  expect([typing.focus, promptText(typing.prompt)]).toEqual(['prompt', 'two -words']);
});

test('the answer to a command goes with the next key', () => {
  const answered = reduceScreen(panes, {
    kind: 'replied',
    command: 'status',
    reply: reply({ message: 'all is well' }),
  });
  expect(answered.commands.message?.text).toBe('all is well');
  expect(pressAll(answered, [{ kind: 'shown' }]).screen.commands.message?.text).toBe('all is well');
  expect(pressAll(answered, [key('right')]).screen.commands.message).toBeNull();
});

test('an answer that opened as a page is not said twice, one that went wrong is', () => {
  const of = (exit: 0 | 1) =>
    reduceScreen(panes, { kind: 'replied', command: 'list', reply: reply({ exit, message: 'a', text: 'a\nb' }) });
  expect([of(0).commands.message, of(1).commands.message?.text, of(1).overlays.page?.title]).toEqual([
    null,
    'a',
    'list',
  ]);
});

test('the list of keys opens and closes, and a command may follow at once', () => {
  expect(pressAll(panes, [text('?')]).screen.overlays.page?.title).toBe('Keys');
  expect(pressAll(panes, [text('?q')]).screen.overlays.page).toBeNull();
  expect(pressAll(panes, [text('?:x')]).screen).toMatchObject({ focus: 'prompt', overlays: { page: null } });
  expect(pressAll(panes, [text('?xjk')]).screen.overlays.page?.top).toBe(0);
  expect(pressAll(panes, [text('?'), key('ctrl+c')]).screen).toMatchObject({
    isLeaving: false,
    overlays: { page: null },
  });
});

test('an instance that is gone is not selected any more', () => {
  const zoomed = withPanes(panes, { selected: 'a-9', isZoomed: true });
  const left = (ids: readonly string[]) => reduceScreen(zoomed, { kind: 'instances', ids, shown: ids });
  expect(left(['a-2'])).toMatchObject({ panes: { selected: 'a-2', isZoomed: false } });
  expect(left([]).panes.selected).toBeNull();
});

test('Tab completes, Shift-Tab goes back, Ctrl-Z suspends', () => {
  const context = keyContext({ complete: () => ['one', 'two'].map((word) => ({ word, help: '' })) });
  const { screen, effects } = pressAll(
    initialScreen([]),
    [key('tab'), key('tab'), key('shift+tab'), key('ctrl+z')],
    context,
  );
  expect([promptText(screen.prompt), effects]).toEqual(['one', [{ kind: 'suspend' }]]);
});
