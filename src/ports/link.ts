import type { Paths } from '../lib/paths.ts';

/** The program at the other end of a link, as the system tells it: what the program says of itself plays no part. */
export type Peer = {
  /** Its process when it connected, by the number it has where we are. */
  readonly pid: number;
  /** Whose it is; null where the system does not say. */
  readonly uid: number | null;
  /** Whether that very process still runs: a number may belong to another one by now. */
  isThere(): boolean;
};

/**
 * A conversation of two programs: frames in both directions, each direction in order. A frame is text without a line
 * feed. Nothing is read before somebody listens by `onFrame`, so `ended` and `closed` may be late until then.
 */
export type Link = {
  /** Who connected, at the end that listens; null at the end that connects, and where the system does not say. */
  readonly peer: Peer | null;
  /**
   * Hands a frame over. False when the other side reads more slowly than we send: what is sent nevertheless waits in
   * our memory. On a link that is closed or ended nothing happens.
   */
  send(frame: string): boolean;
  /** Resolves when nothing waits in our memory any more, or the link is closed. */
  drained(): Promise<void>;
  /** Bytes that were sent and wait in our memory. */
  readonly waitingBytes: number;
  /** Calls the listener with each frame, also with those that have come already; a second listener replaces the first. */
  onFrame(listener: (frame: string) => void): void;
  /** Reads no more until `resume`: the other side has to wait then. A few frames that were read already still come. */
  pause(): void;
  resume(): void;
  /** Resolves when the other side says no more, with what stood behind its last whole frame. */
  readonly ended: Promise<string>;
  /** Resolves when neither side can say anything any more. */
  readonly closed: Promise<void>;
  readonly isClosed: boolean;
  /** Says no more: what was sent still arrives, and what the other side says still comes. */
  end(): void;
  /** Breaks off both directions at once; what waits in our memory is lost. */
  close(): void;
};

/** Where links are accepted. Closing frees the address and lets the links that there are live on. */
export type Listener = {
  close(): Promise<void>;
  /** Whether clients still find it at its address: somebody may have removed that, or put another one there. */
  isInPlace(): boolean;
};

/** A way in which programs reach each other. */
export type LinkTransport = {
  /** Its name in commands. */
  readonly scheme: string;
  /** What it is in two or three words, to stand before an address. */
  readonly title: string;
  /** What it is, for people. */
  readonly summary: string;
  /** Where the daemon of a repository listens; null where each link has a program of its own that is started for it. */
  addressIn(paths: Paths): string | null;
  /** Rejects with `link/nobody-listens`, `link/not-allowed`, the signal's reason, or the system's error. */
  connect(address: string, signal?: AbortSignal): Promise<Link>;
  /** Rejects with `link/address-taken` when somebody answers at the address. */
  listen(address: string, accept: (link: Link) => void): Promise<Listener>;
};

/** A transport with the address where clients of a repository come by it; null where it is not in use. */
export type Door = { readonly transport: LinkTransport; readonly address: string | null };
