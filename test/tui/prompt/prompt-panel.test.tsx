import { expect, test } from 'vitest';
import { withRelativeTimes } from '../../../src/tui/model/relative-times.ts';
import { initialScreen, withOverlays } from '../../../src/tui/model/screen-state.ts';
import { type PromptEdit, reducePrompt } from '../../../src/tui/prompt/prompt-reducer.ts';
import { emptyPrompt } from '../../../src/tui/prompt/prompt-state.ts';
import { created, moved, threeAgents } from '../fake-swarm.ts';
import { alert, drawPanel, modelOf } from '../panels/draw-panel.ts';
import type { ScreenChanges } from '../screen-with.ts';

const promptAfter = (...edits: readonly PromptEdit[]) =>
  edits.reduce(reducePrompt, { ...emptyPrompt, history: ['list tasks', 'launch 3 instances'] });
const insert = (text: string): PromptEdit => ({ kind: 'insert', text });
const rows = (changes: ScreenChanges, more: object = {}, size = { columns: 100, rows: 30 }) =>
  drawPanel('prompt', { ...modelOf(threeAgents, changes, size), ...more })!
    .split('\n')
    .slice(1);

test('[TUI-2] behind what is typed stands in grey what would follow, and what the command would do below it', () => {
  const hint = { kind: 'ok', says: 'stops 2 instances: a-1, a-2', asks: 'work is lost' };
  expect(rows({ prompt: promptAfter(insert('stop all')) }, { ghost: ' running', hint })).toEqual([
    ' ❯ stop all running',
    '  ✔ stops 2 instances: a-1, a-2   asks first',
    ' Enter run, asks first  → take the grey  Tab complete  ↑↓ history  Esc to the panes',
  ]);
});

test('however narrow the screen, that a command asks first is said', () => {
  const hint = { kind: 'ok', says: 'stops 9 instances: a-1, a-2, a-3, a-4, a-5', asks: 'work is lost' };
  const [, said] = rows({ prompt: promptAfter(insert('stop all')) }, { hint }, { columns: 40, rows: 20 });
  expect(said).toBe('  ✔ stops 9 instances: a-1…   asks first');
});

test('lines within a command are marked, and a ghost never breaks the line', () => {
  expect(rows({ prompt: promptAfter(insert('tell "a\nb"')) }, { ghost: '\n\u001B[2Jx' })[0]).toBe(' ❯ tell "a⏎b" x');
});

test('[TUI-2] a search shows what is sought and what it found', () => {
  const search: PromptEdit = { kind: 'search', direction: 'older' };
  const found = rows({ prompt: promptAfter(search, insert('task')) });
  expect([found[0], found.at(-1)]).toEqual([
    ' search "task" ❯ list tasks',
    ' Enter run  Ctrl-R the one before  → edit  Esc back',
  ]);
  expect(rows({ prompt: promptAfter(search, insert('x'.repeat(90))) })[0]).toMatch(/^ nothing more with "x+…" ❯$/u);
  expect(rows({ prompt: promptAfter(search) })[0]).toBe(' search "" ❯');
});

test('the last row has the keys of the menu while that is open', () => {
  const candidates = ['status', 'stats'].map((word) => ({ word, help: '' }));
  const complete: PromptEdit = { kind: 'complete', candidates };
  const keys = (...edits: readonly PromptEdit[]) => rows({ prompt: promptAfter(insert('s'), ...edits) }).at(-1);
  expect(keys(complete)).toBe(' Tab ↓ next  ↑ before  Esc as it was');
  expect(keys(complete, complete)).toBe(' Tab ↓ next  ↑ before  Enter take  Esc as it was');
});

test('the last row has the keys of a dialogue with what Enter means in it', () => {
  const dialog = { command: 'x', targets: [], loses: '', token: 't', yes: false, interrupts: false };
  expect(rows({ overlays: { dialog } }).at(-1)).toBe(' y yes  n Enter no  ← → choose');
  expect(rows({ overlays: { dialog: { ...dialog, yes: true } } }).at(-1)).toBe(' y Enter yes  n no  ← → choose');
  expect(rows({ overlays: { dialog: { ...dialog, interrupts: true } } }).at(-1)).toBe(' Enter no  ← → choose  Esc no');
  expect(rows({ overlays: { dialog: { ...dialog, interrupts: true, yes: true } } }).at(-1)).toBe(
    ' Enter yes  ← → choose  Esc no',
  );
  expect(rows({ isLeaving: true }).at(-1)).toBe(' Ctrl-C again leaves; the agents go on');
});

test('keys that do not fit whole are left out, the way to all of them last', () => {
  expect(rows({}, {}, { columns: 40, rows: 20 }).at(-1)).toBe(' Enter type into it  ? keys');
  expect(rows({}, {}, { columns: 60, rows: 20 }).at(-1)).toBe(' Enter type into it  ←→ select pane  ? keys');
});

test('an agent that asks is answered by Enter, and the last row says so', () => {
  const drafts = [created(1), moved('rehearsal-1', 'waiting', 'Shall I?')];
  const last = (changes: ScreenChanges) => drawPanel('prompt', modelOf(drafts, changes))?.split('\n').at(-1);
  expect(last({})).toContain(' Enter answer rehearsal-1 ');
  expect(last({ focus: 'panes' })).toContain(' Enter answer ');
});

test('the banner says what happened, how much more there is, and which key does what helps', () => {
  const drafts = [...threeAgents, alert('error', 'restart instance a-1'), alert('info')];
  expect(drawPanel('banner', modelOf(drafts))).toMatch(/ ✖ error text {2}\+1 more .* Ctrl-G {2}restart instance a-1$/u);
  expect(drawPanel('banner', modelOf(drafts, { focus: 'panes' }))).toMatch(/ g {2}restart instance a-1$/u);
  expect(drawPanel('banner', modelOf([...threeAgents, alert('info')]))).toBe(' i info text');
});

test('times in an alert are said as people say them', () => {
  const told = (text: string) => withRelativeTimes(text, Date.parse('2026-01-01T00:01:00.000Z'));
  expect(told('it starts again at 2026-01-01T00:01:30.000Z by itself')).toBe('it starts again in 30s by itself');
  expect(told('since 2026-01-01T00:00:00Z')).toBe('since 1m ago');
  expect(told('at 2026 nothing')).toBe('at 2026 nothing');
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
  for (const part of ['╭─ Run 2 commands? ─', '• launch 3', '• list tasks', '[ No ]']) expect(frame).toContain(part);
});
