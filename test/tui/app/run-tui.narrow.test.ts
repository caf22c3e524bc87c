import { expect, onTestFinished, test, vi } from 'vitest';
import { TAB_IDS, shortTabTitle } from '../../../src/tui/tabs/tab-ids.ts';
import { created, moved, started, task, threeAgents } from '../fake-swarm.ts';
import { goldenAnswers } from '../golden-swarm.ts';
import { openView } from '../open-view.ts';
import { alert } from '../panels/draw-panel.ts';

const SMALL = { columns: 80, rows: 24 };

/** Names and words as long as people and agents make them. */
const LONG = [
  ...threeAgents,
  task('9.9', 'A title that goes on for much longer than any row of a terminal of eighty columns has cells for it'),
  ...started('9.9', 'rehearsal-3', 33),
  moved(
    'rehearsal-2',
    'waiting',
    'Shall I go on, and if so, how far, and who would look at what I did, and 世界世界世界?',
  ),
  alert('error', 'restart instance rehearsal-1'),
];

/** What a terminal got that neither wraps nor scrolls: the picture is right only if no row is longer than it is wide. */
const overlong = (screen: string): string[] => screen.split('\n').filter((row) => [...row].length > SMALL.columns);

test('[TUI-7] on 80 columns and 24 rows every view fits, with its keys and the command line', async () => {
  const { panes, type, see, screen, logs } = openView(LONG, { ask: goldenAnswers }, SMALL);
  await see('rehearsal-3');
  logs.print('rehearsal-1', `${'x'.repeat(300)}\r\n`);
  await panes();
  for (const [i, id] of TAB_IDS.entries()) {
    type(String(i + 1));
    await see(` ${i + 1} ${shortTabTitle(id)}`);
    expect(overlong(screen())).toEqual([]);
    const rows = screen().split('\n');
    expect(rows).toHaveLength(SMALL.rows);
    expect(rows[0]).toMatch(/^ ◆ /u);
    expect(rows.at(-3)).toMatch(/^ ❯/u);
    expect(rows.at(-1)).toMatch(/\? keys\b/u);
  }
});

test('[TUI-7] every size from a line upwards is drawn without a row that is too long', async () => {
  const { see, resize, screen, tty } = openView(LONG, {}, SMALL);
  await see('rehearsal-3');
  for (const [columns, rows] of [
    [40, 12],
    [20, 8],
    [9, 3],
    [1, 1],
    [200, 60],
    [80, 24],
  ] as const) {
    resize(columns, rows);
    await tty.read();
    for (const row of screen().split('\n')) expect([...row].length).toBeLessThanOrEqual(columns);
  }
  await see('rehearsal-3');
});

test.each([
  ['three agents that work', threeAgents, SMALL],
  ['twenty agents on a large screen', Array.from({ length: 20 }, (_, i) => created(i + 1)), { columns: 300, rows: 80 }],
])('[TUI-7] in thirty idle seconds of %s next to nothing is sent', async (_name, drafts, size) => {
  let time = Date.parse('2026-01-01T00:01:00.000Z');
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const { see, tty } = openView(drafts, { now: () => time }, size);
  await see('rehearsal-2');
  await tty.read();
  const before = tty.written.join('').length;
  for (let second = 0; second < 30; second += 1) {
    time += 1000;
    vi.advanceTimersByTime(1000);
    await tty.read();
  }
  const perSecond = (tty.written.join('').length - before) / 30;
  expect(perSecond).toBeLessThan(200);
});

test('[TUI-7] nothing needs a mouse, and none is asked for where the person wants none', async () => {
  const { see, panes, type, screen } = openView(threeAgents, {}, SMALL);
  await see('rehearsal-3');
  await panes();
  type('\u001B[C');
  await see('▶ rehearsal-2');
  type('?');
  await see('Keys');
  expect(screen()).toMatch(/the question of the selected agent/u);
});

const colours = (text: string): Set<string> => new Set(text.match(/38;2;\d+;\d+;\d+/gu));

test('the terminal’s own background decides between dark and light, and so does a person', async () => {
  const light = openView(threeAgents, { background: 'ffff/ffff/ffff' }, SMALL);
  await light.see('rehearsal-3');
  await vi.waitUntil(() => colours(light.tty.written.join('')).has('38;2;26;127;55'));
  const dark = openView(threeAgents, {}, SMALL);
  await dark.see('rehearsal-3');
  expect(colours(dark.tty.written.join(''))).toContain('38;2;124;207;138');
  const told = openView(threeAgents, { background: null }, SMALL, { COLORTERM: 'truecolor', COLORFGBG: '0;15' });
  await told.see('rehearsal-3');
  expect(colours(told.tty.written.join(''))).toContain('38;2;26;127;55');
});

test('a terminal that never says its background is not waited for', async () => {
  const view = openView(threeAgents, { background: null }, SMALL);
  await view.see('rehearsal-3');
  view.host.emit('SIGTERM');
  expect(await view.done).toBe(143);
});

test('on a narrow tile what an idle agent left to review says more than that it is idle', async () => {
  const counts = { commits: 1, files: 1, insertions: 1, deletions: 0 };
  const result = { head_commit: 'b'.repeat(40), ...counts, check_ms: 0, check_output: '' };
  const drafts = [
    created(1),
    created(2),
    task('1', 'One'),
    ...started('1', 'rehearsal-1'),
    { type: 'run.verified', data: { id: '1', result } } as const,
    moved('rehearsal-1', 'idle'),
  ];
  const { see, resize } = openView(drafts, {}, { columns: 120, rows: 36 });
  await see(/rehearsal-1 .*✔ 1 to review ○ idle 1m/);
  resize(80, 24);
  await see(/rehearsal-1 [^○]*✔ 1 to review [^○]*rehearsal-2/);
});
