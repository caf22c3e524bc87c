import { expect, test } from 'vitest';
import type { ScreenState } from '../../../src/tui/model/screen-state.ts';
import { threeAgents } from '../fake-swarm.ts';
import { openTabIn, waitingAgent } from '../tabs/open-tab-in.ts';
import { keyContext } from './key-context.ts';
import { key, pressAll, text } from './press-keys.ts';
import { onPanes } from './screens.ts';

const said = ({ commands }: ScreenState): string | undefined => commands.message?.text;

test('a key that finds nothing to do says so, in the panes and in the views', () => {
  const onKeys = (name: string) => said(pressAll(onPanes, [text(name)], keyContext()).screen);
  expect(onKeys('g')).toBe('nothing is suggested now');
  expect(onKeys('y')).toBe('y does nothing here; ? tells which keys do');
  expect(onKeys('l')).toBeUndefined();
  expect(said(pressAll(onPanes, [key('ctrl+g')]).screen)).toBe('nothing is suggested now');
  const tasks = openTabIn('tasks', threeAgents);
  expect(said(tasks.press(tasks.view({ cursor: '2.1' }), 'm').screen)).toBe('this task has no finished work to merge');
  expect(said(tasks.press(tasks.view(), 'A').screen)).toBe('A does nothing here; ? tells which keys do');
  const empty = openTabIn('tasks', []);
  expect(said(empty.press(empty.view(), 'x').screen)).toBe('nothing is selected');
  const alerts = openTabIn('alerts', waitingAgent);
  expect(said(alerts.press(alerts.view(), 'x').screen)).toBe('its agent waits for an answer: r answers it');
  expect(said(alerts.press(alerts.view(), 'v').screen)).toBe('v does nothing here; ? tells which keys do');
});
