import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { initialScreen } from '../../../src/tui/model/screen-state.ts';
import { panels } from '../../../src/tui/panels/index.ts';
import { reducePrompt } from '../../../src/tui/prompt/prompt-reducer.ts';
import { bar } from '../../../src/tui/widgets/bar.ts';
import { paint } from '../../../src/tui/widgets/paint.ts';
import { fitText, spread } from '../../../src/tui/widgets/pieces.ts';
import { created, moved, started, task, threeAgents } from '../fake-swarm.ts';
import { alert, drawPanel, modelOf } from './draw-panel.ts';

test('the header counts states by glyph and word and says how far the tasks are', () => {
  const done: EventDraft = {
    ...task('1', 'First'),
    data: { ...(task('1', 'First').data as object), done: true },
  } as EventDraft;
  const model = modelOf([...threeAgents, done, moved('rehearsal-3', 'stuck')]);
  expect(drawPanel('header', model)).toBe(
    ` ◆ drover  repo    1 needs you   ✖ 1 stuck  ● 2 working${' '.repeat(13)}tasks ▰▰▰▱▱▱▱▱▱▱ 1/4   ● daemon`,
  );
});

test('a tile says who it is, its state, its task, how far it is and where', () => {
  const model = modelOf(threeAgents, { panes: { isZoomed: true } }, { columns: 70, rows: 18 });
  expect(drawPanel('grid', model)?.split('\n')).toEqual([
    `┏━ ▶ rehearsal-1 ${'━'.repeat(37)} ● working 1m ━┓`,
    `┃ 2.1 Parse the lines${' '.repeat(38)}▰▰▰▱▱ 60% ┃`,
    ...Array.from({ length: 9 }, () => `┃${' '.repeat(68)}┃`),
    `┗━ ⎇ feature/task-1 ${'━'.repeat(37)} rehearsal ━┛`,
  ]);
});

test('a question stands in the place of the task, a guess is marked as one', () => {
  const guess: EventDraft = {
    type: 'instance.moved',
    data: { instance_id: 'rehearsal-2', state: 'idle', source: 'screen' },
  };
  const frame = drawPanel(
    'grid',
    modelOf([created(1), created(2), moved('rehearsal-1', 'waiting', 'Shall\u001B[2J I?'), guess]),
  );
  expect(frame).toContain('? Shall I?');
  expect(frame).toContain('? waiting 1m');
  expect(frame).toContain('○ ≈idle 1m');
});

test('in a small tile the task’s title gives way to its progress', () => {
  const small = { columns: 40, rows: 20 };
  const working = [created(1), task('1', 'A task with a title that is too long'), ...started('1', 'rehearsal-1', 40)];
  expect(drawPanel('grid', modelOf(working, {}, small))).toContain('┃ 1 A task with a title tha… ▰▰▱▱▱ 40% ┃');
});

test.each([
  [90, ' ◆ drover  repo   ● 2 working  ○ 1 idle', 'tasks ▱▱▱▱▱▱▱▱▱▱ 0/3   ● daemon'],
  [65, ' ◆ drover  repo   ● 2 working  ○ 1 idle', 'tasks 0/3   ● daemon'],
  [58, ' ◆ drover  ● 2 working  ○ 1 idle', 'tasks 0/3   ● daemon'],
  [44, ' ◆ ● 2 working  ○ 1 idle', '● daemon'],
  [20, ' ◆ ● 2 working', '…'],
])('in %d columns the header keeps what matters most', (columns, left, right) => {
  const header = drawPanel('header', modelOf(threeAgents, {}, { columns, rows: 20 }));
  expect([header?.startsWith(left), header?.endsWith(right), header]).toEqual([true, true, header]);
});

test('a colour that is none does no harm', () => {
  const odd = created(1);
  const data = {
    ...(odd.data as Record<string, unknown>),
    peacock_theme: { color_name: 'x', primary_color: '1;2m', accent_color: '', theme_id: 0 },
  };
  expect(drawPanel('grid', modelOf([{ ...odd, data } as EventDraft]))).toContain('rehearsal-1');
});

