import { expect, test, vi } from 'vitest';
import type { Preferences } from '../../../src/tui/app/options.ts';
import { shapeOf } from '../../../src/tui/panes/arrangement.ts';
import { gridLayout } from '../../../src/tui/panes/grid-layout.ts';
import { created, moved, started, task } from '../fake-swarm.ts';
import { openView } from '../open-view.ts';
import { drawPanel, modelOf } from '../panels/draw-panel.ts';

const many = (count: number) => Array.from({ length: count }, (_, i) => created(i + 1));

test.each([
  [1, 80, 18, 'tiles'],
  [4, 80, 18, 'tiles'],
  [6, 80, 18, 'list'],
  [10, 80, 18, 'list'],
  [10, 200, 60, 'tiles'],
  [40, 400, 90, 'tiles'],
  [40, 120, 30, 'list'],
  [10, 60, 18, 'tiles'],
  [10, 80, 4, 'tiles'],
] as const)('%d panes on %d × %d are shown as %s where the space decides', (count, width, height, shape) => {
  expect(shapeOf('auto', count, { width, height })).toBe(shape);
});

test('what a person asked for holds wherever there is room for it', () => {
  expect(shapeOf('list', 1, { width: 100, height: 30 })).toBe('list');
  expect(shapeOf('list', 10, { width: 50, height: 30 })).toBe('focus');
  expect(shapeOf('tiles', 40, { width: 80, height: 20 })).toBe('tiles');
  expect(gridLayout(40, 0, { width: 80, height: 20 }).tiles.length).toBeLessThan(40);
});

test('the list names every agent with its state, and the one whose pane is large stands out', () => {
  const facts = [...many(10), moved('rehearsal-2', 'waiting', 'May I?'), moved('rehearsal-3', 'working')];
  const list = drawPanel(
    'agent-list',
    modelOf(facts, { panes: { arrangement: 'list', selected: 'rehearsal-3' } }, { columns: 90, rows: 40 }),
  );
  expect(list).toContain(' 10 agents');
  expect(list).toMatch(/ ■ rehearsal-2 \? +waiting/);
  expect(list).toMatch(/ ▶ rehearsal-3 ● +working/);
  expect(list?.split('\n')).toHaveLength(21);
  const [, , first = ''] = list?.split('\n') ?? [];
  expect(first).toBe('   no task');
  expect(list).toContain('   May I?');
});

test('a list that is too long keeps the selected agent and says how many more there are', () => {
  const list = drawPanel(
    'agent-list',
    modelOf(many(40), { panes: { selected: 'rehearsal-30' } }, { columns: 80, rows: 24 }),
  );
  expect(list).toContain('▶ rehearsal-30');
  expect(list).toMatch(/ \+24 more +n ↑ ↓/);
  const narrow = [...many(12), task('1', 'One'), ...started('1', 'rehearsal-12')];
  expect(
    drawPanel('agent-list', modelOf(narrow, { panes: { arrangement: 'list' } }, { columns: 64, rows: 30 })),
  ).toContain('rehearsal-12');
});

test('v goes through the layouts and V lets the space choose; who remembers them is told', async () => {
  const told: Preferences[] = [];
  const view = openView(many(3), { onPreferences: (now) => told.push(now) });
  await view.see('rehearsal-3');
  await view.panes();
  view.type('v');
  await view.see('layout: list');
  await view.see(' 3 agents');
  view.type('j');
  await view.see(/━ ▶ rehearsal-2 ━/);
  view.type('v');
  await view.see('layout: focus');
  await view.gone('3 agents');
  view.type('l');
  await view.see(/━ ▶ rehearsal-3 ━/);
  view.type('V');
  await view.see('layout: by the space');
  await view.see('■ rehearsal-1');
  expect(told.map(({ arrangement }) => arrangement)).toEqual(['list', 'focus', 'auto']);
});

test('a view begins as it was left', async () => {
  const view = openView(many(3), { preferences: { arrangement: 'focus', mouse: false } });
  await view.see('▶ rehearsal-1');
  expect(view.screen()).not.toContain('rehearsal-2');
  expect(view.tty.terminal.modes.mouseTrackingMode).toBe('none');
});

test('[TUI-7] every layout fits every size, down to the smallest', async () => {
  const view = openView([...many(10), moved('rehearsal-4', 'waiting', 'May I?')]);
  await view.see('1 needs you');
  await view.panes();
  for (const layout of ['focus', 'tiles', 'list']) {
    view.type('v');
    await view.see(`layout: ${layout}`);
    for (const [columns, rows] of [
      [80, 24],
      [400, 100],
      [64, 12],
      [40, 9],
      [20, 5],
      [3, 2],
      [1, 1],
    ] as const) {
      view.resize(columns, rows);
      await view.tty.read();
    }
    view.resize(120, 36);
    await view.see('q leave');
    for (const row of view.screen().split('\n')) expect([...row].length).toBeLessThanOrEqual(120);
  }
});

