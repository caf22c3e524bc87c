import { expect, test } from 'vitest';
import { handleInput } from '../../../src/tui/control/handle-input.ts';
import { selectedLine, shownColumns } from '../../../src/tui/tabs/tab-window.ts';
import { tabFooter } from '../../../src/tui/tabs/tab-footer.ts';
import type { ScreenState } from '../../../src/tui/model/screen-state.ts';
import { created, instance, started, verified } from '../../tasks/journal.ts';
import { modelOf } from '../panels/draw-panel.ts';
import { openTabIn } from './open-tab-in.ts';
import { reviewAnswers } from './review-answer.ts';

const done = [...instance('a-1'), created('t1'), started('t1', 'a-1'), verified('t1')];
const PATCH = [
  ...['diff --git a/a.ts b/a.ts', 'index 1..2 100644', '--- a/a.ts', '+++ b/a.ts', '@@ -0,0 +1,61 @@'],
  ...Array.from({ length: 60 }, (_, i) => `+const f${i % 20} = ${i};`),
  `+${'x '.repeat(600)}theEnd`,
].join('\n');

const open = () => openTabIn('review', done, 120, reviewAnswers('t1', ['a.ts'], { patch: PATCH }));

/** An open review, what is selected in it, and what its footer says. */
const searching = () => {
  const { view, openIn, press, type } = open();
  const look = (screen: ScreenState) => {
    const tab = openIn(screen)!;
    const { lines, top } = shownColumns(tab.body, tab.context.own, tab.context.size.height).at(-1)!;
    const drawn = lines.map(({ pieces }) => pieces.map(({ text }) => text).join(''));
    const footer = tabFooter({ ...modelOf(done), screen, open: tab }, (label, help) => [
      { text: `[${label} ${help}]` },
    ]);
    return {
      ...{ id: selectedLine(tab.body, tab.context.own)?.id, count: tab.body.columns.at(-1)!.lines.length, top, drawn },
      footer: footer!.map(({ text }) => text).join(''),
    };
  };
  return { screen: view({ subject: 't1' }), press, type, look };
};

test('a stroke goes to the line of a review that has the words, which stays among the others', () => {
  const { screen, press, type, look } = searching();
  const all = look(screen).count;
  const found = type(screen, '/f15');
  expect(look(found)).toMatchObject({
    id: 'f0n16',
    count: all,
    footer: ' / f15▏   1 of 3 [Enter ↓ next][↑ before][Esc end the search]',
  });
  const next = press(found, 'enter').screen;
  expect(look(next)).toMatchObject({ id: 'f0n36', count: all });
  expect(look(press(press(next, 'down').screen, 'down').screen).id).toBe('f0n16');
  expect(look(press(next, 'up').screen).id).toBe('f0n16');
  // Esc leaves it there, with the keys of the review.
  const { screen: ended } = press(next, 'esc');
  expect([look(ended).id, ended.tabs.searched, ended.tabs.states.review.subject]).toEqual(['f0n36', null, 't1']);
  expect(look(ended).footer).toContain('[/ search]');
  expect(press(ended, 'A').effects).toEqual([{ kind: 'run', text: 'approve task t1 commit=abc' }]);
});

test('of a line in many rows the one is shown that has the words; what is nowhere is said', () => {
  const { screen, press, type, look } = searching();
  expect(look(type(screen, '/theend')).drawn.join('\n')).toContain('theEnd');
  const nowhere = type(screen, '/no such words');
  expect(look(nowhere)).toMatchObject({ top: 0, footer: ' / no such words▏   nothing found [Esc end the search]' });
  expect(look(press(nowhere, 'ctrl+u').screen).footer).toBe(' / ▏   [Esc end the search]');
  const pasted = handleInput(type(screen, '/'), { kind: 'paste', text: 'f19' }, { openIn: open().openIn } as never);
  expect(look(pasted.screen).id).toBe('f0n20');
});

test('the list of reviews is narrowed as before, and what is opened from it is whole', () => {
  const { view, openIn, press, type } = open();
  const narrowed = press(type(view(), '/t1'), 'enter').screen;
  expect(openIn(narrowed)!.context.own.filter).toBe('t1');
  expect(press(narrowed, 'enter').screen.tabs.states.review).toMatchObject({ subject: 't1', filter: '' });
});
