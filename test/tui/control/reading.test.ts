import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { reducePrompt } from '../../../src/tui/prompt/prompt-reducer.ts';
import { emptyPrompt, type PromptState } from '../../../src/tui/prompt/prompt-state.ts';
import { created, moved, started, task, threeAgents } from '../fake-swarm.ts';
import { alert, drawPanel, modelOf } from '../panels/draw-panel.ts';
import type { ScreenChanges } from '../screen-with.ts';

const SMALL = { columns: 60, rows: 16 };

test('the alert about the selected agent comes first, and says what happened before what helps', () => {
  const asks = (n: number): EventDraft => ({
    type: 'alert.raised',
    data: {
      id: `waiting:${n}`,
      severity: 'warning',
      text: `rehearsal-${n} asks: Which port should the server listen on?`,
      suggestion: `answer rehearsal-${n} "yes"`,
      instance: `rehearsal-${n}`,
      task: null,
    },
  });
  const model = modelOf([...threeAgents, asks(1), alert('error'), asks(3)], { panes: { selected: 'rehearsal-1' } });
  expect(drawPanel('banner', model)).toContain('! rehearsal-1 asks: Which port');
  expect(drawPanel('banner', model)).toContain('answer rehearsal-1 …');
  const other = modelOf([...threeAgents, asks(1), alert('error')], {
    focus: 'panes',
    panes: { selected: 'rehearsal-2' },
  });
  expect(drawPanel('banner', other)).toContain('✖ error text  +1 more');
  const small = modelOf([...threeAgents, asks(3)], { focus: 'panes', panes: { selected: 'rehearsal-3' } }, SMALL);
  expect(drawPanel('banner', small)).toBe(' ! rehearsal-3 asks: Which port shoul…  g  answer rehearsa…');
});

test('what is too long for one row goes on in the next, and the keys come back with the next key', () => {
  const said = (tone: 'ok' | 'error', text: string, hint: string | null) =>
    drawPanel('prompt', modelOf(threeAgents, { commands: { message: { tone, text, hint } } }, SMALL))
      ?.split('\n')
      .slice(2);
  const long =
    'Launched 4 instances: rehearsal-4 (azure), rehearsal-5 (orange), rehearsal-6 (green), rehearsal-7 (sand).';
  expect(said('ok', long, null)).toEqual([
    '  ✔ Launched 4 instances: rehearsal-4 (azure), rehearsal-5',
    '      (orange), rehearsal-6 (green), rehearsal-7 (sand).',
  ]);
  expect(said('error', 'There is no task "99".', 'Look at "list tasks" for those there are.')).toEqual([
    '  ✖ There is no task "99".',
    '   Look at "list tasks" for those there are.',
  ]);
  expect(said('error', 'No.', 'Look.')?.[0]).toBe('  ✖ No.   Look.');
  const answer = { tone: 'error', text: 'No.', hint: null } as const;
  expect(drawPanel('prompt', modelOf([], { commands: { message: answer } }, { columns: 40, rows: 6 }))).toBe(
    ' ❯ ✖ No.',
  );
});

test('Tab shows the words it goes through with what they mean, and marks the one in the line', () => {
  const words = ['answer', 'assign', 'approve', 'attach'];
  const candidates = words.map((word) => ({ word, help: `to ${word}` }));
  const tabbed = (times: number) =>
    Array.from({ length: times }).reduce<PromptState>(
      (prompt) => reducePrompt(prompt, { kind: 'complete', candidates }),
      reducePrompt(emptyPrompt, { kind: 'insert', text: 'a' }),
    );
  const menu = (times: number, rows = 30) =>
    drawPanel('completion-menu', modelOf(threeAgents, { prompt: tabbed(times) }, { columns: 60, rows }))?.split('\n');
  expect(menu(1)).toEqual([
    '╭────────────── 1 of 4 ─╮',
    '│❯ answer   to answer   │',
    '│  assign   to assign   │',
    '│  approve  to approve  │',
    '│  attach   to attach   │',
    '╰───────────────────────╯',
  ]);
  expect(menu(4)?.at(-2)).toBe('│❯ attach   to attach   │');
  expect(menu(4, 9)?.at(-2)).toBe('│❯ attach   to attach   │');
  expect([menu(1, 3), menu(0)]).toEqual([undefined, undefined]);
});

test('the last row says what the keys do now', () => {
  const keys = (changes: ScreenChanges) => drawPanel('prompt', modelOf(threeAgents, changes))?.split('\n').at(-1);
  expect(keys({})).toBe(' Enter type into it  ←→ select pane  End take the example  Ctrl-R history  Esc panes  ? keys');
  expect(keys({ focus: 'panes' })).toBe(
    ' ←↓↑→ select  Enter type  z zoom  v layout  a attach  n who needs me  : command  ? keys  q leave',
  );
  const small = drawPanel('prompt', modelOf(threeAgents, { focus: 'panes' }, { columns: 80, rows: 24 }));
  expect(small).toContain(' Enter type  z zoom  a attach  n who needs me  : command  ? keys  q leave');
  const page = { title: 'list', lines: Array.from({ length: 40 }, () => 'a'), top: 0 };
  expect(keys({ overlays: { page: { ...page, lines: ['a', 'b'] } } })).toBe(' Esc close');
  const answer = { tone: 'error', text: 'x'.repeat(150), hint: null } as const;
  expect(keys({ overlays: { page }, commands: { message: answer } })).toBe(' ↑↓ PgUp PgDn scroll  Esc close');
});

const result = { head_commit: 'b'.repeat(40), commits: 1, files: 1, insertions: 1, deletions: 0 } as const;
const ran = (end: EventDraft): readonly EventDraft[] => [
  created(1),
  task('1', 'One'),
  ...started('1', 'rehearsal-1'),
  end,
];

test.each<[string, readonly EventDraft[]]>([
  ['launch 3 instances', []],
  ['create task "…"', [created(1)]],
  ['run all ready tasks', [created(1), task('1', 'One')]],
  ['list tasks', threeAgents],
  ['answer rehearsal-1 "…"', [...threeAgents, moved('rehearsal-1', 'waiting', 'Which?')]],
  ['show task 1', ran({ type: 'run.failed', data: { id: '1', failure: { class: 'check', message: 'x' } } })],
  [
    'merge completed branches',
    ran({ type: 'run.verified', data: { id: '1', result: { ...result, check_ms: 1, check_output: '' } } }),
  ],
])('an empty command line gives an example that makes sense now: %s', (step, drafts) => {
  expect(drawPanel('prompt', modelOf(drafts))).toContain(` ❯ for instance: ${step}\n`);
});

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

test('the header tells a daemon that was stopped from one that is lost', () => {
  expect(drawPanel('header', { ...modelOf(threeAgents), connected: false })).toContain(
    '✖ no connection: this is how it was',
  );
  const stopped = modelOf([...threeAgents, { type: 'daemon.stopped', data: { pid: 1 } }]);
  expect(drawPanel('header', { ...stopped, connected: false })).toContain('○ stopped: a command starts it again');
});
