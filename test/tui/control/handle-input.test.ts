import { expect, test } from 'vitest';
import { UNREAD_MS } from '../../../src/tui/control/dialog-keys.ts';
import { handleInput } from '../../../src/tui/control/handle-input.ts';
import type { Effect } from '../../../src/tui/control/key.ts';
import type { InputEvent } from '../../../src/tui/input/decoder.ts';
import { reduceScreen } from '../../../src/tui/model/screen-reducer.ts';
import { initialScreen, type ScreenState } from '../../../src/tui/model/screen-state.ts';
import { promptText } from '../../../src/tui/prompt/prompt-state.ts';
import { reply } from '../fake-swarm.ts';
import { IDS, keyContext } from './key-context.ts';

const key = (name: string): InputEvent => ({ kind: 'key', key: name });
const text = (typed: string): InputEvent => ({ kind: 'text', text: typed });

const after = (view: ScreenState, events: readonly InputEvent[], context = keyContext()) => {
  const effects: Effect[] = [];
  const last = events.reduce((now, event) => {
    const result = handleInput(now, event, context);
    effects.push(...result.effects);
    return result.view;
  }, view);
  return { view: last, effects };
};
const panes = { ...initialScreen(IDS), mode: 'panes' } as const;

test('the prompt has the keys at first: people come to say something', () => {
  expect([initialScreen([]).mode, initialScreen(IDS).mode, panes.selected]).toEqual(['prompt', 'prompt', 'a-1']);
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
  const context = keyContext({ queue: ['a-4', 'a-2'] });
  const selected = ['n', 'nn', 'nnn', 'N', 'nnN'].map((keys) => after(panes, [text(keys)], context).view.selected);
  expect(selected).toEqual(['a-4', 'a-2', 'a-4', 'a-2', 'a-4']);
  expect(after(panes, [text('n')]).view.answer?.text).toBe('nobody needs you');
});

test('keys that need a pane, an alert or a word do nothing without one', () => {
  const empty = { ...initialScreen([]), mode: 'panes' } as const;
  const result = after(empty, [text('ahjklgn'), key('enter'), key('ctrl+g'), key('f5')], keyContext({ ids: [] }));
  expect([result.effects, result.view.zoomed, result.view.selected]).toEqual([[], false, null]);
  expect(after(initialScreen([]), [key('enter'), key('f5')]).view.mode).toBe('prompt');
});

test('Enter on an empty prompt types into the selected agent, and nothing while a command is at work', () => {
  const { view, effects } = after(panes, [text(':'), key('enter')]);
  expect([view.typing?.id, effects]).toEqual(['a-1', [{ kind: 'begin-typing', id: 'a-1' }]]);
  const busy = after({ ...panes, running: 1 }, [key('enter')]);
  expect([busy.view.typing, busy.effects, busy.view.answer?.tone]).toEqual([null, [], 'note']);
});

test('a key that opens the prompt is not part of the command, what follows in the same burst is', () => {
  const { view, effects } = after(panes, [text(':status'), key('enter')]);
  expect(effects).toEqual([{ kind: 'run', text: 'status' }]);
  expect(view.mode).toBe('prompt');
});

test('a paste goes into the prompt with its lines and runs nothing', () => {
  const { view, effects } = after(panes, [{ kind: 'paste', text: 'launch 3\r\ninstances\u001B[A' }, { kind: 'shown' }]);
  expect([view.mode, promptText(view.prompt), effects]).toEqual(['prompt', 'launch 3\ninstances', []]);
});

test('the suggestion of an alert is run by one key, from the prompt as well', () => {
  const context = keyContext({ suggestion: 'restart instance a-1' });
  const run = { kind: 'run', text: 'restart instance a-1' };
  expect(after(panes, [text('g')], context).effects).toEqual([run]);
  expect(after(initialScreen([]), [key('ctrl+g')], context).effects).toEqual([run]);
});

