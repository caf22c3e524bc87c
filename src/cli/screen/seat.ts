import { saidId } from '../../protocol/say.ts';
import { defineError } from '../../lib/errors.ts';
import type { Tmux } from '../../ports/index.ts';
import { openProcesses } from '../../process/broker.ts';
import { openTmux } from '../../tmux/client.ts';

/** What a person reads whose agent has no terminal any more; its place there (this file) and its visit end with it. */
export const GONE = 'its terminal is gone';

const terminalGone = defineError('attach/terminal-gone', 6, (p: { id: string }) => ({
  message: GONE,
  hint: `Start it again: restart instance ${saidId(p.id)}`,
}));

/** A person's place at an agent's terminal: what they type goes there, and it is left as it was found. */
export type AgentTyping = AsyncDisposable &
  Pick<Typist, 'type' | 'press' | 'paste'> & {
    /** Gives the window the size again that it had when the person came; while somebody else looks, it goes by them. */
    restore(): Promise<void>;
  };

type Typist = {
  type(text: string): Promise<void>;
  /** Presses keys by tmux's names. */
  press(keys: readonly string[]): Promise<void>;
  paste(text: string): Promise<void>;
};

type SeatPlace = {
  readonly instance: string;
  /** The key of the repository and the instance: the session must carry this mark. */
  readonly mark: string;
  readonly session: string;
  readonly socket: string | null;
  readonly env: Readonly<Record<string, string>>;
};

const look = async (tmux: Tmux, { mark, session }: SeatPlace) =>
  (await tmux.sessions(mark)).find((one) => one.session === session && one.droverId === mark);

const seatIn = async (tmux: Tmux, place: SeatPlace): Promise<Omit<AgentTyping, typeof Symbol.asyncDispose> | null> => {
  const [found, panes] = await Promise.all([look(tmux, place), tmux.list(place.mark)]);
  const pane = panes.find((one) => one.droverId === place.mark)?.pane;
  if (!found || pane === undefined) return null;
  return {
    type: async (text) => void (await tmux.type(pane, text)),
    press: (keys) => tmux.press(pane, ...keys),
    paste: (text) => tmux.paste(pane, text),
    restore: async () => {
      const now = await look(tmux, place);
      if (now?.clients.length === 0) await tmux.resize(place.session, found.cols, found.rows);
    },
  };
};

/** Takes the place; refused with `attach/terminal-gone` when the session is not there, or is not the agent's. */
export const openSeat = async (place: SeatPlace): Promise<AgentTyping> => {
  const { socket, env } = place;
  const processes = await openProcesses({ forked: false });
  const close = () => processes[Symbol.asyncDispose]();
  try {
    // Nothing is created here, so none of the files that a new session needs is asked for.
    const tmux = openTmux({ processes, env, assets: '', ...(socket === null ? {} : { socket }) });
    const seat = await seatIn(tmux, place);
    if (!seat) throw terminalGone({ id: place.instance });
    return { ...seat, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
};
