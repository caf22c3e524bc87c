import { setTimeout as pause } from 'node:timers/promises';
import type { Terminal } from '@xterm/headless';
import { saidId } from '../../protocol/say.ts';
import { messageOf } from '../../lib/errors.ts';
import type { AgentTerminal, TerminalSize, TuiOptions } from '../app/options.ts';
import type { CellPosition } from '../compositor/compositor.ts';
import type { Effect } from '../control/key.ts';
import type { InputEvent } from '../input/decoder.ts';
import { emulatorCursor, makeEmulator } from './emulator.ts';

/** Hosts the terminal of the one agent that has the keyboard, if any. */
export type TypingHost = {
  /** Gives the keyboard to this agent. Keys that come before the agent's terminal is there wait for it. */
  begin(id: string): void;
  type(event: InputEvent): void;
  /** The agent's own terminal in this size; undefined while its log shows what it does. */
  terminal(id: string, size: TerminalSize): Terminal | undefined;
  /** Whether that terminal asks for the mouse, and what of it. */
  readonly mouse: 'none' | 'clicks' | 'drags';
  /** Takes the keyboard back. */
  end(): void;
  /** Resolves when every agent's window is as it was, or does not become so in time. */
  close(): Promise<void>;
};

type Parts = {
  readonly options: Pick<TuiOptions, 'client' | 'openAgentTerminal'>;
  /** The agent's terminal shows something else. */
  readonly onData: (id: string) => void;
  /** The agent's terminal is there, or asks for the mouse in another way. */
  readonly onChange: () => void;
  /** Something cannot be had here, which the person should know. */
  readonly onLack: (text: string) => void;
  /** The agent cannot be typed into any more; the reason is null where the person left by the terminal's own keys. */
  readonly onEnd: (id: string, reason: string | null) => void;
};

type HostedAgent = {
  readonly id: string;
  readonly queue: InputEvent[];
  agentTerminal: AgentTerminal | null;
  /**
   * Resolves when the terminal is open or cannot be opened; where the person left meanwhile, when it is closed again.
   */
  opened: Promise<void>;
  emulator: Terminal | null;
  /** Whether the terminal has drawn something. */
  drawn: boolean;
  tracking: TypingHost['mouse'];
  size: TerminalSize;
};

/** The least size of an agent's terminal: in a smaller one a full-screen program is of no use. */
const LEAST: TerminalSize = { cols: 20, rows: 4 };
const START: TerminalSize = { cols: 80, rows: 24 };
/** How long leaving the program waits for a daemon or a tmux that does not answer, in milliseconds. */
const LEAVING_MS = 3000;

const atLeast = ({ cols, rows }: TerminalSize): TerminalSize => ({
  cols: Math.max(LEAST.cols, cols),
  rows: Math.max(LEAST.rows, rows),
});

const TRACKED = { none: 'none', x10: 'clicks', vt200: 'clicks', drag: 'drags', any: 'drags' } as const;

const openEmulator = (one: HostedAgent): Terminal => {
  const terminal = makeEmulator(one.size);
  // Questions of the agent's terminal are answered by the emulator, never by the person's terminal.
  terminal.onData((text) => one.agentTerminal?.type([{ kind: 'other', raw: text }]));
  return terminal;
};

/** Makes a function that draws what an agent's terminal shows and reports it. */
const makeShow =
  ({ onData, onChange }: Pick<Parts, 'onData' | 'onChange'>) =>
  (one: HostedAgent, text: string, drawn: () => void): void => {
    one.emulator ??= openEmulator(one);
    const { emulator: terminal } = one;
    terminal.write(text, () => {
      drawn();
      const tracking = TRACKED[terminal.modes.mouseTrackingMode];
      const changed = !one.drawn || tracking !== one.tracking;
      one.drawn = true;
      one.tracking = tracking;
      onData(one.id);
      if (changed) onChange();
    });
  };

const hostedAgentOf = (id: string): HostedAgent => ({
  id,
  queue: [],
  agentTerminal: null,
  opened: Promise.resolve(),
  emulator: null,
  drawn: false,
  tracking: 'none',
  size: START,
});