test('a press of the mouse selects, a double one types, the wheel reads back; M leaves the mouse to the terminal', async () => {
  let now = 0;
  const printed = async function* () {
    yield new TextEncoder().encode(Array.from({ length: 80 }, (_, i) => `line ${i}\r\n`).join(''));
  };
  const view = openView(many(3), { now: () => now, printed });
  await view.see('rehearsal-3');
  await vi.waitUntil(() => view.tty.terminal.modes.mouseTrackingMode === 'vt200');
  const at = (id: string) => {
    const rows = view.screen().split('\n');
    const y = rows.findIndex((row) => row.includes(`${id} `));
    return { x: rows[y]!.indexOf(id) + 1, y: y + 4 };
  };
  const press = (id: string, code = 0) =>
    view.type(`\u001B[<${code};${at(id).x};${at(id).y}M\u001B[<${code};${at(id).x};${at(id).y}m`);
  press('rehearsal-2');
  await view.see('▶ rehearsal-2');
  now += 5000;
  press('rehearsal-2', 2);
  press('rehearsal-3', 64);
  await view.see('▶ rehearsal-3');
  await view.see('line 7');
  view.type('\u001B[F');
  await view.see('Enter type');
  press('rehearsal-3');
  now += 100;
  press('rehearsal-3');
  await view.see('rehearsal-3: nobody can type here');
  view.type('\r');
  await view.panes();
  view.type('M');
  await view.see('the mouse is the terminal’s own');
  await vi.waitUntil(() => view.tty.terminal.modes.mouseTrackingMode === 'none');
  view.type('M');
  await view.see('the mouse is heard');
  view.type('v');
  await view.see(' 3 agents');
  press('■ rehearsal-1');
  const row =
    view
      .screen()
      .split('\n')
      .findIndex((line) => line.includes('■ rehearsal-1')) + 1;
  view.type(`\u001B[<0;5;${row}M`);
  await view.see('▶ rehearsal-1');
  view.type('?\u001B[<65;5;5M');
  await view.see('Keys');
  view.type('\u001B');
  view.type('\u001B[<0;5;1M');
  await view.see('▶ rehearsal-1');
});

test('a pane is read back line by line and page by page while it stands still, and End shows it live again', async () => {
  const text = Array.from({ length: 200 }, (_, i) => `old ${i + 1}`).join('\r\n');
  const printed = async function* () {
    yield new TextEncoder().encode(`\u001B]0;evil\u0007${text}`);
    yield new TextEncoder().encode('\r\n\u001B[?1049h\u001B[2Jfull screen');
  };
  const view = openView([created(1)], { printed }, { columns: 80, rows: 24 });
  await view.see('rehearsal-1');
  view.logs.print('rehearsal-1', 'live 1');
  await view.see('live 1');
  await view.panes();
  view.type('\u001B[5~');
  await view.see(/‖ paused at line \d+ of 200/);
  const before = /paused at line (?<line>\d+)/u.exec(view.screen())?.groups?.['line'];
  view.logs.print('rehearsal-1', '\r\nlive 2');
  view.type('\u001B[5~');
  await vi.waitUntil(() => /paused at line (?<line>\d+)/u.exec(view.screen())?.groups?.['line'] !== before);
  expect(view.screen()).not.toContain('live 2');
  view.type('\u001B[1~');
  await view.see('paused at line 1 of 200');
  await view.see('old 1');
  await view.see('line 1 of 200');
  view.type('\u001B[6~');
  await view.gone('line 1 of 200');
  view.type('\u001B[4~');
  await view.see('live 2');
  expect(view.tty.written.join('')).not.toContain('evil');
  view.type('\u001B[5;2~');
  await view.see('paused at line');
  view.type('\u001B');
  await view.see('live 2');
});

test('the screen can be frozen to select from it: nothing is drawn, the mouse is the terminal’s, any key goes on', async () => {
  const view = openView(many(2));
  await view.see('rehearsal-2');
  await view.panes();
  view.type('f');
  await view.see('the screen stands still: select with the mouse · any key goes on');
  await vi.waitUntil(() => view.tty.terminal.modes.mouseTrackingMode === 'none');
  const written = view.tty.written.length;
  view.logs.print('rehearsal-1', 'meanwhile');
  view.swarm.apply(moved('rehearsal-2', 'failed'));
  view.type('\u001B[<0;5;5M\u001B[25~');
  await new Promise(setImmediate);
  expect(view.tty.written.length).toBe(written);
  view.type('q');
  await view.see('meanwhile');
  await view.see('✖ failed');
  view.type('fq');
  await view.see('q leave');
  view.type('f');
  await view.see('stands still');
  view.resize(100, 30);
  await view.see('q leave');
});
