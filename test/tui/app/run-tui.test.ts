import { expect, test, vi } from 'vitest';
import { defineError } from '../../../src/lib/errors.ts';
import { UNREAD_MS } from '../../../src/tui/control/dialog-keys.ts';
import { created, moved, NOW, reply, threeAgents } from '../fake-swarm.ts';
import { openView } from '../open-view.ts';

const refused = defineError('test/refused', 1, () => ({ message: 'the daemon said no', hint: 'Ask again.' }));

test('[TUI-1] the view shows the swarm, a pane for each agent with its last output, the tasks and the prompt', async () => {
  const { logs, see, screen, tty } = openView();
  await see('rehearsal-3');
  logs.print('rehearsal-1', 'reading the brief\r\n\u001B[32mtests pass\u001B[m');
  await see('tests pass');
  expect(tty.terminal.buffer.active.type).toBe('alternate');
  for (const part of [
    '◆ drover  main-repo   agents ● 2 working  ○ 1 idle',
    'tasks ▱▱▱▱▱▱▱▱▱▱ 0/3   ● daemon',
    '▶ rehearsal-1',
    '⎇ feature/task-1 ━━',
    '━ rehearsal ━┛',
    '● working 1m',
    ' 2.1 Parse the lines',
    '▰▰▰▱▱ 60%',
    ' 2.2 Write the grammar',
    ' no task',
    '⎇ feature/task-3',
    'reading the brief',
    ' tasks  ● 2 running  … 1 waiting',
    ' ❯ Try: create task "…"',
  ])
    expect(screen()).toContain(part);
});

test('a problem is marked by a glyph and a word, a stale pane is dimmed', async () => {
  const { swarm, see, logs } = openView();
  await see('rehearsal-3');
  logs.print('rehearsal-2', 'last words');
  swarm.apply(moved('rehearsal-2', 'failed'), moved('rehearsal-3', 'lost'), moved('rehearsal-1', 'waiting', 'May I?'));
  await see('✖ failed');
  await see('✖ lost');
  await see('? waiting');
  await see('? May I?');
  await see('? 1 waiting  ✖ 1 failed  ✖ 1 lost');
});

test('[TUI-2] the prompt runs protocol text, hints while it is typed, completes and remembers', async () => {
  const { type, see, swarm, gone } = openView([]);
  await see('No agent yet.');
  type('rnu');
  await see('✖ no verb is called "rnu"   did you mean: run');
  type('\u0015launch 3');
  await see('… instances');
  type(' instances agent=rehearsal\r');
  await see('rehearsal-3');
  await see('✔ launched 3 instances');
  expect(swarm.ran).toEqual([{ text: 'launch 3 instances agent=rehearsal', confirm: undefined }]);
  type('la\t');
  await see('❯ launch');
  await see('✔ runs launch');
  type('\u0015\u001B[A');
  await see('❯ launch 3 instances agent=rehearsal');
  type('\u0003');
  await gone('❯ launch 3');
});

test('an answer of several lines opens as a page and closes again', async () => {
  const { type, see, swarm, gone } = openView();
  await see('rehearsal-3');
  swarm.answer = async () =>
    reply({ message: '3 instances', text: 'id   state\n\u001B]0;x\u0007a-1  idle\nlast line' });
  type('list instances\r');
  await see('a-1  idle');
  await see('╭─ list instances ─');
  type('\u001B');
  await gone('last line');
});

test('a failed command says what is wrong and what to do', async () => {
  const { type, see, swarm } = openView();
  await see('rehearsal-3');
  swarm.answer = () => Promise.reject(refused());
  type('merge\r');
  await see('✖ the daemon said no   Ask again.');
  swarm.answer = () => Promise.reject(new Error('broken'));
  type('merge\r');
  await see('✖ broken');
  swarm.answer = async () => reply({ exit: 3, message: 'there is no such task', hint: 'List them.' });
  type('merge\r');
  await see('✖ there is no such task   List them.');
  swarm.answer = () => Promise.reject('odd');
  type('merge\r');
  await see('✖ odd');
});

test('what destroys is asked first: Enter means no, y means yes', async () => {
  let time = NOW;
  const { type, see, swarm, gone } = openView(undefined, { now: () => time });
  await see('rehearsal-3');
  const confirm = {
    targets: ['rehearsal-1', 'rehearsal-2'],
    loses: 'Uncommitted work is lost.',
    token: 't1',
    expires: '2026-01-02T03:09:05.000Z',
  };
  swarm.answer = async (_text, token) => (token ? reply({ message: 'stopped' }) : reply({ exit: 5, confirm }));
  type('stop all\r');
  await see('Are you sure?');
  await see('• rehearsal-2');
  await see('[ No ]');
  await see('Uncommitted work is lost.');
  type('\r');
  time += UNREAD_MS;
  type('\r');
  await gone('Are you sure?');
  await see('not done: stop all');
  type('stop all\r');
  await see('Are you sure?');
  type('y');
  type('\u001B[C');
  time += UNREAD_MS;
  type('y');
  await see('✔ stopped');
  expect(swarm.ran.map((run) => run.confirm)).toEqual([undefined, undefined, 't1']);
});

