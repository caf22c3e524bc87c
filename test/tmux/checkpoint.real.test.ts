import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';
import { expect, test, vi } from 'vitest';
import type { Seed } from '../../src/ports/index.ts';
import { testServer } from './server.ts';

const COLS = 60;
const ROWS = 15;
const ESC = '\u001B';

const numbers = (n: number) => Array.from({ length: n }, (_, i) => i);

/** What programs send, frame by frame. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  'a shell that scrolls': numbers(45).map((i) => `${ESC}[32m$ ${ESC}[mcommand ${i} ${'wrapped '.repeat(i % 12)}\r\n`),
  'an alternate screen with colours': [
    `below\r\nthe screen${ESC}[?1049h${ESC}[2J`,
    ...numbers(45).map(
      (i) => `${ESC}[${(i % ROWS) + 1};${(i % 40) + 1}H${ESC}[3${i % 8};4${(i + 3) % 8};1mcell ${i}${ESC}[m`,
    ),
    `${ESC}[?1049l and back`,
  ],
  'an alternate screen that stays': [
    `below${ESC}[?1049h${ESC}[?25l`,
    ...numbers(40).map((i) => `${ESC}[3;10r${ESC}[10;1H\r\nscrolled ${i}${ESC}[r${ESC}[12;1Hstatus ${i}${ESC}[K`),
  ],
  'wide characters and the last column': numbers(45).map(
    (i) => `${ESC}[${(i % ROWS) + 1};1H${ESC}[K界面${'─'.repeat(i % 20)}✔ ⠋ é${ESC}[${((i + 4) % ROWS) + 1};${COLS}Hx`,
  ),
  'a screen that is drawn anew like an agent’s': numbers(40).map(
    (i) =>
      `${i === 0 ? '\r\n\n\n\n' : ''}${ESC}[3A\r${ESC}[J╭${'─'.repeat(20)}╮\r\n│ ⏺ ${String(i).padEnd(17)}│\r\n` +
      `${i % 7 === 0 ? `done ${i}\r\n` : ''}╰${'─'.repeat(20)}╯\r\n`,
  ),
};

const emulate = async (seed: Seed, bytes: Uint8Array) => {
  const terminal = new xterm.Terminal({ cols: seed.cols, rows: seed.rows, allowProposedApi: true, scrollback: 0 });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  terminal.write(seed.text);
  await new Promise<void>((resolve) => terminal.write(bytes, resolve));
  const { active } = terminal.buffer;
  const rows = numbers(seed.rows).map((y) => active.getLine(active.baseY + y)?.translateToString(true) ?? '');
  const screen = { rows, cursor: [Math.min(active.cursorX, seed.cols - 1), active.cursorY], kind: active.type };
  terminal.dispose();
  return screen;
};

const segments = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .sort();
const bytesFrom = (folder: string, first: number) =>
  Buffer.concat(
    segments(folder)
      .filter((name) => Number.parseInt(name, 10) >= first)
      .map((name) => readFileSync(`${folder}/${name}`)),
  );

type Server = ReturnType<typeof testServer>;

const screenOf = async ({ tmux, raw }: Server, pane: string) => {
  const format = '#{cursor_x} #{cursor_y} #{alternate_on}';
  const [x = 0, y = 0, alternate] = (await raw('display-message', '-p', '-t', pane, format)).split(' ').map(Number);
  const rows = (await tmux.capture(pane)).split('\n').slice(0, ROWS);
  const kind = alternate === 1 ? 'alternate' : 'normal';
  return { rows: rows.map((row) => row.trimEnd()), cursor: [Math.min(x, COLS - 1), y], kind };
};

/** The processes that write a log: the script and what it has started, all of which have its input. */
const writersOf = (logDir: string): readonly number[] => {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((row) => /^ *(\d+) +(\d+) (.*)$/u.exec(row) ?? [])
    .map(([, pid, parent, args = '']) => ({ pid: Number(pid), parent: Number(parent), args }));
  const scripts = new Set(
    rows.flatMap(({ pid, args }) => (/^\S*sh .*log-writer\.sh/u.test(args) && args.includes(logDir) ? [pid] : [])),
  );
  return rows.flatMap(({ pid, parent }) => (scripts.has(pid) || scripts.has(parent) ? [pid] : []));
};

const start = async (server: Server, play: string) => {
  const script = `stty raw -echo; ${play}; touch finished; exec sleep 1000`;
  const { pane } = await server.tmux.create(server.spec('p', script, { cols: COLS, rows: ROWS }));
  return { pane, logDir: server.path('logs/p'), finished: () => existsSync(server.path('finished')) };
};

const compareAll = async (server: Server, seeds: readonly Seed[], at: { pane: string; logDir: string }) => {
  const expected = await screenOf(server, at.pane);
  for (const seed of seeds) {
    const screen = await emulate(seed, bytesFrom(at.logDir, seed.segment));
    expect({ ...screen, rows: screen.rows.map((row) => row.trimEnd()) }).toEqual(expected);
  }
};

test.each(Object.entries(PROGRAMS))('%s is continued exactly from any photograph', async (_, frames) => {
  await using server = testServer();
  mkdirSync(server.path('frames'));
  for (const [i, frame] of frames.entries()) writeFileSync(server.path(`frames/${1000 + i}`), frame);
  const at = await start(server, 'for f in frames/*; do cat $f; sleep 0.04; done');
  const seeds: Seed[] = [];
  while (!at.finished()) seeds.push(await server.tmux.checkpoint(at.pane, at.logDir, seeds.length + 2));
  expect(seeds.length).toBeGreaterThan(3);
  expect(seeds.map(({ segment }) => segment)).toEqual(numbers(seeds.length).map((i) => i + 2));
  expect(JSON.parse(readFileSync(`${at.logDir}/000002.seed`, 'utf8'))).toEqual(seeds[0]);
  await vi.waitFor(() => compareAll(server, seeds, at), { timeout: 30_000, interval: 200 });
});

