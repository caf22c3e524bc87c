import { expect, test } from 'vitest';
import { alertsTab } from '../../../src/tui/tabs/alerts.ts';
import { alert } from '../panels/draw-panel.ts';
import { commandOf, tabContext, textOf } from './tab-context.ts';

test('[TUI-6] alerts stand with what helps, the gravest first', () => {
  const waiting = {
    type: 'alert.raised',
    data: {
      id: 'w',
      severity: 'warning',
      text: 'r asks: Go?',
      suggestion: 'answer r "yes"',
      instance: null,
      task: null,
    },
  } as const;
  const context = tabContext([alert('info'), waiting, alert('error', 'restart instance r')]);
  expect(textOf(alertsTab.body(context))).toEqual([
    [
      'alerts',
      ' ✖ error text | 1m',
      '     restart instance r',
      ' ! r asks: Go? | 1m',
      '     answer r "…"',
      ' i info text | 1m',
      '     nothing has to be done',
    ],
  ]);
  expect(textOf(alertsTab.body(tabContext([])))).toEqual([['alerts', '(Nothing needs you.)']]);
  expect(['enter', 's', 'x'].map((key) => commandOf(alertsTab, key, 'error', context))).toEqual([
    'restart instance r',
    'show alert "error"',
    'clear alert "error"',
  ]);
  expect(commandOf(alertsTab, 'enter', 'info', context)).toBeNull();
});
