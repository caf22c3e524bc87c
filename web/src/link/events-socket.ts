import { API, type PageFrame, SESSION_ENDED, type ServerFrame } from '../../../src/web/wire.ts';

type Options = {
  readonly repo: string;
  /** The number of the last event that is known; undefined: the events from now on. */
  readonly since: () => number;
  readonly onFrame: (frame: ServerFrame) => void;
  /** The connection is there, or gone. */
  readonly onLink: (isOpen: boolean) => void;
  /** The server knows the session no more. */
  readonly onEnded: () => void;
};

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8000;
/** A connection over which nothing came for so long is asked whether it is still there. */
const SILENCE_MS = 20_000;
const ANSWER_MS = 8000;

const addressOf = (repo: string, since: number): string => {
  const { protocol, host } = window.location;
  const query = new URLSearchParams({ repo, since: String(since) });
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}${API}/events?${query}`;
};

const frameIn = (data: unknown): ServerFrame | undefined => {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data) as ServerFrame;
  } catch {
    return undefined;
  }
};

/**
 * The connection over which changes come. One that is lost is opened again, later and later, and at once when the
 * machine has a network again or somebody looks at the page.
 */
export const openEventsSocket = ({ repo, since, onFrame, onLink, onEnded }: Options) => {
  let socket: WebSocket | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let watch: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const send = (frame: PageFrame): void => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  };
  /** Laptops sleep, and phones change networks: a connection may be gone without a word. */
  const expectWord = (patience: number): void => {
    clearTimeout(watch);
    watch = setTimeout(() => {
      if (patience === ANSWER_MS) return socket?.close();
      send({ kind: 'ping' });
      expectWord(ANSWER_MS);
    }, patience);
  };
  const lose = (): void => {
    clearTimeout(watch);
    socket = undefined;
    onLink(false);
    if (closed) return;
    clearTimeout(retry);
    retry = setTimeout(open, pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  };
  const open = (): void => {
    clearTimeout(retry);
    if (closed || socket) return;
    const next = new WebSocket(addressOf(repo, since()));
    socket = next;
    next.onopen = () => {
      pauseMs = FIRST_PAUSE_MS;
      onLink(true);
      expectWord(SILENCE_MS);
    };
    next.onmessage = ({ data }) => {
      expectWord(SILENCE_MS);
      const frame = frameIn(data);
      if (frame) onFrame(frame);
    };
    next.onclose = ({ code }) => {
      if (socket !== next) return;
      if (code === SESSION_ENDED) {
        closed = true;
        onEnded();
      }
      lose();
    };
  };
  const openNow = (): void => {
    if (!document.hidden) open();
  };
  window.addEventListener('online', openNow);
  document.addEventListener('visibilitychange', openNow);
  open();
  return {
    send,
    close: (): void => {
      closed = true;
      clearTimeout(retry);
      clearTimeout(watch);
      window.removeEventListener('online', openNow);
      document.removeEventListener('visibilitychange', openNow);
      socket?.close();
    },
  };
};

export type EventsSocket = ReturnType<typeof openEventsSocket>;
