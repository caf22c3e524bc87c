import { Console } from 'node:console';
import { Writable } from 'node:stream';

/** Exit codes of a program that was interrupted, and of one that lost its terminal. */
export const INTERRUPTED = 130;
export const HANGUP = 129;

/** What ends a program from outside, with the exit code that says so. */
const SIGNALS = { SIGINT: INTERRUPTED, SIGTERM: 143, SIGHUP: HANGUP } as const;

type Ends = {
  /** A signal asks to leave; resolve the program with this code. */
  readonly onSignal: (code: number) => void;
  /** Another program, or the shell, asks to be given the terminal for a while. */
  readonly onStop: () => void;
  /** The process is about to end without another turn of its event loop: give the terminal back now. */
  readonly onCrash: () => void;
};

/** Watches for everything that ends or stops the process. Returns the way to stop watching. */
export const watchProcessEnd = (host: NodeJS.EventEmitter, { onSignal, onStop, onCrash }: Ends): (() => void) => {
  const listeners: readonly (readonly [string, () => void])[] = [
    ...Object.entries(SIGNALS).map(([signal, code]) => [signal, () => onSignal(code)] as const),
    ['SIGTSTP', onStop],
    ['uncaughtExceptionMonitor', onCrash],
    ['exit', onCrash],
  ];
  for (const [event, listener] of listeners) host.on(event, listener);
  return () => {
    for (const [event, listener] of listeners) host.off(event, listener);
  };
};

const HELD_LINES = 200;

/** Keeps the console off the screen. The returned function gives it back and returns what was said meanwhile. */
export const holdConsole = (): (() => string) => {
  const lines: string[] = [];
  const own = globalThis.console;
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString());
      lines.splice(0, lines.length - HELD_LINES);
      done();
    },
  });
  globalThis.console = new Console(sink);
  return () => {
    globalThis.console = own;
    return lines.join('');
  };
};
