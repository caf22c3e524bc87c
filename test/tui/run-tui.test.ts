import { EventEmitter } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { defineError } from '../../src/lib/errors.ts';
import type { Program, TuiOptions } from '../../src/tui/options.ts';
import { runTui } from '../../src/tui/run-tui.ts';
import { created, fakeLogs, fakeSwarm, moved, NOW, reply, threeAgents } from './fake-swarm.ts';
import { fakeTerminal, rowsOf } from './screen.ts';

// Vitest compiles JSX for React's development build, which production mode leaves out.
vi.hoisted(() => {
  process.env['NODE_ENV'] = 'test';
});

const refused = defineError('test/refused', 1, () => ({ message: 'the daemon said no', hint: 'Ask again.' }));

const open = (
  drafts = threeAgents,
  { guest, ...changes }: Partial<TuiOptions> & { guest?: () => Promise<number> } = {},
  size = { columns: 120, rows: 36 },
  env: Record<string, string> = { COLORTERM: 'truecolor' },
) => {
  const swarm = fakeSwarm(drafts);
  const logs = fakeLogs();
  const host = new EventEmitter();
  const resizes = new Set<() => void>();
  const handedOver: Program[] = [];
  let stopped = 0;
  let onBytes: ((bytes: Uint8Array) => void) | undefined;
  let hangUp: () => void = () => undefined;
  const type = (text: string) => onBytes?.(new TextEncoder().encode(text));
  const tty = fakeTerminal(size, (answer) => type(answer));
  const options: TuiOptions = {
    client: swarm,
    repository: 'main-repo',
    follow: logs.follow,
    attach: async (id) => ({ argv: ['tmux', 'attach', '-t', id], env: { A: 'b' } }),
    hint: (text) =>
      text.startsWith('rnu')
        ? { kind: 'error', message: 'no verb is called "rnu"', suggestion: 'run' }
        : text === 'launch 3'
          ? { kind: 'incomplete', expects: ['instances'] }
          : { kind: 'ok', says: `runs ${text}` },
    complete: (text) => ['launch', 'list', 'stop'].filter((word) => word.startsWith(text)),
    io: {
      keys: {
        open: (listener, onGone) => {
          onBytes = listener;
          hangUp = onGone;
        },
        close: () => {
          onBytes = undefined;
        },
      },
      output: tty,
      env: { TERM: 'xterm-256color', ...env },
      size: () => size,
      onResize: (listener) => {
        resizes.add(listener);
        return () => void resizes.delete(listener);
      },
      handOver: async (program) => {
        handedOver.push(program);
        return guest ? guest() : handedOver.length - 1;
      },
      stop: () => {
        stopped += 1;
      },
      host,
    },
    now: () => NOW,
    ...changes,
  };
  const done = runTui(options);
  done.catch(() => undefined);
  onTestFinished(async () => {
    host.emit('SIGTERM');
    await done.catch(() => undefined);
  });
  const screen = () => rowsOf(tty.terminal).join('\n');
  const see = (text: string | RegExp) =>
    vi
      .waitUntil(() => (typeof text === 'string' ? screen().includes(text) : text.test(screen())), { timeout: 5000 })
      .catch(() => expect.fail(`not on the screen: ${text}\n${screen()}`));
  const gone = (text: string) => vi.waitUntil(() => !screen().includes(text), { timeout: 5000 });
  const resize = (columns: number, rows: number) => {
    size = { columns, rows };
    tty.terminal.resize(columns, rows);
    for (const listener of resizes) listener();
  };
  return {
    swarm,
    logs,
    host,
    tty,
    done,
    type,
    screen,
    see,
    gone,
    resize,
    handedOver,
    hangUp: () => hangUp(),
    listening: () => onBytes !== undefined,
    stopped: () => stopped,
  };
};

test('[TUI-1] the view shows the swarm, a pane for each agent with its last output, the tasks and the prompt', async () => {
  const { logs, see, screen, tty } = open();
  await see('rehearsal-3');
  logs.print('rehearsal-1', 'reading the brief\r\n\u001B[32mtests pass\u001B[m');
  await see('tests pass');
  expect(tty.terminal.buffer.active.type).toBe('alternate');
  for (const part of [
    '◆ drover  main-repo   ● 2 working  ○ 1 idle',
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
    ' tasks  ● 2 running  … 1 waiting    2.1 Parse the lines → rehearsal-1',
    ' ❯ press : to type a command',
  ])
    expect(screen()).toContain(part);
});

