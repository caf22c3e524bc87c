import { expect, test } from 'vitest';
import type { ScreenState } from '../../../src/tui/model/screen-state.ts';
import { holdSelection } from '../../../src/tui/tabs/tab-keys.ts';
import { keyContext } from '../control/key-context.ts';
import { key, pressAll } from '../control/press-keys.ts';
import { threeAgents } from '../fake-swarm.ts';
import { openView } from '../open-view.ts';
import { alert } from '../panels/draw-panel.ts';
import { openTabIn, waitingAgent } from './open-tab-in.ts';

test('what is typed after a has attached to an agent is meant for the agent, in every view', () => {
  const log = openTabIn('log', threeAgents);
  const { screen, effects } = log.press(log.view(), 'a');
  expect([effects, screen.commands.isHandingOver]).toEqual([[{ kind: 'run', text: 'attach rehearsal-1' }], true]);
  expect(log.press(screen, 'enter').effects).toEqual([]);
});

test('[AGT-5] an alert that suggests an answer opens the question of its agent, and one that does not is obeyed', () => {
  const answer = openTabIn('alerts', [...waitingAgent, alert('error', 'answer rehearsal-1 "yes"')]);
  const { screen, effects } = answer.press(answer.view(), 'g');
  expect([screen.overlays.answering?.question.text, screen.tabs.open, effects]).toEqual([
    'Shall I go on?',
    'alerts',
    [],
  ]);
  const other = openTabIn('alerts', [alert('error', 'list worktrees')]);
  expect(other.press(other.view(), 'g').effects).toEqual([{ kind: 'run', text: 'list worktrees' }]);
});

test('without an alert the key does what the banner says, as in every other view', () => {
  const { view, openIn } = openTabIn('alerts', []);
  const suggestion = { kind: 'run', why: '1 task ready', command: 'run all ready tasks', isPressing: true } as const;
  const { effects } = pressAll(view(), [key('g')], keyContext({ openIn, suggestion }));
  expect(effects).toEqual([{ kind: 'run', text: 'run all ready tasks' }]);
});

test('the selected alert stays so when a graver one comes, and a key does nothing to one that took its place', () => {
  const shown = openTabIn('alerts', [alert('info')]);
  const held = (screen: ScreenState, { openIn }: typeof shown) => holdSelection(screen.tabs, openIn(screen));
  const seen = { ...shown.view(), tabs: held(shown.view(), shown) };
  expect(seen.tabs.states.alerts.cursor).toBe('info');
  expect(held(seen, shown)).toBe(seen.tabs);
  const graver = openTabIn('alerts', [alert('info'), alert('error', 'stop all')]);
  expect(graver.press(seen, 'g').effects).toEqual([]);
  const replaced = openTabIn('alerts', [alert('error', 'stop all')]);
  expect(replaced.press(seen, 'g').effects).toEqual([]);
  const drawn = { ...seen, tabs: held(seen, replaced) };
  expect(replaced.press(drawn, 'g').effects).toEqual([{ kind: 'run', text: 'stop all' }]);
  const none = openTabIn('alerts', []);
  expect(held(seen, none)).toBe(seen.tabs);
  const messages = openTabIn('messages', threeAgents);
  expect(held(messages.view(), messages).states.messages.cursor).toBeNull();
});

test('[AGT-5] the question that an alert is about is asked over the alerts, whatever came since they were looked at', async () => {
  const { type, see, swarm } = openView([...waitingAgent, alert('warning', 'answer rehearsal-1 "yes"')]);
  type('5');
  await see('     answer rehearsal-1 "…"');
  swarm.apply(alert('error', 'stop all'));
  await see('error text');
  type('g');
  await see('? rehearsal-1 asks');
  await see('error text');
  expect(swarm.ran.filter(({ text }) => !text.startsWith('show log '))).toEqual([]);
});

test('Enter on an alert shows it: the agent that asks, a failure, or the alert itself', () => {
  const asking = openTabIn('alerts', waitingAgent);
  const { screen, effects } = asking.press(asking.view(), 'enter');
  expect([screen.tabs.open, screen.panes.selected, effects]).toEqual(['agents', 'rehearsal-1', []]);
  const told = openTabIn('alerts', [alert('info', 'list tasks')]);
  expect(told.press(told.view(), 'enter').effects).toEqual([{ kind: 'run', text: 'show alert "info"' }]);
});