test.each<[string, ScreenState, readonly InputEvent[]]>([
  ['a', panes, [text('a')]],
  ['g', panes, [text('g')]],
  ['the command', initialScreen(IDS), [text('attach a-1'), key('enter')]],
  ['another word for it', initialScreen(IDS), [text('Open a-1'), key('enter')]],
])('once %s gives the terminal to an agent, keys are meant for it until that is settled', (_how, view, events) => {
  const context = keyContext({ suggestion: 'attach instance a-1' });
  const { view: handing, effects } = after(view, events, context);
  expect([effects.length, handing.handing]).toEqual([1, true]);
  expect(after(handing, [text('gq'), key('enter'), key('ctrl+g'), { kind: 'paste', text: 'x' }], context)).toEqual({
    view: handing,
    effects: [],
  });
  const other = reduceScreen({ ...handing, running: 2 }, { kind: 'settled', command: 'list tasks' });
  expect(other.handing).toBe(true);
  expect(reduceScreen(other, { kind: 'settled', command: 'attach a-1' }).handing).toBe(false);
});

test('a command that gives the terminal away after others does so when it is its turn', () => {
  const listed = reduceScreen(panes, { kind: 'asked', command: 'list tasks' });
  expect(listed.handing).toBe(false);
  expect(reduceScreen(listed, { kind: 'asked', command: 'attach a-1' }).handing).toBe(true);
});

