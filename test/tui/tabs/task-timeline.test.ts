import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import type { OpenTab, TabContext } from '../../../src/tui/tabs/tab.ts';
import { pressTabKey } from '../../../src/tui/tabs/tab-navigation.ts';
import type { TabState } from '../../../src/tui/tabs/tab-state.ts';
import { selectedLine, shownColumns } from '../../../src/tui/tabs/tab-window.ts';
import { tasksTab } from '../../../src/tui/tabs/tasks.ts';
import { created, moved, threeAgents } from '../fake-swarm.ts';
import { tabContext, textOf } from './tab-context.ts';

const TIMELINE = 3;

test('[TUI-6] the timeline has a lane for each agent on one scale, and below them each piece of work', () => {
  const context = tabContext(threeAgents, { own: { mode: TIMELINE }, width: 60 });
  const [lines] = textOf(tasksTab.body(context));
  expect(lines![0]).toMatch(/^timeline {3}\d\d:\d\d:\d\d to \d\d:\d\d:\d\d, 1m 5s/u);
  // What the signs mean stands in lines of its own where the title has no room for it.
  expect(lines!.slice(1, 3)).toEqual([' █ ★ what all waited for  ▒ other work  ? waiting  ✖ failed', ' ⇄ merging']);
  const wide = textOf(tasksTab.body({ ...context, size: { ...context.size, width: 160 } }))[0]!;
  expect([wide[0], wide[1]]).toEqual([
    expect.stringContaining('✖ failed  ⇄ merging'),
    expect.stringMatching(/^ {2}rehearsal-1 +█/u),
  ]);
  expect(lines!.slice(3, 5)).toEqual([`  rehearsal-1   ${'█'.repeat(43)}`, `  rehearsal-2   ${'▒'.repeat(43)}`]);
  expect(lines!.slice(6).map((line) => line.slice(10))).toEqual([
    '★ █ rehearsal-1   2.1 Parse the lines | 1m 5s …',
    '  █ rehearsal-2   2.2 Write the grammar | 1m 5s …',
  ]);
  const selectable = tasksTab.body(context).columns[0]!.lines.flatMap(({ id }) => id ?? []);
  expect(selectable).toEqual(['lane rehearsal-1', 'lane rehearsal-2', '2.1', '2.2']);
  expect(textOf(tasksTab.body(tabContext([], { own: { mode: TIMELINE } })))[0]?.[1]).toBe(
    '(Nothing has been done yet.)',
  );
});

const openIn = (context: TabContext, own: TabState = context.own): OpenTab => {
  const now = { ...context, own };
  return { tab: tasksTab, context: now, body: tasksTab.body(now) };
};

const many: readonly EventDraft[] = [
  ...threeAgents,
  ...Array.from({ length: 40 }, (_, i) => [created(i + 4), moved(`rehearsal-${i + 4}`, 'waiting', 'Which?')]).flat(),
];

test('[TUI-6] every line of the timeline can be reached: lanes, waits and merges as well as work', () => {
  const context = tabContext(many, { own: { mode: TIMELINE }, width: 60 });
  const { lines } = tasksTab.body(context).columns[0]!;
  let { own } = context;
  const seen = new Set<string>();
  for (const _ of lines) {
    const open = openIn(context, own);
    for (const { pieces } of shownColumns(open.body, own, context.size.height)[0]!.lines)
      seen.add(pieces.map(({ text }) => text).join(''));
    own = pressTabKey(open, 'j')!.own;
  }
  expect(seen.size).toBe(new Set(lines.map(({ pieces }) => pieces.map(({ text }) => text).join(''))).size);
  const last = openIn(context, own);
  expect(selectedLine(last.body, own)?.index).toBe(lines.length - 1);
  const first = openIn(context, pressTabKey(last, 'home')!.own);
  expect(shownColumns(first.body, first.context.own, context.size.height)[0]!.top).toBe(0);
});

test('keys are about the task of a line; a lane, a wait or a merge is shown as what it is', () => {
  const context = tabContext([...threeAgents, moved('rehearsal-3', 'waiting', 'Which?')], { own: { mode: TIMELINE } });
  const { lines } = tasksTab.body(context).columns[0]!;
  const idOf = (words: RegExp) => lines.find(({ pieces }) => words.test(pieces.map(({ text }) => text).join('')))!.id!;
  const pressed = (id: string, key: string) => pressTabKey(openIn(context, { ...context.own, cursor: id }), key);
  expect(pressed('2.1', 'enter')?.command).toBe('show task 2.1');
  expect(pressed('lane rehearsal-1', 'enter')?.command).toBe('show instance rehearsal-1');
  const wait = idOf(/Which\?/u);
  expect([pressed(wait, 'enter')?.command, pressed(wait, 'x')?.command, pressed(wait, 'R')?.review]).toEqual([
    'show instance rehearsal-3',
    undefined,
    undefined,
  ]);
});

test('[TUI-6] a closer look at the lanes can be scrolled through all of the time, and follows what is latest', () => {
  const context = tabContext(threeAgents, { own: { mode: TIMELINE }, width: 96 });
  // A minute of which an eighth is less than the least that is shown.
  const scale = (own: TabState) => String(tasksTab.body({ ...context, own }).columns[0]!.title[1]!.text);
  const closer = pressTabKey(openIn(context), 'z')!.own;
  expect([closer.isUnfolded, closer.from]).toEqual([true, null]);
  expect(scale(closer)).toMatch(/:55 to \d\d:\d\d:05, 10s of 1m 5s, ← → scroll$/u);
  const press = (own: TabState, key: string) => pressTabKey(openIn(context, own), key)!.own;
  expect(scale(press(closer, 'h'))).toMatch(/:50 to \d\d:\d\d:00, 10s/u);
  let own = closer;
  for (let i = 0; i < 20; i += 1) own = press(own, 'h');
  expect(scale(own)).toMatch(/:00 to \d\d:\d\d:10, 10s/u);
  for (let i = 0; i < 20; i += 1) own = press(own, 'l');
  expect(own.from).toBeNull();
  expect(scale(press(own, 'z'))).toMatch(/, 1m 5s$/u);
  // All of the time is shown: there is nothing to scroll.
  expect(press(context.own, 'h')).toEqual(context.own);
});
