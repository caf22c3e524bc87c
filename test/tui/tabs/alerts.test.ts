import { expect, test } from 'vitest';
import { offeredTo } from '../../../src/attention/attention.ts';
import { alertsTab } from '../../../src/tui/tabs/alerts.ts';
import { columnWidths, isMatched } from '../../../src/tui/tabs/tab-window.ts';
import { spread } from '../../../src/tui/widgets/pieces.ts';
import { pressTabKey } from '../../../src/tui/tabs/tab-navigation.ts';
import { created as task, failed, instance, started } from '../../tasks/journal.ts';
import { created, moved } from '../fake-swarm.ts';
import { alert } from '../panels/draw-panel.ts';
import { commandOf, tabContext, textOf } from './tab-context.ts';

test('[TUI-6] alerts stand with what helps, the gravest first', () => {
  const waiting = moved('rehearsal-1', 'waiting', 'Go?');
  const lost = moved('rehearsal-2', 'lost');
  const context = tabContext([created(1), created(2), alert('info'), lost, alert('error', 'list worktrees'), waiting]);
  expect(textOf(alertsTab.body(context))).toEqual([
    [
      '3 need you',
      ' ? rehearsal-1 asks: Go? | 1m',
      '     answer rehearsal-1 "…"',
      ' ✖ error text | 1m',
      '     list worktrees',
      ' ✖ rehearsal-2 is lost | 1m',
      '     restart instance rehearsal-2',
      ' to know',
      ' i info text | 1m',
      '     nothing has to be done',
    ],
    ['last output of rehearsal-1', '(looking for it …)'],
  ]);
  expect(textOf(alertsTab.body(tabContext([])))).toEqual([['alerts', '(Nothing needs you.)']]);
  expect(['g', 'x'].map((key) => commandOf(alertsTab, key, 'error', context))).toEqual([
    'list worktrees',
    'clear alert "error"',
  ]);
  expect(commandOf(alertsTab, 'g', 'info', context)).toBeNull();
  const dismissed = (id: string) => commandOf(alertsTab, 'x', id, context);
  expect(['instance rehearsal-1', 'instance rehearsal-2', 'info'].map(dismissed)).toEqual([
    null,
    'stop instance rehearsal-2',
    'clear alert "info"',
  ]);
});

test('why a need is not dismissed is said as it is: its agent waits, or other tasks do', () => {
  const drafts = [
    ...[...instance('a-1'), task('t1', {}), started('t1', 'a-1'), failed('t1'), task('t2', { dependencies: ['t1'] })],
    ...[created(1), moved('rehearsal-1', 'waiting', 'Go?')],
  ];
  const noteAt = (cursor: string) => {
    const context = tabContext(drafts, { own: { cursor } });
    return pressTabKey({ tab: alertsTab, context, body: alertsTab.body(context) }, 'x')?.note;
  };
  expect(noteAt('instance rehearsal-1')).toBe('its agent waits for an answer: r answers it');
  expect(noteAt('task t1')).toBe('it stays as long as other tasks wait for it');
});

test('[SEC-1] whoever may only look sees what there is to look at, and their key does no more', () => {
  const all = tabContext([created(1), alert('info', 'clean events'), moved('rehearsal-1', 'waiting', 'Go?')]);
  const context = { ...all, attention: offeredTo(all.attention, (line) => line.startsWith('show ')) };
  expect(textOf(alertsTab.body(context))[0]).toEqual([
    '1 needs you',
    ' ? rehearsal-1 asks: Go? | 1m',
    '     show instance rehearsal-1',
    ' to know',
    ' i info text | 1m',
    '     nothing has to be done',
  ]);
  const help = (id: string, of = context) => commandOf(alertsTab, 'g', id, of);
  expect(['instance rehearsal-1', 'info'].map((id) => help(id))).toEqual(['show instance rehearsal-1', null]);
  expect(help('info', all)).toBe('clean events');
});

const TRUST =
  '.drover/config.json wants to run commands and is not trusted, so they are left out: checks.task "npm test" and worktrees.setup "npm ci"; look at them and say whether they may';

test('[TUI-6] of trouble without a command that helps it is never said that nothing has to be done', () => {
  const withoutHelp = (severity: 'info' | 'warning' | 'error', may: (line: string) => boolean): string => {
    const raised = alert(severity, null);
    const all = tabContext([raised]);
    return textOf(alertsTab.body({ ...all, attention: offeredTo(all.attention, may) }))[0]!
      .at(-1)!
      .trim();
  };
  const anything = () => true;
  const nothing = () => false;
  expect(withoutHelp('info', anything)).toBe('nothing has to be done');
  expect([withoutHelp('warning', anything), withoutHelp('error', anything)]).toEqual([
    'no command here helps; x clears it once you have read it',
    'no command here helps; x clears it once you have read it',
  ]);
  expect(withoutHelp('warning', nothing)).toBe('no command of yours helps with it');
});

test.each([40, 80, 120])('[TUI-9] on %i columns an alert is read whole, and so is what to type', (width) => {
  const help =
    'run task 1 "and tell the agent in so many words what it has to do otherwise this time" instance=rehearsal-1';
  const context = tabContext([created(1), alert('warning', help, TRUST)], { width });
  const { columns } = alertsTab.body(context);
  const [room = 0] = columnWidths(
    columns.map(({ weight }) => weight),
    width,
  );
  const { lines } = columns[0]!;
  const drawn = lines.map(({ pieces, right = [] }) => spread(pieces, right, room));
  expect(drawn.filter((line) => line.includes('…'))).toEqual([]);
  const told = lines.map(({ pieces }) => pieces.map(({ text }) => text.trim()).join(' ')).join(' ');
  expect(told.replaceAll(/\s+/gu, ' ')).toContain(TRUST);
  expect(told.replaceAll(/\s+/gu, ' ')).toContain(help);
  // A filter finds it by words of any of its lines.
  expect(lines.filter((line) => line.id !== undefined && isMatched(line, 'trusted setup'))).toHaveLength(1);
});