test('a suggested answer is put into the command line with the cursor where the words belong', () => {
  const context = keyContext({ suggestion: 'answer a-1 "yes"' });
  for (const { view, effects } of [
    after(panes, [text('g')], context),
    after(initialScreen(IDS), [text('half a line'), key('ctrl+g')], context),
  ]) {
    expect([promptText(view.prompt), view.mode, effects]).toEqual(['answer a-1 ""', 'prompt', []]);
    const next = after(view, [text('port 80'), key('enter')]);
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
  const result = after(asking, events);
  expect([result.effects, result.view.dialog]).toEqual([effects, null]);
});

test('a dialogue takes no paste and no other key, and once something else is typed no letter means yes', () => {
  const { view } = after(asking, [{ kind: 'paste', text: 'y' }, text('x'), key('ctrl+z'), text('y')]);
  expect(view.dialog).toEqual({ ...asking.dialog, interrupts: true });
});

test('a key that was on its way when a dialogue came by itself does not decide it, a No always does', () => {
  const came = reduceScreen(panes, asks('stop all', 't'), 5000);
  const deciding = [text('y'), text('Y'), key('right'), key('left'), key('enter')];
  const early = keyContext({ now: 5000 + UNREAD_MS - 1 });
  expect(after(came, deciding, early)).toEqual({ view: came, effects: [] });
  expect(after(came, [key('esc')], early).view.dialog).toBeNull();
  for (const now of [5000 + UNREAD_MS, 4000])
    expect(after(came, [text('y')], keyContext({ now })).effects).toEqual([CONFIRMED]);
  expect(after(came, [text('x'), text('y')], early).view.dialog?.interrupts).toBe(true);
});

test('a question that came while the view was out of sight is read before a key decides it', () => {
  const came = reduceScreen(panes, asks('stop all', 't'), 5000);
  const back = reduceScreen(came, { kind: 'returned' }, 60_000);
  const still = after({ ...came, still: true }, [{ kind: 'other' }, text('x')], keyContext({ now: 60_000 })).view;
  for (const view of [back, still]) {
    expect(after(view, [text('y'), key('enter')], keyContext({ now: 60_000 })).effects).toEqual([]);
    expect(after(view, [text('y')], keyContext({ now: 60_000 + UNREAD_MS })).effects).toEqual([CONFIRMED]);
  }
  expect(reduceScreen(panes, { kind: 'returned' }, 60_000)).toBe(panes);
});

test('a word that begins with y confirms nothing, nor does a letter after it', () => {
  for (const events of [[text('yes')], [text('ye'), text('y')], [text('no'), text('y')]]) {
    const { view, effects } = after(asking, events);
    expect([effects, view.dialog?.token, view.dialog?.interrupts]).toEqual([[], 't', true]);
  }
});

test('a question that comes while another one is open leaves that open, and is said not to be done', () => {
  const two = reduceScreen(asking, asks('remove all', 'u'));
  expect([two.dialog, two.answer]).toEqual([
    asking.dialog,
    { tone: 'note', text: 'not done: remove all', hint: 'Answer this question, then run it again.' },
  ]);
  expect(after(two, [text('y')]).effects).toEqual([CONFIRMED]);
  const more = reduceScreen(asking, { ...asks('remove all', 'u'), queued: ['list', 'status'] });
  expect(more.answer?.hint).toBe('Not run: list; status');
});

test('what is typed while an answer opens as a page goes into the prompt, not a letter lost', () => {
  const typing = after(initialScreen(IDS), [text(':list'), key('enter'), text('la')]).view;
  const page = reduceScreen(typing, { kind: 'replied', command: 'list', reply: reply({ text: 'a\nb' }) });
  expect(page.page?.lines).toEqual(['a', 'b']);
  const { view } = after(page, [text('unch')]);
  expect([view.page, promptText(view.prompt)]).toEqual([null, 'launch']);
});

const TALL = { ...panes, page: { title: 'list', lines: [], top: 0 } };
test.each<[readonly InputEvent[], number]>([
  [[text('jj'), key('up')], 1],
  [[key('pagedown')], 9],
  [[key('pagedown'), key('pageup')], 0],
  [[key('end')], 25],
  [[key('end'), text(' '), key('down')], 25],
  [[key('end'), key('home'), key('up')], 0],
])('a page of 35 lines, 10 at a time, that gets %j begins at line %d', (events, top) => {
  expect(after(TALL, events, keyContext({ page: { most: 25, height: 10 } })).view.page?.top).toBe(top);
});

test('a page that has become shorter with a larger screen scrolls from its end', () => {
  const { view } = after(
    { ...TALL, page: { ...TALL.page, top: 30 } },
    [key('up')],
    keyContext({ page: { most: 20, height: 15 } }),
  );
  expect(view.page?.top).toBe(19);
});

test('on an empty command line the arrows select panes, PgUp and PgDn always do', () => {
  const start = initialScreen(IDS);
  expect(after(start, [key('right'), key('right'), key('left')]).view).toMatchObject({
    selected: 'a-2',
    mode: 'prompt',
  });
  expect(after(start, [key('pagedown')]).view.selected).toBe('a-5');
  const { view } = after(start, [text('ab'), key('left'), text('x'), key('pagedown')]);
  expect([promptText(view.prompt), view.selected]).toEqual(['axb', 'a-5']);
});

test('? opens the list of keys from an empty command line, and is a character in any other', () => {
  expect(after(initialScreen(IDS), [text('?')]).view.page?.title).toBe('Keys');
  const { view } = after(initialScreen(IDS), [text('why'), text('?')]);
  expect([view.page, promptText(view.prompt)]).toEqual([null, 'why?']);
});

test('Esc and a key that arrive as one, as they do inside tmux, are taken as typed', () => {
  expect(after(initialScreen(IDS), [key('alt+l')]).view).toMatchObject({ mode: 'panes', selected: 'a-2' });
  expect(after(asking, [key('alt+y')]).effects).toEqual([]);
  const typing = after(initialScreen(IDS), [text('two words'), key('alt+b'), key('alt+x'), text('-')]).view;
  expect([typing.mode, promptText(typing.prompt)]).toEqual(['prompt', 'two -words']);
});

test('the answer to a command goes with the next key', () => {
  const answered = reduceScreen(panes, {
    kind: 'replied',
    command: 'status',
    reply: reply({ message: 'all is well' }),
  });
  expect(answered.answer?.text).toBe('all is well');
  expect(after(answered, [{ kind: 'shown' }]).view.answer?.text).toBe('all is well');
  expect(after(answered, [key('right')]).view.answer).toBeNull();
});

test('an answer that opened as a page is not said twice, one that went wrong is', () => {
  const of = (exit: 0 | 1) =>
    reduceScreen(panes, { kind: 'replied', command: 'list', reply: reply({ exit, message: 'a', text: 'a\nb' }) });
  expect([of(0).answer, of(1).answer?.text, of(1).page?.title]).toEqual([null, 'a', 'list']);
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
  const left = (ids: readonly string[]) => reduceScreen(zoomed, { kind: 'instances', ids, shown: ids });
  expect(left(['a-2'])).toMatchObject({ selected: 'a-2', zoomed: false });
  expect(left([]).selected).toBeNull();
});

test('Tab completes, Shift-Tab goes back, Ctrl-Z suspends', () => {
  const context = keyContext({ complete: () => ['one', 'two'].map((word) => ({ word, help: '' })) });
  const { view, effects } = after(
    initialScreen([]),
    [key('tab'), key('tab'), key('shift+tab'), key('ctrl+z')],
    context,
  );
  expect([promptText(view.prompt), effects]).toEqual(['one', [{ kind: 'suspend' }]]);
});
