import { expect, test } from 'vitest';
import type { InputEvent } from '../../../src/tui/input/decoder.ts';
import { reduceScreen } from '../../../src/tui/model/screen-reducer.ts';
import { initialScreen, type ScreenState, withCommands } from '../../../src/tui/model/screen-state.ts';
import { promptText } from '../../../src/tui/prompt/prompt-state.ts';
import { reply } from '../fake-swarm.ts';
import { IDS, keyContext, stepTo } from './key-context.ts';
import { key, pressAll, text } from './press-keys.ts';
import { asking, onPanes } from './screens.ts';

test('Enter on an empty prompt types into the selected agent, and nothing while a command is at work', () => {
  const { screen, effects } = pressAll(onPanes, [text(':'), key('enter')]);
  expect([screen.panes.typing?.id, effects]).toEqual(['a-1', [{ kind: 'begin-typing', id: 'a-1' }]]);
  const busy = pressAll(withCommands(onPanes, { running: [{ command: 'status', since: null }] }), [key('enter')]);
  expect([busy.screen.panes.typing, busy.effects, busy.screen.commands.message?.tone]).toEqual([null, [], 'note']);
});

test('a key that opens the prompt is not part of the command, what follows in the same burst is', () => {
  const { screen, effects } = pressAll(onPanes, [text(':status'), key('enter')]);
  expect(effects).toEqual([{ kind: 'run', text: 'status' }]);
  expect(screen.focus).toBe('prompt');
});

test('a paste goes into the prompt with its lines and runs nothing', () => {
  const { screen, effects } = pressAll(onPanes, [
    { kind: 'paste', text: 'launch 3\r\ninstances\u001B[A' },
    { kind: 'shown' },
  ]);
  expect([screen.focus, promptText(screen.prompt), effects]).toEqual(['prompt', 'launch 3\ninstances', []]);
});

test.each<[string, ScreenState, readonly InputEvent[]]>([
  ['a', onPanes, [text('a')]],
  ['g', onPanes, [text('g')]],
  ['the command', initialScreen(IDS), [text('attach a-1'), key('enter')]],
  ['another word for it', initialScreen(IDS), [text('Open a-1'), key('enter')]],
])('once %s gives the terminal to an agent, keys are meant for it until that is settled', (_how, screen, events) => {
  const context = keyContext({ suggestion: stepTo('attach instance a-1') });
  const { screen: handing, effects } = pressAll(screen, events, context);
  expect([effects.length, handing.commands.isHandingOver]).toEqual([1, true]);
  expect(pressAll(handing, [text('gq'), key('enter'), key('ctrl+g'), { kind: 'paste', text: 'x' }], context)).toEqual({
    screen: handing,
    effects: [],
  });
  const listing = reduceScreen(handing, { kind: 'asked', command: 'list tasks' });
  const other = reduceScreen(listing, { kind: 'settled', command: 'list tasks' });
  expect(other.commands.isHandingOver).toBe(true);
  expect(reduceScreen(other, { kind: 'settled', command: 'attach a-1' }).commands.isHandingOver).toBe(false);
});

test('what is typed while an answer opens as a page goes into the prompt, not a letter lost', () => {
  const typing = pressAll(initialScreen(IDS), [text(':list'), key('enter'), text('la')]).screen;
  const page = reduceScreen(typing, { kind: 'replied', command: 'list', reply: reply({ text: 'a\nb' }) });
  expect(page.overlays.page?.lines).toEqual(['a', 'b']);
  const { screen } = pressAll(page, [text('unch')]);
  expect([screen.overlays.page, promptText(screen.prompt)]).toEqual([null, 'launch']);
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
  const answered = reduceScreen(onPanes, {
    kind: 'replied',
    command: 'status',
    reply: reply({ message: 'all is well' }),
  });
  expect(answered.commands.message?.text).toBe('all is well');
  expect(pressAll(answered, [{ kind: 'shown' }]).screen.commands.message?.text).toBe('all is well');
  expect(pressAll(answered, [key('right')]).screen.commands.message).toBeNull();
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

test('the key that leads to the command line is no part of a command there', () => {
  const { screen } = pressAll(initialScreen(IDS), [text(':stop')]);
  expect([screen.focus, promptText(screen.prompt)]).toEqual(['prompt', 'stop']);
  expect(promptText(pressAll(initialScreen(IDS), [text('tell a-1 :x')]).screen.prompt)).toBe('tell a-1 :x');
});
