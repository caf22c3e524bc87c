import { expect, test } from 'vitest';
import { initialScreen, withOverlays } from '../../../src/tui/model/screen-state.ts';
import { threeAgents } from '../fake-swarm.ts';
import { drawPanel, modelOf } from './draw-panel.ts';

const SMALL = { columns: 60, rows: 16 };

test('a long page is wrapped, never cut, and says which part of it is shown', () => {
  const lines = [
    'TASK  TITLE',
    `t1    ${'a title of many words '.repeat(6)}end`,
    `  ${'x'.repeat(90)}`,
    ...Array.from({ length: 20 }, (_, i) => `line ${i + 1}`),
  ];
  const open = (top: number) =>
    drawPanel('overlay', modelOf(threeAgents, { overlays: { page: { title: 'list', lines, top } } }, SMALL));
  expect(open(0)?.split('\n')).toEqual([
    `╭─ list ${'─'.repeat(51)}╮`,
    ...[
      'TASK  TITLE',
      't1    a title of many words a title of many words a',
      '      title of many words a title of many words a title',
      '      of many words a title of many words end',
      `  ${'x'.repeat(54)}`,
      `      ${'x'.repeat(36)}`,
      'line 1',
      'line 2',
      'line 3',
      'line 4',
    ].map((line) => `│ ${line.padEnd(57)}│`),
    `╰${'─'.repeat(42)} 1 to 10 of 26 ─╯`,
  ]);
  expect(open(999)).toContain('line 20');
  expect(open(999)).toContain(' 17 to 26 of 26 ─╯');
});

test('what a page shows is text, whatever was printed, and wide characters stay whole', () => {
  const lines = ['\u001B[31mred\u001B[m\tand \u001B]0;title\u0007more', '世界'.repeat(40), ''];
  const frame = drawPanel(
    'overlay',
    modelOf(threeAgents, { overlays: { page: { title: 'logs', lines, top: 0 } } }, SMALL),
  );
  expect(frame).toContain('│ red  and more');
  expect(frame?.match(/[世界]/gu)).toHaveLength(80);
});

test('on a small screen a question keeps what is lost and its buttons', () => {
  const targets = Array.from({ length: 11 }, (_, i) => `agent-${i + 1}`);
  const dialog = { command: 'stop all', targets, loses: 'Work is lost.', token: 't', yes: false, interrupts: false };
  const at = (rows: number) =>
    drawPanel('overlay', modelOf(threeAgents, { overlays: { dialog } }, { columns: 60, rows }));
  expect(at(16)).toMatch(/• agent-1\b.*and \d+ more/su);
  for (const rows of [16, 12, 10, 8]) {
    expect(at(rows)).toContain('Work is lost.');
    expect(at(rows)).toContain('[ No ]');
  }
});

test('a question that does not fit at all says that there is more', () => {
  const loses = 'They go onto the integration branch, one batch that can be stopped and rolled back. '.repeat(4).trim();
  const dialog = { command: 'merge all', targets: ['t1'], loses, token: null, yes: false, interrupts: false };
  const at = (rows: number) =>
    drawPanel('overlay', modelOf(threeAgents, { overlays: { dialog } }, { columns: 40, rows }));
  expect(at(10)).toContain(' there is more: enlarge the window ─╯');
  expect(at(10)).toContain('[ No ]');
  expect(at(40)).not.toContain('there is more');
});

test('a question about many targets names the first and counts the others', () => {
  const targets = Array.from({ length: 11 }, (_, i) => `agent-${i + 1}`);
  const dialog = { command: 'stop all', targets, loses: 'uncommitted work', token: 't', yes: false, interrupts: false };
  const frame = drawPanel('overlay', modelOf(threeAgents, { overlays: { dialog } }));
  expect(frame).toContain('• agent-8');
  expect(frame).not.toContain('agent-9');
  expect(frame).toContain('and 3 more');
  expect(drawPanel('prompt', modelOf(threeAgents, { overlays: { dialog } }))).toContain('y yes');
});

