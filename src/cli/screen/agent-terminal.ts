import type { IPty } from '@lydell/node-pty';
import type { Paths } from '../../lib/paths.ts';
import type { AgentTerminal, AgentTerminalEvents, TerminalSize, TuiOptions } from '../../tui/app/options.ts';
import type { InputEvent } from '../../tui/input/decoder.ts';
import { attachCommand, type Place } from '../attach.ts';
import { type AgentTyping, GONE, openSeat } from './seat.ts';
import { stringEnv } from './tui-client.ts';
import { typeByCommands } from './typed-keys.ts';

/** How long a client of tmux may take to go. */
const PATIENCE_MS = 1000;
/** Characters that wait to be drawn before the client is told to wait, and before it goes on. */
const FULL = 256 * 1024;
const LOW = 64 * 1024;
/** The last characters that a client of tmux prints say why it went; so many are kept. */
const LAST_WORDS = 300;

type Pty = typeof import('@lydell/node-pty');

/** The package that makes pseudo-terminals; null where it cannot be had, which is no fault. */
const loadPty = async (env: NodeJS.ProcessEnv): Promise<Pty | null> => {
  if (env['DROVER_NO_PTY']) return null;
  return import('@lydell/node-pty').catch(() => null);
};

/** Why a client of tmux went; null where the person left it by tmux's own keys. */
const reasonOf = (lastWords: string): string | null => {
  if (lastWords.includes('[detached')) return null;
  if (/\[(?:server exited|lost server)/u.test(lastWords)) return 'the tmux server is gone';
  return lastWords.includes('[exited]') ? 'its session has ended' : GONE;
};

/** A client of tmux that draws on a pseudo-terminal of ours, whatever terminal the person has. */
const startClient = (pty: Pty, place: Place, env: NodeJS.ProcessEnv, size: TerminalSize): IPty | null => {
  // A person who types into a pane wants a session within another one, so the client starts inside tmux too.
  const { TMUX: _outer, TMUX_PANE: _pane, ...rest } = env;
  const { argv } = attachCommand(place, rest);
  const [file = '', ...args] = argv;
  const terminal = { name: 'xterm-256color', ...size };
  try {
    return pty.spawn(file, ['-u', '-T', '256,RGB,strikethrough,overline', ...args], {
      ...terminal,
      env: { ...stringEnv(rest), TERM: terminal.name },
    });
  } catch {
    return null;
  }
};

const endClient = async (client: IPty, ended: Promise<void>): Promise<void> => {
  client.kill('SIGTERM');
  const late = setTimeout(() => client.kill('SIGKILL'), PATIENCE_MS);
  await ended;
  clearTimeout(late);
};

/**
 * Typing through a client of tmux, whose screen is shown. Until it has drawn, its terminal may not be raw yet: Enter
 * would become a line feed and Ctrl-C a signal, so what is typed waits for that.
 */
const openHostedTerminal = (client: IPty, seat: AgentTyping, { onData, onEnd }: AgentTerminalEvents): AgentTerminal => {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  let over = false;
  let waiting = 0;
  let lastWords = '';
  let drawn = false;
  const held: InputEvent[] = [];
  const write = (events: readonly InputEvent[]): void =>
    client.write(events.map((event) => event.raw ?? ('text' in event ? event.text : '')).join(''));
  client.onData((text) => {
    if (!drawn) write(held.splice(0));
    drawn = true;
    lastWords = (lastWords + text).slice(-LAST_WORDS);
    waiting += text.length;
    if (waiting > FULL) client.pause();
    onData(text, () => {
      waiting -= text.length;
      if (waiting < LOW && !over) client.resume();
    });
  });
  client.onExit(() => {
    over = true;
    resolve();
    onEnd(reasonOf(lastWords));
  });
  return {
    type: (events) => {
      if (!drawn) held.push(...events);
      else if (!over) write(events);
    },
    resize: ({ cols, rows }) => {
      if (!over) client.resize(cols, rows);
    },
    close: async () => {
      try {
        // Keys of a person who leaves before anything is drawn arrive all the same.
        if (!over) await typeByCommands(seat, held.splice(0));
        if (!over) await endClient(client, ended);
        await seat.restore();
      } finally {
        await seat[Symbol.asyncDispose]();
      }
    },
  };
};

const LACKS_PTY = 'node-pty cannot be used: keys go by commands of tmux, and the pane shows what the log has';

/** Typing by tmux's own commands; what comes of it is seen in the log. */
const openTerminalByCommands = (seat: AgentTyping, { onEnd }: AgentTerminalEvents): AgentTerminal => {
  let last: Promise<void> = Promise.resolve();
  return {
    lacks: LACKS_PTY,
    type: (events) => {
      // Keys go one after the other, so that they arrive in the order in which they were typed.
      last = last.then(() => typeByCommands(seat, events)).catch(() => onEnd(GONE));
    },
    resize: () => undefined,
    close: async () => {
      await last;
      await seat[Symbol.asyncDispose]();
    },
  };
};

/** How a person types into agents from here: through a pseudo-terminal where there can be one, else by commands. */
export const agentTerminalOpener =
  (paths: Paths, env: NodeJS.ProcessEnv): NonNullable<TuiOptions['openAgentTerminal']> =>
  async (reply, size, events) => {
    const place = reply.data as Place & { readonly instance: string };
    const { instance, session, socket } = place;
    const mark = `${paths.key}/${instance}`;
    const seat = await openSeat({ instance, mark, session, socket, env: stringEnv(env) });
    const pty = await loadPty(env);
    const client = pty && startClient(pty, place, env, size);
    return client ? openHostedTerminal(client, seat, events) : openTerminalByCommands(seat, events);
  };
