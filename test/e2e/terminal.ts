import { fileURLToPath } from 'node:url';
import pty from '@lydell/node-pty';
import { expect, onTestFinished, vi } from 'vitest';
import { makeEmulator } from '../../src/tui/panes/emulator.ts';
import { answerBackground, rowsOf } from '../tui/screen.ts';

/** The built program. */
export const BIN = fileURLToPath(new URL('../../bin/drover.js', import.meta.url));

type Options = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Another user, by number, whose program it is; only root can do that. */
  readonly user?: number;
};

/** How long a person would believe that something still comes; tests wait for it and measure nothing. */
const PATIENCE_MS = 110_000;

/** A program in a real pseudo-terminal, and the screen that a person would see. */
export const openTerminal = (argv: readonly string[], { cwd, env, user }: Options) => {
  const size = { cols: 120, rows: 40 };
  const terminal = makeEmulator(size);
  const [file = '', ...args] = argv;
  const program = pty.spawn(file, args, {
    ...size,
    name: 'xterm-256color',
    cwd,
    env: { ...env, TERM: 'xterm-256color' },
    ...(user === undefined ? {} : { uid: user, gid: user }),
  });
  let code: number | undefined;
  program.onData((data) => terminal.write(data));
  program.onExit(({ exitCode }) => {
    code = exitCode;
  });
  // Answers questions as a real terminal does.
  const answer = (text: string): void => {
    if (code === undefined) program.write(text);
  };
  terminal.onData(answer);
  answerBackground(terminal, answer);
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    // It may have ended and nobody said so yet.
    if (code === undefined) program.kill(signal);
    await vi.waitUntil(() => code !== undefined, { timeout: PATIENCE_MS });
  };
  onTestFinished(() => kill('SIGKILL'));
  const screen = (): string => rowsOf(terminal).join('\n');
  return {
    terminal,
    screen,
    type: (text: string): void => program.write(text),
    see: (text: string | RegExp): Promise<unknown> =>
      vi
        .waitUntil(() => (typeof text === 'string' ? screen().includes(text) : text.test(screen())), {
          timeout: PATIENCE_MS,
        })
        .catch(() => expect.fail(`not on the screen: ${text}\n${screen()}`)),
    pid: program.pid,
    resize: (cols: number, rows: number): void => {
      program.resize(cols, rows);
      terminal.resize(cols, rows);
    },
    kill,
    /** Hangs up, as a closed window or a lost line does. */
    hangUp: (): void => program.kill('SIGHUP'),
    ended: async (): Promise<number | undefined> => {
      await vi.waitUntil(() => code !== undefined, { timeout: PATIENCE_MS });
      await new Promise<void>((resolve) => terminal.write('', resolve));
      return code;
    },
  };
};

/** `drover …` in a terminal. */
export const openDrover = (argv: readonly string[], options: Options) =>
  openTerminal([process.execPath, BIN, ...argv], options);
