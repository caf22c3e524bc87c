import type { WebSocket } from 'ws';
import { saidId } from '../../protocol/say.ts';
import { holdsStill, type Visitor } from '../access/sessions.ts';
import { STATE_FORMAT } from '../../state/index.ts';
import type { Hub, News } from '../swarm/hub.ts';
import type { PageFrame, ServerFrame } from '../wire.ts';
import { sayLine } from '../swarm/say-line.ts';
import { openKeyboard } from './keyboard.ts';
import { readPageFrame } from './page-frame.ts';
import type { ResourceNews } from './resource-news.ts';
import { openTerminals, type PageLine } from './terminals.ts';

/** A page that has not read so much, in bytes, misses events, and is told so when it has read what waits. */
const MOST_WAITING = 4 * 1024 * 1024;
/** A page that goes on asking while so much, in bytes, waits for it does not read at all: memory is not kept for it. */
const MOST_UNREAD = 16 * 1024 * 1024;
/** A page that says more in a second is none of ours: so many frames, and so many bytes. */
const MOST_FRAMES = 200;
const MOST_BYTES = 2 * 1024 * 1024;
const SECOND_MS = 1000;

/** By the codes of the protocol: what was said is not understood, or is too much. */
const NOT_UNDERSTOOD = 1003;
const TOO_MUCH = 1008;
const GOING_WRONG = 1011;

type Page = {
  readonly socket: WebSocket;
  readonly hub: Hub;
  readonly visitor: Pick<Visitor, 'name' | 'role' | 'holds'>;
  readonly resources: ResourceNews;
  /** The number of the last event that the page has; undefined when it has none. */
  readonly since: number | undefined;
};

/** The way of frames to a page, and of events that were made text for everybody. */
const openLine = (socket: WebSocket): PageLine & { sendText(text: string): void } => {
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const check of [...waiting]) check();
  };
  const sendText = (text: string): void => {
    if (socket.readyState === socket.OPEN) socket.send(text, look);
  };
  return {
    sendText,
    send: (frame) => sendText(JSON.stringify(frame)),
    get waitingBytes() {
      return socket.bufferedAmount;
    },
    whenBelow: (bytes, call) => {
      const check = (): void => {
        if (socket.bufferedAmount > bytes) return;
        waiting.delete(check);
        call();
      };
      waiting.add(check);
      setImmediate(look);
    },
  };
};

/** Tells a page what happens; one that does not read misses it, and is told that. */
const makeNewsTeller = (line: ReturnType<typeof openLine>) => {
  let isBehind = false;
  const catchUp = (): void => {
    isBehind = false;
    line.send({ kind: 'resync' });
  };
  return (news: News): void => {
    if (news.kind === 'presence') line.send({ kind: 'daemon', ...news.presence });
    else if (isBehind) return;
    else if (news.kind === 'lost') line.send({ kind: 'resync' });
    else if (line.waitingBytes <= MOST_WAITING) line.sendText(news.text);
    else {
      isBehind = true;
      line.whenBelow(0, catchUp);
    }
  };
};

/** Whether a page has said too much within a second. */
const makeFrameCount = () => {
  let begun = 0;
  let count = 0;
  let bytes = 0;
  return (length: number): boolean => {
    const now = performance.now();
    if (now - begun > SECOND_MS) {
      begun = now;
      count = 0;
      bytes = 0;
    }
    count += 1;
    bytes += length;
    return count > MOST_FRAMES || bytes > MOST_BYTES;
  };
};

/** Sends a page what it has missed, in order, until nothing is missing, and at that very moment lets it have what happens. */
const bringUpToDate = async ({ hub, since, socket }: Page, line: PageLine, goLive: () => void): Promise<void> => {
  let has = since ?? hub.told;
  while (has !== hub.told && socket.readyState === socket.OPEN) {
    const missed = has < hub.told ? await hub.since(has) : undefined;
    const last = missed?.at(-1);
    if (missed) line.send({ kind: 'events', events: missed });
    else line.send({ kind: 'resync' });
    has = last?.seq ?? hub.told;
  }
  if (socket.readyState === socket.OPEN) goLive();
};

const makeAnswerer = ({ hub, resources, visitor }: Page, line: PageLine) => {
  const terminals = openTerminals(hub.repository.follow, line);
  const keyboard = openKeyboard({
    ask: (instance) => sayLine(hub, visitor, { line: `attach ${saidId(instance)}` }),
    open: hub.repository.openTypist,
    holds: () => holdsStill(visitor),
    line,
  });
  let stopResources: (() => void) | undefined;
  /** Terminals that are asked for while the daemon is reached: the page may leave them, or itself, before it is. */
  const wanted = new Set<string>();
  const followIfThere = async (instance: string): Promise<void> => {
    wanted.add(instance);
    const { instances } = await hub.state();
    if (!wanted.delete(instance)) return;
    if (Object.hasOwn(instances, instance)) terminals.follow(instance);
    else line.send({ kind: 'refused', instance, message: 'There is no such instance.' });
  };
  return {
    answer: async (frame: PageFrame): Promise<void> => {
      if (frame.kind === 'ping') return line.send({ kind: 'pong' });
      if (frame.kind === 'unlog') {
        wanted.delete(frame.instance);
        return terminals.leave(frame.instance);
      }
      if (frame.kind === 'log') return followIfThere(frame.instance);
      if (frame.kind === 'typed') return keyboard.type(frame.instance, frame.events);
      if (frame.kind === 'typing') return keyboard[frame.on ? 'take' : 'giveBack'](frame.instance);
      stopResources?.();
      const tell = (rows: Extract<ServerFrame, { kind: 'resources' }>['rows']): void =>
        line.send({ kind: 'resources', rows });
      stopResources = frame.on ? resources.watch(tell) : undefined;
    },
    close: (): void => {
      wanted.clear();
      terminals.close();
      keyboard.close();
      stopResources?.();
    },
  };
};

/** Answers a page until it leaves: events from where it was, and what it wants to look at. Never rejects. */
export const attendPage = async (page: Page): Promise<void> => {
  const { socket, hub } = page;
  const line = openLine(socket);
  const isTooMuch = makeFrameCount();
  const answerer = makeAnswerer(page, line);
  let stop: (() => void) | undefined;
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    stop?.();
    answerer.close();
  });
  socket.on('message', (data, isBinary) => {
    const text = String(data);
    if (isTooMuch(text.length)) return socket.close(TOO_MUCH, 'too many frames');
    if (line.waitingBytes > MOST_UNREAD) return socket.terminate();
    const frame = isBinary ? undefined : readPageFrame(text);
    if (!frame) return socket.close(NOT_UNDERSTOOD, 'not a frame of this version');
    answerer.answer(frame).catch(() => socket.close(GOING_WRONG, 'the daemon cannot be reached'));
  });
  try {
    await hub.state();
    line.send({ kind: 'hello', seq: hub.told, format: STATE_FORMAT });
    const { presence } = hub;
    line.send({ kind: 'daemon', ...presence });
    await bringUpToDate(page, line, () => {
      stop = hub.watch(makeNewsTeller(line));
      // It may have changed while the page was told what it has missed.
      if (hub.presence !== presence) line.send({ kind: 'daemon', ...hub.presence });
    });
  } catch {
    socket.close(GOING_WRONG, 'the daemon cannot be reached');
  }
};