test('the task strip counts what people ask for', () => {
  const drafts: readonly EventDraft[] = [
    ...threeAgents,
    task('3', 'Ready one'),
    task('4', 'Blocked'),
    task('5', 'Failed'),
    task('6', 'Cancelled'),
    { type: 'task.blocked', data: { id: '4', reason: 'x' } },
    ...started('5', 'rehearsal-3'),
    { type: 'run.failed', data: { id: '5', failure: { class: 'check', message: 'x' } } },
    { type: 'task.cancelled', data: { id: '6' } },
  ];
  expect(drawPanel('task-strip', modelOf(drafts))).toBe(
    ' tasks  ● 2 running  ◇ 1 ready  … 1 waiting  ‖ 1 blocked  ✖ 1 failed    2.1 Parse the lines → rehea…',
  );
});

test.each<[readonly EventDraft[], string]>([
  [[alert('info')], ' i info text'],
  [[alert('info'), alert('warning')], ' ! warning text  +1 more'],
  [[alert('error', 'restart instance x')], ` ✖ error text${' '.repeat(58)}Ctrl-G  restart instance x`],
])('the banner shows the gravest alert (%#)', (drafts, expected) => {
  const text = drawPanel('banner', modelOf([created(1), ...drafts]));
  expect(text?.replace(/\s{20,}/, ' ... ')).toBe(expected.replace(/\s{20,}/, ' ... '));
});

test('without an alert there is no banner, and no banner text either', () => {
  const model = modelOf([created(1)]);
  expect(drawPanel('banner', model)).toBeUndefined();
  const banner = panels.find(({ id }) => id === 'banner')!;
  expect(banner.select(model, { x: 0, y: 0, width: 10, height: 1 })).toEqual({ width: 10, left: [], right: [] });
});

test('the prompt shows the line, what is known of it, and the keys of the moment', () => {
  const typed = reducePrompt(initialScreen([]).prompt, { kind: 'insert', text: 'launch 3' });
  const model = {
    ...modelOf([], { prompt: typed }),
    hint: { kind: 'incomplete', expects: ['instances', 'agent'] },
  } as const;
  expect(drawPanel('prompt', model)).toBe(
    ['━'.repeat(100), ' ❯ launch 3', '  … instances · agent', ' Tab complete  ↑↓ history  Esc to the panes'].join('\n'),
  );
  expect(drawPanel('prompt', { ...model, hint: { kind: 'error', message: 'no such verb' } })).toContain(
    '✖ no such verb',
  );
  expect(drawPanel('prompt', modelOf([], { commands: { running: 1 } }))).toContain('… at it');
  expect(drawPanel('prompt', modelOf(threeAgents, { focus: 'panes', panes: { isZoomed: true } }))).toContain(
    'Esc all panes',
  );
  expect(drawPanel('prompt', modelOf([], {}, { columns: 40, rows: 3 }))).toBe(' ❯ for instance: launch 3 instances');
  expect(drawPanel('prompt', modelOf([], {}, { columns: 40, rows: 10 }))?.split('\n')).toHaveLength(3);
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
  expect(frame).toContain('attach: the terminal is the agent’s until you detach');
  expect(frame).toContain(': i Tab');
  expect(drawPanel('overlay', modelOf(threeAgents, { overlays: { page } }, { columns: 40, rows: 12 }))).toContain(
    'Keys',
  );
  expect(drawPanel('overlay', modelOf(threeAgents))).toBeUndefined();
});

test('lines are cut in cells, not in characters, and the right side gives way last', () => {
  expect([fitText('世界世界', 5), fitText('abc', 3), fitText('abc', 0), fitText('abcd', 3)]).toEqual([
    '世界…',
    'abc',
    '',
    'ab…',
  ]);
  expect(spread([{ text: 'a long left side' }], [{ text: 'right' }], 24)).toBe('a long left side   right');
  expect(spread([{ text: 'a long left side' }], [{ text: 'right' }], 12)).toBe('a long left…');
  expect(spread([{ text: 'a long left side' }, { text: ' ' }], [], 12, { text: '─' })).toBe('a long lef… ');
  expect([bar(0, 0, 4), bar(1, 1000, 4), bar(999, 1000, 4), bar(5, 5, 4), bar(9, 5, 4)]).toEqual([
    '▱▱▱▱',
    '▱▱▱▱',
    '▰▰▰▱',
    '▰▰▰▰',
    '▰▰▰▰',
  ]);
  expect([paint('x', {}), paint('', { bold: true }), paint('x', { italic: true, color: '#nothex' })]).toEqual([
    'x',
    '',
    '\u001B[3;39mx\u001B[0m',
  ]);
});
