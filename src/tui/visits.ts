import type { Terminal } from '@xterm/headless';
import type { Place } from './compositor/compositor.ts';
import type { InputEvent } from './input/decoder.ts';
import type { Effect } from './keys.ts';
import type { TerminalSize, TuiOptions, Visit } from './options.ts';
import { cursorOf, makeTerminal } from './screens.ts';

/** The one agent that has the keyboard, if any. */
export type Visits = {
  /** Gives it to this agent. What is typed before its terminal is there waits for it. */
  begin(id: string): void;
  type(event: InputEvent): void;
  /** The agent's own terminal in this size; undefined while its log shows what it does. */
  terminal(id: string, size: TerminalSize): Terminal | undefined;
  /** Whether that terminal asks for the mouse, and what of it. */
  readonly mouse: 'none' | 'clicks' | 'drags';
  /** Takes the keyboard back. */
  leave(): void;
  /** Resolves when every agent's window is as it was. */
  close(): Promise<void>;
};

type Parts = {
  readonly options: Pick<TuiOptions, 'client' | 'visit'>;
  /** Its terminal shows something else. */
  readonly onData: (id: string) => void;
  /** Its terminal is there, or asks for the mouse in another way. */
  readonly onChange: () => void;
  /** It cannot be typed into any more; without a reason because the person left it by the keys of its terminal. */
  readonly onEnd: (id: string, reason: string | null) => void;
};

type Current = {
  readonly id: string;
  readonly queue: InputEvent[];
  visit: Visit | null;
  terminal: Terminal | null;
  /** Set when its terminal has drawn something. */
  drawn: boolean;
  tracking: Visits['mouse'];
  size: TerminalSize;
};

/** What a terminal that is smaller would make of a full-screen program is of no use to anybody. */
const LEAST: TerminalSize = { cols: 20, rows: 4 };
const START: TerminalSize = { cols: 80, rows: 24 };

const atLeast = ({ cols, rows }: TerminalSize): TerminalSize => ({
  cols: Math.max(LEAST.cols, cols),
  rows: Math.max(LEAST.rows, rows),
});

const TRACKED = { none: 'none', x10: 'clicks', vt200: 'clicks', drag: 'drags', any: 'drags' } as const;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const hostOf = (one: Current): Terminal => {
  const terminal = makeTerminal(one.size);
  // What the agent's terminal asks ours is answered by the emulator, never by the person's.
  terminal.onData((text) => one.visit?.type([{ kind: 'other', raw: text }]));
  return terminal;
};

/** Draws what the agent's terminal shows, and says so. */
const makeShow =
  ({ onData, onChange }: Pick<Parts, 'onData' | 'onChange'>) =>
  (one: Current, text: string, drawn: () => void): void => {
    one.terminal ??= hostOf(one);
    const { terminal } = one;
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

export const makeVisits = ({ options, onEnd, ...news }: Parts): Visits => {
  const show = makeShow(news);
  let current: Current | null = null;
  const closing = new Set<Promise<void>>();
  const isCurrent = (one: Current): boolean => current === one;
  const put = (visit: Visit): void => {
    const closed: Promise<void> = visit
      .close()
      .catch(() => undefined)
      .finally(() => closing.delete(closed));
    closing.add(closed);
  };
  const drop = (): void => {
    const one = current;
    current = null;
    if (one?.visit) put(one.visit);
    one?.terminal?.dispose();
  };
  const failed = (one: Current, reason: string | null): void => {
    if (!isCurrent(one)) return;
    drop();
    onEnd(one.id, reason);
  };
  const open = async (one: Current): Promise<void> => {
    if (!options.visit) throw new Error('nobody can type here');
    const reply = await options.client.run(`attach ${one.id}`);
    if (!isCurrent(one)) return;
    if (reply.exit !== 0) return failed(one, reply.message);
    const visit = await options.visit(reply, one.size, {
      onData: (text, drawn) => {
        if (isCurrent(one)) show(one, text, drawn);
        else drawn();
      },
      onEnd: (reason) => failed(one, reason),
    });
    if (!isCurrent(one)) return put(visit);
    one.visit = visit;
    visit.resize(one.size);
    visit.type(one.queue.splice(0));
  };

  return {
    begin: (id) => {
      drop();
      const one: Current = { id, queue: [], visit: null, terminal: null, drawn: false, tracking: 'none', size: START };
      current = one;
      open(one).catch((error: unknown) => failed(one, messageOf(error)));
    },
    type: (event) => {
      if (current?.visit) current.visit.type([event]);
      else current?.queue.push(event);
    },
    terminal: (id, wanted) => {
      if (current?.id !== id) return undefined;
      const size = atLeast(wanted);
      if (size.cols !== current.size.cols || size.rows !== current.size.rows) {
        current.size = size;
        current.terminal?.resize(size.cols, size.rows);
        current.visit?.resize(size);
      }
      return current.drawn ? (current.terminal ?? undefined) : undefined;
    },
    get mouse() {
      return current?.tracking ?? 'none';
    },
    leave: drop,
    close: async () => {
      drop();
      await Promise.all(closing);
    },
  };
};

/** Carries out what a key asks of the keyboard itself, at once and in order; false where it asks something else. */
export const visited = (visits: Visits, effect: Effect): boolean => {
  if (effect.kind === 'visit') visits.begin(effect.id);
  else if (effect.kind === 'type') visits.type(effect.event);
  else if (effect.kind === 'leave') visits.leave();
  else return false;
  return true;
};

/** The cell of the screen where the terminal of a pane has its cursor; null where that is not to be seen. */
export const paneCursor = (
  terminal: Terminal,
  top: number,
  pane: { x: number; y: number; width: number; height: number },
): Place | null => {
  const cursor = cursorOf(terminal);
  if (!cursor) return null;
  const y = cursor.y - top;
  return cursor.x < pane.width && y >= 0 && y < pane.height ? { x: pane.x + cursor.x, y: pane.y + y } : null;
};