/** Keeps the terminals that are still being closed, by the names of the agents. */
const makeClosing = () => {
  const closing = new Map<string, Promise<void>>();
  return {
    add: (id: string, closed: Promise<void>): void => {
      const all: Promise<void> = Promise.allSettled([closing.get(id), closed]).then(() => {
        if (closing.get(id) === all) closing.delete(id);
      });
      closing.set(id, all);
    },
    of: (id: string): Promise<void> | undefined => closing.get(id),
    /** Resolves when all terminals are closed, or the time for it is over. */
    all: async (): Promise<void> => {
      await Promise.race([Promise.all(closing.values()), pause(LEAVING_MS, undefined, { ref: false })]);
    },
  };
};

export const makeTypingHost = ({ options, onEnd, onLack, ...news }: Parts): TypingHost => {
  const show = makeShow(news);
  let current: HostedAgent | null = null;
  const closing = makeClosing();
  const isCurrent = (one: HostedAgent): boolean => current === one;
  /** Whether the person has left, and typed nothing that is still to arrive. */
  const isLeft = (one: HostedAgent): boolean => !isCurrent(one) && one.queue.length === 0;
  const drop = (): void => {
    const one = current;
    current = null;
    if (!one) return;
    closing.add(one.id, one.agentTerminal ? one.agentTerminal.close() : one.opened);
    one.emulator?.dispose();
  };
  const fail = (one: HostedAgent, reason: string | null): void => {
    if (!isCurrent(one)) return;
    drop();
    onEnd(one.id, reason);
  };
  const open = async (one: HostedAgent): Promise<void> => {
    // A window that has not got its own size back yet would be remembered with the wrong one.
    await closing.of(one.id);
    if (isLeft(one)) return;
    if (!options.openAgentTerminal) return fail(one, 'nobody can type here');
    const reply = await options.client.run(`attach ${saidId(one.id)}`);
    if (isLeft(one)) return;
    if (reply.exit !== 0) return fail(one, reply.message);
    const agentTerminal = await options.openAgentTerminal(reply, one.size, {
      onData: (text, drawn) => {
        if (isCurrent(one)) show(one, text, drawn);
        else drawn();
      },
      onEnd: (reason) => fail(one, reason),
    });
    agentTerminal.resize(one.size);
    agentTerminal.type(one.queue.splice(0));
    if (!isCurrent(one)) return agentTerminal.close();
    one.agentTerminal = agentTerminal;
    if (agentTerminal.lacks !== undefined) onLack(agentTerminal.lacks);
  };

  return {
    begin: (id) => {
      drop();
      const one = hostedAgentOf(id);
      current = one;
      one.opened = open(one).catch((error: unknown) => fail(one, messageOf(error)));
    },
    type: (event) => {
      if (current?.agentTerminal) current.agentTerminal.type([event]);
      else current?.queue.push(event);
    },
    terminal: (id, wanted) => {
      if (current?.id !== id) return undefined;
      const size = atLeast(wanted);
      if (size.cols !== current.size.cols || size.rows !== current.size.rows) {
        current.size = size;
        current.emulator?.resize(size.cols, size.rows);
        current.agentTerminal?.resize(size);
      }
      return current.drawn ? (current.emulator ?? undefined) : undefined;
    },
    get mouse() {
      return current?.tracking ?? 'none';
    },
    end: drop,
    close: async () => {
      drop();
      await closing.all();
    },
  };
};

/** Carries out an effect that is about the keyboard, at once and in order; false for every other effect. */
export const performTypingEffect = (host: TypingHost, effect: Effect): boolean => {
  if (effect.kind === 'begin-typing') host.begin(effect.id);
  else if (effect.kind === 'type') host.type(effect.event);
  else if (effect.kind === 'end-typing') host.end();
  else return false;
  return true;
};

/** The cell of the screen where the terminal of a pane has its cursor; null where that is not to be seen. */
export const paneCursor = (
  terminal: Terminal,
  top: number,
  pane: { x: number; y: number; width: number; height: number },
): CellPosition | null => {
  const cursor = emulatorCursor(terminal);
  if (!cursor) return null;
  const y = cursor.y - top;
  return cursor.x < pane.width && y >= 0 && y < pane.height ? { x: pane.x + cursor.x, y: pane.y + y } : null;
};
