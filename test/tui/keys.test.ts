import { expect, test } from 'vitest';
import type { InputEvent } from '../../src/tui/input/decoder.ts';
import { type Around, type Effect, press } from '../../src/tui/keys.ts';
import { promptText } from '../../src/tui/prompt-state.ts';
import { initialView, reduceView, type View } from '../../src/tui/view-state.ts';
import { reply } from './fake-swarm.ts';

const IDS = ['a-1', 'a-2', 'a-3', 'a-4', 'a-5'];
const around = (changes: Partial<Around> = {}): Around => ({
  ids: IDS,
  columns: 2,
  perPage: 4,
  needing: new Set(),
  suggestion: null,
  complete: () => ['launch'],
  ...changes,
});
const key = (name: string): InputEvent => ({ kind: 'key', key: name });
const text = (typed: string): InputEvent => ({ kind: 'text', text: typed });

const after = (view: View, events: readonly InputEvent[], near = around()) => {
  const effects: Effect[] = [];
  const last = events.reduce((now, event) => {
    const result = press(now, event, near);
    effects.push(...result.effects);
    return result.view;
  }, view);
  return { view: last, effects };
};
const panes = { ...initialView(IDS), mode: 'panes' } as const;

test('the prompt has the keys at first: people come to say something', () => {
  expect([initialView([]).mode, initialView(IDS).mode, panes.selected]).toEqual(['prompt', 'prompt', 'a-1']);
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
  expect(after(panes, events).view.selected).toBe(selected);
});

test('n goes round among those that need a person', () => {
  const near = around({ needing: new Set(['a-2', 'a-4']) });
  expect(['n', 'nn', 'nnn'].map((keys) => after(panes, [text(keys)], near).view.selected)).toEqual([
    'a-2',
    'a-4',
    'a-2',
  ]);
  expect(after(panes, [text('n')]).view.answer?.text).toBe('nobody needs you');
});

test('keys that need a pane, an alert or a word do nothing without one', () => {
  const empty = { ...initialView([]), mode: 'panes' } as const;
  const result = after(empty, [text('ahjklgn'), key('enter'), key('ctrl+g'), key('f5')], around({ ids: [] }));
  expect([result.effects, result.view.zoomed, result.view.selected]).toEqual([[], false, null]);
  expect(after(initialView([]), [key('enter'), key('f5')]).view.mode).toBe('prompt');
});

test('Enter on an empty prompt looks at the selected pane', () => {
  const { view } = after(panes, [text(':'), key('enter')]);
  expect([view.mode, view.zoomed]).toEqual(['panes', true]);
});

test('a key that opens the prompt is not part of the command, what follows in the same burst is', () => {
  const { view, effects } = after(panes, [text(':status'), key('enter')]);
  expect(effects).toEqual([{ kind: 'run', text: 'status' }]);
  expect(view.mode).toBe('prompt');
});

test('a paste goes into the prompt as one line and runs nothing', () => {
  const { view, effects } = after(panes, [{ kind: 'paste', text: 'launch 3\r\ninstances\u001B[A' }, { kind: 'shown' }]);
  expect([view.mode, promptText(view.prompt), effects]).toEqual(['prompt', 'launch 3 instances [A', []]);
});

test('the suggestion of an alert is run by one key, from the prompt as well', () => {
  const near = around({ suggestion: 'restart instance a-1' });
  const run = { kind: 'run', text: 'restart instance a-1' };
  expect(after(panes, [text('g')], near).effects).toEqual([run]);
  expect(after(initialView([]), [key('ctrl+g')], near).effects).toEqual([run]);
});

const asking = reduceView(panes, {
  kind: 'replied',
  command: 'stop all',
  reply: reply({ exit: 5, confirm: { targets: ['a-1'], loses: 'work', token: 't' } }),
});
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
  const result = after(asking, events);
  expect([result.effects, result.view.dialog]).toEqual([effects, null]);
});

test('a dialogue takes no paste and no other key, and once something else is typed no letter means yes', () => {
  const { view } = after(asking, [{ kind: 'paste', text: 'y' }, text('x'), key('ctrl+z'), text('y')]);
  expect(view.dialog).toEqual({ ...asking.dialog, interrupts: true });
});

test('what is typed while an answer opens as a page goes into the prompt, not a letter lost', () => {
  const typing = after(initialView(IDS), [text(':list'), key('enter'), text('la')]).view;
  const page = reduceView(typing, { kind: 'replied', command: 'list', reply: reply({ text: 'a\nb' }) });
  expect(page.page?.lines).toEqual(['a', 'b']);
  const { view } = after(page, [text('unch')]);
  expect([view.page, promptText(view.prompt)]).toEqual([null, 'launch']);
});

test('the list of keys opens and closes, and a command may follow at once', () => {
  expect(after(panes, [text('?')]).view.page?.title).toBe('Keys');
  expect(after(panes, [text('?q')]).view.page).toBeNull();
  expect(after(panes, [text('?:x')]).view).toMatchObject({ page: null, mode: 'prompt' });
  expect(after(panes, [text('?xjk')]).view.page?.top).toBe(0);
  expect(after(panes, [text('?'), key('ctrl+c')]).view).toMatchObject({ page: null, leaving: false });
});

test('an instance that is gone is not selected any more', () => {
  const zoomed = { ...panes, selected: 'a-9', zoomed: true };
  expect(reduceView(zoomed, { kind: 'instances', ids: ['a-2'] })).toMatchObject({ selected: 'a-2', zoomed: false });
  expect(reduceView(zoomed, { kind: 'instances', ids: [] }).selected).toBeNull();
});

test('Tab completes, Shift-Tab goes back, Ctrl-Z suspends', () => {
  const near = around({ complete: () => ['one', 'two'] });
  const { view, effects } = after(initialView([]), [key('tab'), key('tab'), key('shift+tab'), key('ctrl+z')], near);
  expect([promptText(view.prompt), effects]).toEqual(['one', [{ kind: 'suspend' }]]);
});