test('a program that never pauses is continued exactly too', async () => {
  await using server = testServer();
  const text = numbers(60_000)
    .map((i) => `${ESC}[3${i % 8}m${i} some text of a line${ESC}[m\r\n`)
    .join('');
  writeFileSync(server.path('flood'), text);
  const end = 'touch finished; until test -e go; do sleep 0.05; done; cat end';
  writeFileSync(
    server.path('end'),
    numbers(2 * ROWS)
      .map((i) => `the end, line ${i}\r\n`)
      .join(''),
  );
  const at = await start(server, `cat flood flood flood flood flood; ${end}`);
  const seeds: Seed[] = [];
  while (!at.finished()) seeds.push(await server.tmux.checkpoint(at.pane, at.logDir, seeds.length + 2));
  // The bytes that were in flight at a photograph may be missing in the log, never on the screen; what comes later is there.
  writeFileSync(server.path('go'), '');
  await vi.waitFor(() => compareAll(server, seeds, at), { timeout: 40_000, interval: 200 });
});

test('photographs between the words of an agent cost its log no byte and double none', async () => {
  await using server = testServer();
  const { pane } = await server.tmux.create(server.spec('p', 'stty -echo -opost; while read n; do echo "<$n>"; done'));
  const logDir = server.path('logs/p');
  let expected = '';
  await vi.waitUntil(() => existsSync(`${logDir}/000001.log`), { timeout: 30_000 });
  for (const n of numbers(15)) {
    await server.tmux.type(pane, String(n), { enter: true });
    expected += `<${n}>\n`;
    await vi.waitUntil(() => bytesFrom(logDir, 0).toString().endsWith(`<${n}>\n`), { timeout: 30_000, interval: 5 });
    await server.tmux.checkpoint(pane, logDir, n + 2);
  }
  // What the terminal echoed before the program could turn that off is none of its words.
  expect(
    bytesFrom(logDir, 0)
      .toString()
      .replace(/^[^<]*/u, ''),
  ).toBe(expected);
});

test('a photograph takes the next number that is free, and gives back one that it could not use', async () => {
  await using server = testServer();
  const { pane } = await server.tmux.create(server.spec('p', 'echo one; exec cat'));
  const logDir = server.path('logs/p');
  await vi.waitUntil(() => existsSync(`${logDir}/000001.log`), { timeout: 30_000 });
  writeFileSync(`${logDir}/000004.seed.part`, '');
  const [first, second] = await Promise.all([1, 1].map((n) => server.tmux.checkpoint(pane, logDir, n)));
  expect([first?.segment, second?.segment].sort()).toEqual([5, 6]);
  await server.tmux.checkpoint('%77', logDir, 9).catch(() => undefined);
  expect(readdirSync(logDir).filter((name) => name.endsWith('.part'))).toEqual(['000004.seed.part']);
});

test('old segments are removed by size when a new photograph is taken', async () => {
  await using server = testServer();
  const { pane } = await server.tmux.create(server.spec('p', 'exec cat', { firstSegment: 10 }));
  const logDir = server.path('logs/p');
  mkdirSync(logDir, { recursive: true });
  for (const n of [1, 2, 3]) {
    writeFileSync(`${logDir}/00000${n}.log`, Buffer.alloc(5 * 1024 * 1024));
    writeFileSync(`${logDir}/00000${n}.seed`, '{}');
  }
  await server.tmux.checkpoint(pane, logDir, 11);
  expect(readdirSync(logDir).sort()).toEqual([
    ...['000002.log', '000002.seed', '000003.log', '000003.seed'],
    ...['000010.log', '000011.log', '000011.seed'],
  ]);
});

test('a pane tells that its writer was killed; the next photograph starts another, and the log says where lines are missing', async () => {
  await using server = testServer();
  const { pane, isLogged } = await server.tmux.create(server.spec('p', 'stty -echo; exec cat'));
  const logDir = server.path('logs/p');
  const text = () => bytesFrom(logDir, 0).toString();
  const say = (word: string) => server.tmux.type(pane, word, { enter: true });
  const isStillLogged = async () => (await server.tmux.list('')).find((one) => one.pane === pane)?.isLogged;
  expect(isLogged).toBe(true);
  await vi.waitUntil(() => existsSync(`${logDir}/000001.log`), { timeout: 30_000 });
  await say('before');
  await vi.waitUntil(() => text().includes('before'), { timeout: 30_000 });
  expect(await isStillLogged()).toBe(true);
  for (const pid of writersOf(logDir)) process.kill(pid, 'SIGKILL');
  // tmux learns of it when it has something to pass on.
  await vi.waitUntil(
    async () => {
      await say('lost');
      return (await isStillLogged()) === false;
    },
    { timeout: 30_000 },
  );
  await server.tmux.checkpoint(pane, logDir, 0);
  expect(await isStillLogged()).toBe(true);
  await say('after');
  await vi.waitUntil(() => text().includes('after'), { timeout: 30_000 });
  expect(text()).toMatch(
    /before[^[]*\u0018\r\n\[drover: what was printed here from \S+Z to \S+Z may be missing[^\]]*\]\r\n[^[]*after/u,
  );
  // One that is there all along leaves no such line.
  await server.tmux.checkpoint(pane, logDir, 0);
  expect(text().match(/may be missing/gu)).toHaveLength(1);
});