test('an alert stands as a banner and one key runs what it suggests', async () => {
  const { type, see, swarm } = openView();
  await see('rehearsal-3');
  const alert = { instance: null, task: null } as const;
  swarm.apply(
    { type: 'alert.raised', data: { ...alert, id: 'a', severity: 'info', text: 'hm', suggestion: null } },
    {
      type: 'alert.raised',
      data: { ...alert, id: 'b', severity: 'error', text: 'a worktree is in the way', suggestion: 'list worktrees' },
    },
  );
  await see(/✖ a worktree is in the way .* Ctrl-G {2}list worktrees/);
  type('\u0007');
  await vi.waitUntil(() => swarm.ran.length === 1);
  expect(swarm.ran[0]?.text).toBe('list worktrees');
});

test('z shows one pane alone and Esc all of them', async () => {
  const { type, see, gone, logs, panes } = openView();
  await see('rehearsal-3');
  logs.print('rehearsal-2', 'here I am');
  type('\u001B[C');
  await see('▶ rehearsal-2');
  await panes();
  type('z');
  await gone('■ rehearsal-1');
  await see('▶ rehearsal-2');
  await see('here I am');
  expect([...logs.following.keys()]).toEqual(['rehearsal-2']);
  type('\u001B');
  await see('■ rehearsal-1');
});

test('panes that do not fit are on further pages, and the screen says so', async () => {
  const { see, type, screen } = openView(
    Array.from({ length: 12 }, (_, i) => created(i + 1)),
    { preferences: { arrangement: 'tiles', mouse: true } },
    { columns: 80, rows: 24 },
  );
  await see('+8 more   page 1 of 3   PgUp PgDn');
  type('\u001B[6~');
  await see('page 2');
  await see('▶ rehearsal-5');
  for (const row of screen().split('\n')) expect([...row].length).toBeLessThanOrEqual(80);
});

const SIZE = { columns: 80, rows: 24 };
test.each([
  ['any colour', { COLORTERM: 'truecolor' }, /38;2;200;10;10/, /38;2;200;10;11/],
  ['a palette of 256', {}, /[34]8;5;/, /[34]8;2;/],
  ['sixteen colours', { TERM: 'screen' }, /\u001B\[0(?:;1)?;3[1-7]m/, /[34]8;[25];/],
  ['no colours at all', { NO_COLOR: '1' }, /\u001B\[0;1m/, /[34]8;[25];|;3[0-7]|;4[0-7]|;9[0-7]/],
])('on a terminal of %s nothing else is sent', async (_name, env, expected, never) => {
  const { see, logs, tty, screen } = openView(threeAgents, {}, SIZE, env);
  await see('rehearsal-3');
  logs.print('rehearsal-1', '\u001B[38;2;200;10;10mloud\u001B[38;5;99mer\u001B[m');
  await see('louder');
  const styles = tty.written.join('').match(/\u001B\[[\d;]*m/g) ?? [];
  expect(styles.some((style) => expected.test(style))).toBe(true);
  expect(styles.filter((style) => never.test(style))).toEqual([]);
  for (const row of screen().split('\n')) expect([...row].length).toBeLessThanOrEqual(80);
});

test('the view follows every size of the terminal', async () => {
  const { see, resize, screen } = openView();
  await see('rehearsal-3');
  for (const columns of [110, 90, 70, 50, 30, 10, 1]) resize(columns, Math.max(2, Math.floor(columns / 4)));
  resize(100, 30);
  await see('rehearsal-3');
  await vi.waitUntil(() => screen().split('\n')[0]?.endsWith('● daemon'));
  await see(/\? keys$/m);
});

test('without a connection the screen stays and says that it may not be true any more', async () => {
  const { see, swarm, logs } = openView();
  logs.print('rehearsal-1', 'still here');
  await see('still here');
  swarm.setConnected(false);
  await see('✖ no connection: this is how it was');
  await see('still here');
  swarm.setConnected(true);
  await see('● daemon');
  swarm.apply({ type: 'daemon.stopped', data: { pid: 1 } });
  await see('○ daemon stops');
});

test('what an agent prints and how it changes comes onto the screen', async () => {
  const { see, logs, swarm } = openView();
  await see('rehearsal-3');
  for (let i = 0; i < 10; i += 1) {
    logs.print('rehearsal-1', `marker ${i};\r\n`);
    swarm.apply(moved('rehearsal-3', i % 2 === 0 ? 'stuck' : 'idle'));
    await see(`marker ${i};`);
    await see(i % 2 === 0 ? 'stuck' : '○ idle');
  }
});

test('a key that waits in a burst is not lost', async () => {
  const { see, type, swarm } = openView([]);
  await see('No agent yet.');
  type('one\rtwo\rthr\u001B[Dx\u001B[F\r');
  await vi.waitUntil(() => swarm.ran.length === 3);
  expect(swarm.ran.map(({ text }) => text)).toEqual(['one', 'two', 'thxr']);
});

test('a character in the command line writes that row alone, before anything else is done; what it would do comes next', async () => {
  const { see, tty, type } = openView(threeAgents, {}, { columns: 120, rows: 36 });
  await see('rehearsal-3');
  type('s');
  await see('runs s');
  // Ages have nothing to do with it: the clock of these tests stands still.
  tty.written.length = 0;
  type('t');
  await Promise.resolve();
  expect(tty.written).toHaveLength(1);
  const rows = [...tty.written[0]!.matchAll(/\u001B\[(?<row>\d+);\d+H/gu)].map(({ groups }) => Number(groups!['row']));
  expect([...new Set(rows)]).toEqual([34]);
  await see('runs st');
  expect(tty.written).toHaveLength(2);
});
