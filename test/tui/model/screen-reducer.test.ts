import { expect, test } from 'vitest';
import { reduceScreen } from '../../../src/tui/model/screen-reducer.ts';
import { withPanes } from '../../../src/tui/model/screen-state.ts';
import { IDS } from '../control/key-context.ts';
import { key, pressAll, text } from '../control/press-keys.ts';
import { asking, askToConfirm, CONFIRMED, onPanes } from '../control/screens.ts';
import { reply } from '../fake-swarm.ts';
import { typeInto } from '../panes/type-into.ts';
import { start } from '../prompt/typed-prompt.ts';

test('a command that gives the terminal away after others does so when it is its turn', () => {
  const listed = reduceScreen(onPanes, { kind: 'asked', command: 'list tasks' });
  expect(listed.commands.isHandingOver).toBe(false);
  expect(reduceScreen(listed, { kind: 'asked', command: 'attach a-1' }).commands.isHandingOver).toBe(true);
});

test('a question that comes while another one is open leaves that open, and is said not to be done', () => {
  const two = reduceScreen(asking, askToConfirm('remove all', 'u'));
  expect([two.overlays.dialog, two.commands.message]).toEqual([
    asking.overlays.dialog,
    { tone: 'note', text: 'not done: remove all', hint: 'Answer this question, then run it again.' },
  ]);
  expect(pressAll(two, [text('y')]).effects).toEqual([CONFIRMED]);
  const more = reduceScreen(asking, { ...askToConfirm('remove all', 'u'), queued: ['list', 'status'] });
  expect(more.commands.message?.hint).toBe('Not run: list; status');
});

test('an answer that opened as a page is not said twice, one that went wrong is', () => {
  const of = (exit: 0 | 1) =>
    reduceScreen(onPanes, { kind: 'replied', command: 'list', reply: reply({ exit, message: 'a', text: 'a\nb' }) });
  expect([of(0).commands.message, of(1).commands.message?.text, of(1).overlays.page?.title]).toEqual([
    null,
    'a',
    'list',
  ]);
});

test('an answer of one line opens as a page where it suggests commands, and not where none came with it', () => {
  const suggestions = [{ command: 'retry task t1', what: null }];
  const pageOf = (data: unknown) =>
    reduceScreen(onPanes, { kind: 'replied', command: 'show alert x', reply: reply({ message: 'a', data }) }).overlays
      .page;
  expect(pageOf({ suggestions })).toEqual({ title: 'show alert x', lines: ['a'], suggestions, top: 0 });
  // What is printed is no suggestion, whatever it says.
  expect([pageOf({ suggestions: [] }), pageOf({ text: 'Suggested: stop all' })]).toEqual([null, null]);
});

test('an instance that is gone is not selected any more', () => {
  const zoomed = withPanes(onPanes, { selected: 'a-9', isZoomed: true });
  const left = (ids: readonly string[]) => reduceScreen(zoomed, { kind: 'instances', ids, shown: ids });
  expect(left(['a-2'])).toMatchObject({ panes: { selected: 'a-2', isZoomed: false } });
  expect(left([]).panes.selected).toBeNull();
});

test('a No to a command of several keeps back those behind it, a Yes goes on with them', () => {
  const confirm = { targets: ['a-1'], loses: 'work', token: 't', expires: '2026-01-02T03:09:05.000Z' };
  const asking = reduceScreen(start, {
    kind: 'replied',
    command: 'stop all',
    reply: reply({ exit: 5, confirm }),
    queued: ['list', 'status'],
  });
  expect(pressAll(asking, [key('enter')]).screen.commands.message?.text).toBe(
    'not done: stop all and 2 more behind it',
  );
  expect(pressAll(asking, [key('right'), key('enter')]).effects).toEqual([
    { kind: 'run', text: 'stop all', confirm: 't', queued: ['list', 'status'] },
  ]);
  const failed = reduceScreen(start, {
    kind: 'replied',
    command: 'x',
    reply: reply({ exit: 1, message: 'no' }),
    queued: ['list', 'status'],
  });
  expect(failed.commands.message).toEqual({ tone: 'error', text: 'no', hint: 'Not run: list; status' });
});

test('of several commands it is said how many are done, and at which one they stopped', () => {
  const said = (exit: 0 | 1, ran: number, queued: readonly string[]) =>
    reduceScreen(start, { kind: 'replied', command: 'x', reply: reply({ exit, message: 'Created t9.' }), queued, ran })
      .commands.message?.text;
  expect(said(0, 1, [])).toBe('Created t9.');
  expect(said(0, 12, ['list', 'status'])).toBe('12 of 14: Created t9.');
  expect(said(0, 14, [])).toBe('14 commands done, the last: Created t9.');
  expect(said(1, 12, ['list', 'status'])).toBe('12 of 14: Created t9.');
});

test('only an agent that is really gone is over, and the selection moves only from one that is not shown', () => {
  const typing = typeInto(onPanes, '\r').screen;
  const hidden = reduceScreen(typing, { kind: 'instances', ids: IDS, shown: ['a-2'] });
  expect(hidden).toMatchObject({ panes: { selected: 'a-2', typing: { id: 'a-1', over: null } } });
  const shown = reduceScreen(typing, { kind: 'instances', ids: IDS, shown: ['a-3', 'a-1'] });
  expect(shown).toBe(typing);
});
