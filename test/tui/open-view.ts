import { EventEmitter } from 'node:events';
import { expect, onTestFinished, vi } from 'vitest';
import type { Program, TuiOptions } from '../../src/tui/app/options.ts';
import { runTui } from '../../src/tui/app/run-tui.ts';
import { fakeLogs, fakeSwarm, NOW, threeAgents } from './fake-swarm.ts';
import { fakeTerminal, rowsOf } from './screen.ts';

/** A whole view on an emulated terminal, over a swarm without a daemon; it ends with the test. */
export const openView = (
  drafts = threeAgents,
  {
    visitor,
    background,
    ...changes
  }: Partial<TuiOptions> & { visitor?: () => Promise<number>; background?: string | null } = {},
  size = { columns: 120, rows: 36 },
  env: Record<string, string> = { COLORTERM: 'truecolor' },
) => {
  const swarm = fakeSwarm(drafts);
  const logs = fakeLogs();
  const host = new EventEmitter();
  const resizes = new Set<() => void>();
  const handedOver: Program[] = [];
  let stopped = 0;
  let ended = 0;
  let onBytes: ((bytes: Uint8Array) => void) | undefined;
  let hangUp: () => void = () => undefined;
  const type = (text: string) => onBytes?.(new TextEncoder().encode(text));
  const tty = fakeTerminal(size, (answer) => type(answer), background);
  const options: TuiOptions = {
    client: swarm,
    repository: 'main-repo',
    follow: logs.follow,
    guest: (text) => {
      const id = /^attach (?<id>\S+)/u.exec(text)?.groups?.['id'];
      return id === undefined ? null : { argv: ['tmux', 'attach', '-t', id], env: { A: 'b' } };
    },
    hint: (text) =>
      text.startsWith('rnu')
        ? { kind: 'error', message: 'no verb is called "rnu"', suggestion: 'run' }
        : text === 'launch 3'
          ? { kind: 'incomplete', expects: ['instances'] }
          : { kind: 'ok', says: `runs ${text}` },
    complete: (text) =>
      ['launch', 'list', 'stop'].filter((word) => word.startsWith(text)).map((word) => ({ word, help: `to ${word}` })),
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
      endGuest: () => {
        ended += 1;
      },
      handOver: async (program) => {
        handedOver.push(program);
        return visitor ? visitor() : handedOver.length - 1;
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
      .waitUntil(() => (typeof text === 'string' ? screen().includes(text) : text.test(screen())))
      .catch(() => expect.fail(`not on the screen: ${text}\n${screen()}`));
  const gone = (text: string) => vi.waitUntil(() => !screen().includes(text));
  const resize = (columns: number, rows: number) => {
    size = { columns, rows };
    tty.terminal.resize(columns, rows);
    for (const listener of resizes) listener();
  };
  /** Gives the keys to the panes. */
  const panes = async () => {
    type('\u001B');
    await see('q leave');
  };
  return {
    panes,
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
    /** How often the program that has the terminal was told to give it back. */
    endedGuests: () => ended,
  };
};
