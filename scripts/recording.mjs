// Records the demo: the real program in a pseudo-terminal at which nobody sits. Writes docs/screens/demo.cast (asciicast v2, for
// "asciinema play") and docs/screens/demo.svg, the same as a picture that moves. Build first.
// Usage: node scripts/recording.mjs [folder]. Everything that it starts ends with it.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import pty from '@lydell/node-pty';
import { DARK, filmOf, rowsOf } from './svg.mjs';

const require = createRequire(import.meta.url);
const { Terminal } = require('@xterm/headless');
const { Unicode11Addon } = require('@xterm/addon-unicode11');

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(process.argv[2] ?? `${root}docs/screens`);
const SIZE = { cols: 110, rows: 32 };
/** How often a frame is taken where something changed, and how long the last one stands. */
const FRAME_MS = 400;
const LAST_MS = 5000;
/** Where nothing happens for longer, the recording does not wait either. */
const IDLE_MS = 2000;
const LIMIT_MS = 120_000;
/** So long the demo may take: who tries it waits for its end. */
const STORY_MS = 60_000;
const TITLE = 'The demo of Drover: a question, a crash, a conflict, a review and a merge';

const home = realpathSync(mkdtempSync(join(tmpdir(), 'drover-recording-')));
const env = {
  PATH: process.env['PATH'],
  HOME: home,
  TMPDIR: home,
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
  COLORTERM: 'truecolor',
};

const terminal = new Terminal({ ...SIZE, scrollback: 0, allowProposedApi: true, logLevel: 'off' });
terminal.loadAddon(new Unicode11Addon());
terminal.unicode.activeVersion = '11';

const began = performance.now();
const chunks = [];
const frames = [];

/** Keeps the screen as it is, if it is another one than before. */
const take = () => {
  const rows = rowsOf(terminal);
  const at = Math.round(performance.now() - began);
  if (rows.some((row) => row !== '') && rows.join('\n') !== frames.at(-1)?.rows.join('\n')) frames.push({ at, rows });
};

const record = async () => {
  const program = pty.spawn(process.execPath, [`${root}bin/drover.js`, 'demo'], { ...SIZE, cwd: home, env });
  const { promise: ended, resolve: end } = Promise.withResolvers();
  let over = false;
  const answer = (text) => {
    if (!over) program.write(text);
  };
  terminal.onData(answer);
  terminal.parser.registerOscHandler(11, () => {
    const [red, green, blue] = [1, 3, 5].map((at) => DARK.back.slice(at, at + 2));
    answer(`\u001B]11;rgb:${red}/${green}/${blue}\u001B\\`);
    return true;
  });
  program.onData((text) => {
    chunks.push([Math.round(performance.now() - began) / 1000, 'o', text]);
    terminal.write(text);
  });
  program.onExit(({ exitCode }) => {
    over = true;
    end(exitCode);
  });
  const camera = setInterval(take, FRAME_MS);
  const limit = setTimeout(() => program.kill('SIGTERM'), LIMIT_MS);
  const exit = await ended;
  clearInterval(camera);
  clearTimeout(limit);
  await new Promise((written) => terminal.write('', written));
  take();
  const tookMs = performance.now() - began;
  process.stdout.write(`The demo took ${Math.round(tookMs / 1000)} s; at most ${STORY_MS / 1000} s are wanted.\n`);
  if (tookMs > STORY_MS) process.exitCode = 1;
  if (exit !== 0) throw new Error(`the demo ended with ${exit}:\n${chunks.at(-1)?.[2] ?? ''}`);
};

const write = (name, text) => {
  writeFileSync(join(folder, name), text);
  process.stdout.write(`${name}: ${Math.round(Buffer.byteLength(text) / 1024)} kB\n`);
};

try {
  await record();
  const film = [];
  for (const [index, { at, rows }] of frames.entries()) {
    const gap = index === 0 ? 0 : Math.min(IDLE_MS, at - frames[index - 1].at);
    film.push({ at: (film.at(-1)?.at ?? 0) + gap, rows });
  }
  const asked = film.findIndex(({ rows }) => rows.some((row) => row.includes('asks:')));
  const endMs = film.at(-1).at + LAST_MS;
  const header = {
    version: 2,
    width: SIZE.cols,
    height: SIZE.rows,
    idle_time_limit: IDLE_MS / 1000,
    title: TITLE,
    env: { TERM: env.TERM },
  };
  write('demo.cast', `${[header, ...chunks].map((line) => JSON.stringify(line)).join('\n')}\n`);
  write('demo.svg', filmOf(film, { ...SIZE, endMs, still: Math.max(0, asked) }, TITLE));
} finally {
  rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
