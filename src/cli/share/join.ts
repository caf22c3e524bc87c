import { defineError } from '../../lib/errors.ts';
import { shownLine } from '../../lib/text.ts';
import { connectAsGuest } from '../../link/guest-door.ts';
import type { Link } from '../../ports/link.ts';
import { openProcesses } from '../../process/broker.ts';
import type { InputEvent } from '../../tui/input/decoder.ts';
import { makeKeyboard } from '../../tui/input/keyboard.ts';
import { ttySource } from '../../tui/input/tty-source.ts';
import { readTypedEvents } from '../../web/socket/typed-events.ts';
import { typedFrames } from '../../web/typed-frames.ts';
import type { TypedEvent } from '../../web/wire.ts';
import type { Flags, Io } from '../io.ts';
import { missingWord, readOptions } from '../options.ts';
import { printLine } from '../print.ts';
import { type GuestFrame, type HostFrame, readHostFrame } from './guest-frames.ts';
import { openGuestView } from './guest-view.ts';

const needsTerminal = defineError('join/no-terminal', 2, () => ({
  message: 'To join takes a terminal, and this is none.',
  hint: 'Say it in a terminal, without a pipe.',
}));

/** The key that leaves, whatever the agent does with others. */
const LEAVE = 'ctrl+]';

type End = Extract<HostFrame, { kind: 'end' }>;
type Welcome = Extract<HostFrame, { kind: 'welcome' }>;

/** The name of a user of this machine, as the system has it; a number where it has none. */
const nameOf = async (uid: number, env: NodeJS.ProcessEnv): Promise<string> => {
  await using processes = await openProcesses({ forked: false });
  const path = { PATH: env['PATH'] ?? '/usr/bin:/bin' };
  const said = await processes.run({ file: 'id', args: ['-un', String(uid)], env: path }).catch(() => undefined);
  return said?.code === 0 ? shownLine(said.stdout) : `user ${uid}`;
};

const barOf = ({ instance, rw, until }: Welcome, owner: string): string => {
  const ends = new Date(until);
  const time = Number.isNaN(ends.getTime()) ? '' : ` · until ${ends.toTimeString().slice(0, 5)}`;
  const keys = rw ? 'what you type reaches it' : 'you look only';
  return ` ${instance} of ${owner} · ${keys} · Ctrl-] leaves${time}`;
};

/** What can be passed on of what was typed. */
const typedOf = (event: InputEvent): readonly TypedEvent[] => {
  if (event.kind === 'text' || event.kind === 'paste')
    return readTypedEvents([{ kind: event.kind, text: event.text }]) ?? [];
  return event.kind === 'key' ? (readTypedEvents([{ kind: 'key', key: event.key }]) ?? []) : [];
};

const sendTyped = (link: Link, events: readonly TypedEvent[]): void => {
  for (const some of typedFrames(events)) {
    const frame: GuestFrame = { kind: 'typed', events: some };
    link.send(JSON.stringify(frame));
  }
};

/** Shows the terminal until the guest leaves or is cut off; with what is said last. */
const look = async (io: Io, link: Link, owner: string): Promise<Omit<End, 'kind'>> => {
  const { promise: over, resolve: end } = Promise.withResolvers<Omit<End, 'kind'>>();
  const leave = (): void => end({ exit: 0, message: `You have left. The agent of ${owner} goes on.` });
  let view: ReturnType<typeof openGuestView> | undefined;
  let mayType = false;
  const take = (events: readonly InputEvent[]): void => {
    if (events.some((event) => event.kind === 'key' && (event.key === LEAVE || (!mayType && event.key === 'ctrl+c'))))
      leave();
    else if (mayType) sendTyped(link, events.flatMap(typedOf));
  };
  const keyboard = makeKeyboard(ttySource(), take, leave);
  link.onFrame((text) => {
    const frame = readHostFrame(text);
    if (frame?.kind === 'end') end(frame);
    else if (frame?.kind === 'screen') view?.show(frame);
    else if (frame?.kind === 'welcome' && !view) {
      mayType = frame.rw;
      view = openGuestView(io, barOf(frame, owner));
      keyboard.open();
    }
  });
  void link.closed.then(() =>
    end({ exit: 4, message: `${owner} shares it with you no more: the connection is gone.` }),
  );
  const signals = ['SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, leave);
  try {
    return await over;
  } finally {
    for (const signal of signals) process.off(signal, leave);
    if (view) keyboard.close();
    view?.close();
    link.close();
  }
};

/** `drover sessions join PATH`: looks at the agent that another user of this machine shares. It takes no repository and no daemon. */
export const join = async (io: Io, _flags: Flags, argv: readonly string[]): Promise<number> => {
  const [path] = readOptions(argv, { words: 1 }).words;
  if (path === undefined)
    throw missingWord({
      command: 'sessions join',
      what: 'the path that you were told',
      example: 'drover sessions join /tmp/drover-1f0c/9a7e',
    });
  if (!io.stdin.isTTY || !io.stdout.isTTY) throw needsTerminal();
  const { link, owner } = await connectAsGuest(path);
  const { exit, message } = await look(io, link, await nameOf(owner, io.env));
  printLine(exit === 0 ? io.stdout : io.stderr, `drover: ${shownLine(message)}`);
  return exit;
};