test('a problem is marked by a glyph and a word, a stale pane is dimmed', async () => {
  const { swarm, see, logs } = open();
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
  const { type, see, swarm, gone } = open([]);
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
  const { type, see, swarm, gone } = open();
  await see('rehearsal-3');
  swarm.answer = async () =>
    reply({ message: '3 instances', text: 'id   state\n\u001B]0;x\u0007a-1  idle\nlast line' });
  type(':list instances\r');
  await see('a-1  idle');
  type('\u001B[B\u001B[B');
  await gone('a-1  idle');
  await see('last line');
  type('\u001B');
  await gone('last line');
});

test('a failed command says what is wrong and what to do', async () => {
  const { type, see, swarm } = open();
  await see('rehearsal-3');
  swarm.answer = () => Promise.reject(refused());
  type(':merge\r');
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
  const { type, see, swarm, gone } = open();
  await see('rehearsal-3');
  const confirm = { targets: ['rehearsal-1', 'rehearsal-2'], loses: 'uncommitted work', token: 't1' };
  swarm.answer = async (_text, token) => (token ? reply({ message: 'stopped' }) : reply({ exit: 5, confirm }));
  type(':stop all\r');
  await see('Are you sure?');
  await see('• rehearsal-2');
  await see('[ No ]');
  await see('lost: uncommitted work');
  type('\r');
  await gone('Are you sure?');
  await see('not done: stop all');
  type('stop all\r');
  await see('Are you sure?');
  type('y');
  await see('✔ stopped');
  expect(swarm.ran.map((run) => run.confirm)).toEqual([undefined, undefined, 't1']);
});

test('an alert stands as a banner and one key runs what it suggests', async () => {
  const { type, see, swarm } = open();
  await see('rehearsal-3');
  const alert = { instance: null, task: null } as const;
  swarm.apply(
    { type: 'alert.raised', data: { ...alert, id: 'a', severity: 'info', text: 'hm', suggestion: null } },
    {
      type: 'alert.raised',
      data: { ...alert, id: 'b', severity: 'error', text: 'kiro-1 crashed', suggestion: 'restart instance kiro-1' },
    },
  );
  await see(/✖ kiro-1 crashed {2}\+1 more .* g {2}restart instance kiro-1/);
  type('g');
  await vi.waitUntil(() => swarm.ran.length === 1);
  expect(swarm.ran[0]?.text).toBe('restart instance kiro-1');
});

test('Enter shows one pane alone and Esc all of them', async () => {
  const { type, see, gone, logs } = open();
  await see('rehearsal-3');
  logs.print('rehearsal-2', 'here I am');
  type('l\r');
  await gone('■ rehearsal-1');
  await see('▶ rehearsal-2');
  await see('here I am');
  expect([...logs.following.keys()]).toEqual(['rehearsal-2']);
  type('\u001B');
  await see('■ rehearsal-1');
});

