// Photographs the real program: it runs in a pseudo-terminal, on a scratch repository and a tmux server of its own, with
// rehearsal agents on the bundled plan; what a person would see is written to docs/screens/*.svg. Build first.
// Usage: node scripts/screens.mjs [folder]. Everything that it starts ends with it.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pty from '@lydell/node-pty';
import { DARK, LIGHT, svgOf } from './svg.mjs';
import { bin, env, photograph, place, root } from './weather-station.mjs';

const require = createRequire(import.meta.url);
const { Terminal } = require('@xterm/headless');
const { Unicode11Addon } = require('@xterm/addon-unicode11');

const folder = resolve(process.argv[2] ?? `${root}docs/screens`);
const PATIENCE_MS = 60_000;

/** The screen of `drover` in a terminal of this size, with a background that it answers to be asked for. */
const open = ({ cols, rows, look = DARK, more = {} }) => {
  const terminal = new Terminal({ cols, rows, scrollback: 0, allowProposedApi: true, logLevel: 'off' });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  const program = pty.spawn(process.execPath, [bin], { cols, rows, cwd: place, env: { ...env, ...more } });
  let ended = false;
  const { promise, resolve: end } = Promise.withResolvers();
  const answer = (text) => {
    if (!ended) program.write(text);
  };
  program.onData((text) => terminal.write(text));
  program.onExit(() => {
    ended = true;
    end();
  });
  terminal.onData(answer);
  terminal.parser.registerOscHandler(11, () => {
    const [red, green, blue] = [1, 3, 5].map((at) => look.back.slice(at, at + 2));
    answer(`\u001B]11;rgb:${red}/${green}/${blue}\u001B\\`);
    return true;
  });
  const text = () =>
    Array.from({ length: rows }, (_, y) => terminal.buffer.active.getLine(y)?.translateToString(true) ?? '').join('\n');
  return {
    see: async (what) => {
      for (const until = Date.now() + PATIENCE_MS; !what.test(text()); ) {
        if (ended || Date.now() > until) throw new Error(`${what} does not come onto the screen:\n${text()}`);
        await pause(50);
      }
    },
    type: answer,
    /** Gives the program the time to draw what it was asked for. */
    settle: () => pause(1000),
    shoot: (name, title) => {
      writeFileSync(join(folder, `${name}.svg`), svgOf(terminal, title, look));
      process.stdout.write(`${name}.svg\n`);
    },
    close: async () => {
      if (!ended) program.kill('SIGTERM');
      await promise;
    },
  };
};

/** What is photographed of the other views, each by its number key, while the agents stay at their tasks. */
const VIEWS = [
  ['2', 'tasks', 'The tasks by their states', /s start/],
  ['6', 'metrics', 'How the swarm does over time', /passed the check/],
];

/**
 * Nothing is photographed while it changes. The tasks of the first two groups and the one that asks come first: when
 * they are done, three agents are idle and the diff of their work is there. Then the agents take tasks at which they stay.
 */
const take = async () => {
  const screen = open({ cols: 132, rows: 40 });
  const show = async (key, name, title, ready) => {
    screen.type(key);
    await screen.see(ready);
    await screen.settle();
    screen.shoot(name, title);
  };
  try {
    await screen.see(/no agent is here/);
    screen.type('launch 4 instances agent=rehearsal\r');
    await screen.see(/○ 4 idle/);
    screen.type('run task 9 2.1 2.2 2.3 3.1 3.2\r');
    await screen.see(/m\/s or in km\/h/);
    await screen.see(/○ 3 idle.*6\/13/);
    screen.type('\u001B');
    await screen.settle();
    await show('3', 'worktrees', 'The worktrees with their tasks, branches and changes', /Rehearsed/);
    screen.type('1');
    await screen.see(/v layout/);
    screen.type(':');
    await screen.see(/history/);
    screen.type('run all ready tasks\r');
    for (const task of ['4.1', '4.2', '4.3']) await screen.see(new RegExp(`Task ${task}: [A-Z]`));
    await screen.see(/● 3 working/);
    await screen.settle();
    screen.shoot('overview', 'Drover with four agents at work; one of them asks a question');
    screen.type('\u001B');
    await screen.settle();
    for (const [key, name, title, ready] of VIEWS) await show(key, name, title, ready);
    for (const [name, options, title] of [
      ['light', { cols: 132, rows: 40, look: LIGHT }, 'The same on a light background'],
      ['small', { cols: 80, rows: 24 }, 'The same on 80 columns and 24 rows'],
      ['contrast', { cols: 100, rows: 30, more: { DROVER_TUI_THEME: 'high-contrast' } }, 'The theme of high contrast'],
      ['plain', { cols: 80, rows: 24, more: { LANG: 'C', NO_COLOR: '1' } }, 'Without colours and without signs'],
    ]) {
      const other = open(options);
      try {
        // The first text of a pane: until then the terminal may not have been asked for its background.
        await other.see(/Task \d[.\d]*: /);
        await other.settle();
        other.shoot(name, title);
      } finally {
        await other.close();
      }
    }
  } finally {
    await screen.close();
  }
};

await photograph(folder, 'Shall the wind be in m/s or in km/h?', take);
