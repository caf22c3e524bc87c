import { expect, test } from 'vitest';
import type { Reply } from '../../../src/ports/swarm.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { type ScreenState, withTabs } from '../../../src/tui/model/screen-state.ts';
import { makeTabOpener } from '../../../src/tui/tabs/open-tab.ts';
import type { TabId } from '../../../src/tui/tabs/tab-ids.ts';
import { holdSelection } from '../../../src/tui/tabs/tab-keys.ts';
import { initialTab, initialTabs, type TabState } from '../../../src/tui/tabs/tab-state.ts';
import { keyContext } from '../control/key-context.ts';
import { key, pressAll } from '../control/press-keys.ts';
import { created, moved, reply, threeAgents } from '../fake-swarm.ts';
import { openView } from '../open-view.ts';
import { alert, modelOf } from '../panels/draw-panel.ts';

/** A tab over these facts on a screen of so many columns, and what keys do in it. */
const open = (
  tab: TabId,
  drafts: readonly EventDraft[],
  columns = 120,
  answers: ReadonlyMap<string, Reply> = new Map(),
) => {
  const model = modelOf(drafts, {}, { columns, rows: 30 });
  const opener = makeTabOpener();
  const openIn = (screen: ScreenState) => opener({ ...model, screen, answers, samples: [] });
  const screen = (own: Partial<TabState> = {}): ScreenState => ({
    ...withTabs(model.screen, { open: tab, states: { ...initialTabs, [tab]: { ...initialTab, ...own } } }),
    focus: 'panes',
  });
  const context = keyContext({ openIn, questions: model.questions });
  return { view: screen, openIn, press: (before: ScreenState, name: string) => pressAll(before, [key(name)], context) };
};

const node = (name: string) => ({ name, kind: 'instance', instance: null, branch: name, session: null, tasks: [] });
const trees = new Map([['tree worktrees', reply({ data: [node('one'), node('two')] })]]);

test('columns that were scrolled before the screen became narrower do not matter any more', () => {
  const tops = { 0: 0, 3: 2, 4: 7 };
  const tasks = open('tasks', threeAgents, 80);
  expect(tasks.press(tasks.view({ tops }), 'down').screen.tabs.states.tasks).toMatchObject({
    cursor: '2.2',
    tops: { 0: 0 },
  });
  const worktrees = open('worktrees', threeAgents, 80, trees);
  const { screen } = worktrees.press(worktrees.view({ tops: { 1: 30 } }), 'down');
  expect(screen.tabs.states.worktrees).toMatchObject({ cursor: 'two', tops: { 0: 0 } });
});

test('a text beside the list begins where it begins when another line is selected', () => {
  const { press, view: screen } = open('worktrees', threeAgents, 120, trees);
  expect(press(screen({ tops: { 1: 30 } }), 'down').screen.tabs.states.worktrees.tops).toEqual({ 0: 0 });
});

test('what is typed after a has attached to an agent is meant for the agent, in every view', () => {
  const log = open('log', threeAgents);
  const { screen, effects } = log.press(log.view(), 'a');
  expect([effects, screen.commands.isHandingOver]).toEqual([[{ kind: 'run', text: 'attach rehearsal-1' }], true]);
  expect(log.press(screen, 'enter').effects).toEqual([]);
});

const asks = [created(1), moved('rehearsal-1', 'waiting', 'Shall I go on?')] as const;

test('[AGT-5] an alert that suggests an answer opens the question of its agent, and one that does not is obeyed', () => {
  const answer = open('alerts', [...asks, alert('error', 'answer rehearsal-1 "yes"')]);
  const { screen, effects } = answer.press(answer.view(), 'enter');
  expect([screen.overlays.answering?.question.text, screen.tabs.open, effects]).toEqual([
    'Shall I go on?',
    'alerts',
    [],
  ]);
  const other = open('alerts', [alert('error', 'restart instance rehearsal-1')]);
  expect(other.press(other.view(), 'enter').effects).toEqual([{ kind: 'run', text: 'restart instance rehearsal-1' }]);
});

test('the selected alert stays so when a graver one comes, and a key does nothing to one that took its place', () => {
  const shown = open('alerts', [alert('info')]);
  const held = (screen: ScreenState, { openIn }: typeof shown) => holdSelection(screen.tabs, openIn(screen));
  const seen = { ...shown.view(), tabs: held(shown.view(), shown) };
  expect(seen.tabs.states.alerts.cursor).toBe('info');
  expect(held(seen, shown)).toBe(seen.tabs);
  const graver = open('alerts', [alert('info'), alert('error', 'stop all')]);
  expect(graver.press(seen, 'enter').effects).toEqual([]);
  const replaced = open('alerts', [alert('error', 'stop all')]);
  expect(replaced.press(seen, 'enter').effects).toEqual([]);
  const drawn = { ...seen, tabs: held(seen, replaced) };
  expect(replaced.press(drawn, 'enter').effects).toEqual([{ kind: 'run', text: 'stop all' }]);
  const none = open('alerts', []);
  expect(held(seen, none)).toBe(seen.tabs);
  const messages = open('messages', threeAgents);
  expect(held(messages.view(), messages).states.messages.cursor).toBeNull();
});

test('[AGT-5] the question that an alert is about is asked over the alerts, whatever came since they were looked at', async () => {
  const { type, see, swarm } = openView([...asks, alert('warning', 'answer rehearsal-1 "yes"')]);
  type('5');
  await see('     answer rehearsal-1 "…"');
  swarm.apply(alert('error', 'stop all'));
  await see('error text');
  type('\r');
  await see('? rehearsal-1 asks');
  await see('error text');
  expect(swarm.ran).toEqual([]);
});