test('panes that do not fit are on further pages, and the screen says so', async () => {
  const { see, type, screen } = open(
    Array.from({ length: 12 }, (_, i) => created(i + 1)),
    {},
    { columns: 80, rows: 24 },
  );
  await see('+8 more   page 1   PgUp PgDn');
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
  const { see, logs, tty, screen } = open(threeAgents, {}, SIZE, env);
  await see('rehearsal-3');
  logs.print('rehearsal-1', '\u001B[38;2;200;10;10mloud\u001B[38;5;99mer\u001B[m');
  await see('louder');
  const styles = tty.written.join('').match(/\u001B\[[\d;]*m/g) ?? [];
  expect(styles.some((style) => expected.test(style))).toBe(true);
  expect(styles.filter((style) => never.test(style))).toEqual([]);
  for (const row of screen().split('\n')) expect([...row].length).toBeLessThanOrEqual(80);
});

test('the view follows every size of the terminal', async () => {
  const { see, resize, screen } = open();
  await see('rehearsal-3');
  for (const columns of [110, 90, 70, 50, 30, 10, 1]) resize(columns, Math.max(2, Math.floor(columns / 4)));
  resize(100, 30);
  await see('rehearsal-3');
  await vi.waitUntil(() => screen().split('\n')[0]?.endsWith('● daemon'));
  await see(/q leave$/m);
});

test('without a connection the screen stays and says that it may not be true any more', async () => {
  const { see, swarm, logs } = open();
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

test('attaching gives the terminal away and takes it back with the same pane selected', async () => {
  const { see, type, handedOver, tty, listening } = open();
  await see('rehearsal-3');
  type('l');
  await see('▶ rehearsal-2');
  const from = tty.written.length;
  type('a');
  await vi.waitUntil(() => handedOver.length === 1 && listening());
  await see('▶ rehearsal-2');
  expect(handedOver).toEqual([{ argv: ['tmux', 'attach', '-t', 'rehearsal-2'], env: { A: 'b' } }]);
  const written = tty.written.slice(from).join('');
  expect(written.indexOf('?1049l')).toBeLessThan(written.indexOf('?1049h'));
  type('a');
  await see('✖ attaching ended with code 1');
});

test('while another program has the terminal its Ctrl-C is not ours, and an end does not take the terminal back', async () => {
  const { promise: guest, resolve: leave } = Promise.withResolvers<number>();
  const view = open(threeAgents, { guest: () => guest });
  await view.see('rehearsal-3');
  view.type('a');
  await vi.waitUntil(() => !view.listening());
  view.host.emit('SIGINT');
  view.resize(100, 30);
  expect(await Promise.race([view.done, Promise.resolve('still there')])).toBe('still there');
  view.host.emit('SIGTERM');
  expect(await view.done).toBe(143);
  leave(0);
  await guest;
  await view.tty.read();
  expect([view.listening(), view.tty.terminal.buffer.active.type]).toEqual([false, 'normal']);
});

test('Ctrl-Z and a stop from outside suspend the program and take the terminal back', async () => {
  const { see, type, stopped, host, listening } = open();
  await see('rehearsal-3');
  type('\u001A');
  await vi.waitUntil(() => stopped() === 1 && listening());
  host.emit('SIGTSTP');
  host.emit('SIGTSTP');
  await vi.waitUntil(() => stopped() === 2 && listening());
  await see('rehearsal-3');
});

test('q leaves, restores the terminal and says that the agents go on', async () => {
  const { see, type, done, tty, swarm, logs, host, screen } = open();
  await see('rehearsal-3');
  console.log('said meanwhile');
  type('q');
  expect(await done).toBe(0);
  await tty.read();
  expect(tty.terminal.buffer.active.type).toBe('normal');
  expect(screen()).toContain('You left the view; 3 agents go on.');
  expect(screen()).toContain('said meanwhile');
  expect(swarm.ran).toEqual([]);
  expect(logs.following.size).toBe(0);
  expect(host.eventNames()).toEqual([]);
});

test('Ctrl-C asks once and then leaves', async () => {
  const { see, type, done } = open([created(1)]);
  await see('rehearsal-1');
  type('\u0003');
  await see('Ctrl-C again leaves; the agents go on');
  type('j\u0003');
  await see('Ctrl-C again leaves');
  type('\u0003');
  expect(await done).toBe(0);
});

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGHUP', 129],
])('%s restores the terminal and ends with %d', async (signal, code) => {
  const { see, done, host, tty, screen } = open([]);
  await see('No agent yet.');
  host.emit(signal);
  expect(await done).toBe(code);
  await tty.read();
  expect(screen()).toContain('You left Drover; no agent is running.');
});

test('a view whose terminal is gone ends', async () => {
  const { see, done, hangUp } = open();
  await see('rehearsal-3');
  hangUp();
  expect(await done).toBe(129);
});

test('a crash restores the terminal before anything is printed', async () => {
  const { see, host, tty } = open();
  await see('rehearsal-3');
  host.emit('uncaughtExceptionMonitor', new Error('bug'));
  await tty.read();
  expect(tty.terminal.buffer.active.type).toBe('normal');
});

test('a panel that throws ends the view with its error', async () => {
  const { done } = open(threeAgents, {
    repository: undefined as unknown as string,
    now: () => {
      throw new Error('no clock');
    },
  });
  await expect(done).rejects.toThrow('no clock');
});

test('what an agent prints and how it changes is on the screen within a second', async () => {
  const { see, logs, swarm } = open();
  await see('rehearsal-3');
  const took: number[] = [];
  for (let i = 0; i < 25; i += 1) {
    const from = performance.now();
    logs.print('rehearsal-1', `marker ${i};\r\n`);
    swarm.apply(moved('rehearsal-3', i % 2 === 0 ? 'paused' : 'idle'));
    await see(`marker ${i};`);
    await see(i % 2 === 0 ? '‖ paused' : '○ idle');
    took.push(performance.now() - from);
  }
  expect(took.toSorted((a, b) => a - b)[23]).toBeLessThan(1000);
});

test('a key that waits in a burst is not lost', async () => {
  const { see, type, swarm } = open([]);
  await see('No agent yet.');
  type('one\rtwo\rthr\u001B[Dx\u001B[F\r');
  await vi.waitUntil(() => swarm.ran.length === 3);
  expect(swarm.ran.map(({ text }) => text)).toEqual(['one', 'two', 'thxr']);
});