test('the list of keys names every key of the panes', () => {
  const page = { title: 'Keys', lines: null, top: 0 };
  const frame = drawPanel('overlay', modelOf(threeAgents, { overlays: { page } }, { columns: 100, rows: 90 }));
  expect(frame).toContain('attach: the terminal is the agent’s until prefix d');
  expect(frame).toContain(': i Tab');
  expect(drawPanel('overlay', modelOf(threeAgents, { overlays: { page } }, { columns: 40, rows: 12 }))).toContain(
    'Keys',
  );
  expect(drawPanel('overlay', modelOf(threeAgents))).toBeUndefined();
});

test('several commands are asked about with each of them named', () => {
  const dialog = {
    title: 'Run 2 commands?',
    command: 'one after the other',
    targets: ['launch 3', 'list\u001B[2J tasks'],
    loses: 'The first that fails keeps back the others.',
    token: null,
    queued: ['launch 3', 'list tasks'],
    yes: false,
    interrupts: false,
  };
  const frame = drawPanel('overlay', modelOf(threeAgents, withOverlays(initialScreen([]), { dialog })));
  for (const part of ['╭─ Run 2 commands? ─', '• launch 3', '• list\\u001b[2J tasks', '[ No ]'])
    expect(frame).toContain(part);
});

test('[SEC-8] a question with lines of its own shows them in their lines, and all of them can be read before it is answered', () => {
  const loses = [
    'The file wants this:',
    ...Array.from({ length: 20 }, (_, i) => `  + setting.${i + 1} (runs): "x"`),
    'Trust it?',
  ];
  const dialog = {
    command: 'trust',
    targets: ['a'],
    loses: loses.join('\n'),
    token: 't',
    yes: false,
    interrupts: false,
  };
  const at = (top: number) =>
    drawPanel('overlay', modelOf(threeAgents, { overlays: { dialog: { ...dialog, top } } }, SMALL))!;
  expect(at(0)).toMatch(/The file wants this:.*\n.* {3}\+ setting\.1 \(runs\): "x"/u);
  expect(at(0)).toContain('[ No ]');
  expect(at(0)).toMatch(/1 to \d+ of 22, ↑↓ shows the rest/u);
  expect(at(99)).toContain('Trust it?');
  expect(at(99)).toContain('[ No ]');
});

test('the commands that a page suggests stand numbered below its text, and stay there while that scrolls', () => {
  const suggestions = [
    { command: 'show diff t1', what: 'see what it changed' },
    { command: 'set task t1 check="…"', what: 'give it another check' },
  ];
  const lines = Array.from({ length: 20 }, (_, i) => `line ${i + 1}`);
  const open = (top: number, rows = 16) => {
    const page = { title: 'show failure t1', lines, suggestions, top };
    return modelOf(threeAgents, { overlays: { page } }, { columns: 60, rows });
  };
  const numbered = [
    '',
    'Suggested:',
    '  1    show diff t1           see what it changed',
    '  2    set task t1 check="…"  give it another check',
  ].map((line) => `│ ${line.padEnd(57)}│`);
  const rowsAt = (top: number) => drawPanel('overlay', open(top))!.split('\n');
  expect(rowsAt(0).slice(1, 2)).toEqual([`│ ${'line 1'.padEnd(57)}│`]);
  expect(rowsAt(0).slice(-5, -1)).toEqual(numbered);
  expect(rowsAt(0).at(-1)).toContain(' 1 to 6 of 20 ─╯');
  expect(rowsAt(99).slice(-6, -1)).toEqual([`│ ${'line 20'.padEnd(57)}│`, ...numbered]);
  // On a small screen the text has the room, and they are its end.
  expect(drawPanel('overlay', open(0, 10))).not.toContain('Suggested');
  expect(drawPanel('overlay', open(99, 10))).toContain('2    set task t1 check="…"');
});
