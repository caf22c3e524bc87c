import type { ExitCode } from '../lib/errors.ts';
import type { State } from '../state/index.ts';

/** What a command would destroy, asked before it does. `token` repeats the command as confirmed. */
export type Confirmation = {
  readonly targets: readonly string[];
  readonly loses: string;
  readonly token: string;
  /** ISO 8601; the token is worth nothing afterwards. */
  readonly expires: string;
};

/** The daemon's answer to a command. `text` is what a terminal shows, tables included; `message` is one sentence. */
export type Reply = {
  readonly exit: 0 | ExitCode;
  readonly message: string;
  readonly hint: string | null;
  readonly text: string;
  readonly data: unknown;
  readonly sideEffects: readonly string[];
  readonly elapsedMs: number;
  readonly correlation: string;
  readonly confirm: Confirmation | null;
};

/** A swarm as a client sees it: a replica of its state that follows by itself, and a way to say commands. */
export type SwarmClient = {
  /** The latest known state; it stays readable while the connection is gone. */
  readonly state: State;
  readonly connected: boolean;
  /** Since when the daemon answers nothing although it is connected, in milliseconds since 1970; null while it does. */
  readonly silentSince: number | null;
  /** Called after each change of `state`, `connected` or `silentSince`. Returns the way to stop. */
  subscribe(listener: () => void): () => void;
  run(text: string, options?: { confirm?: string }): Promise<Reply>;
};

/** Where the bytes of an instance's terminal go: first a reset, then all that was printed since, in order. */
export type ScreenSink = {
  reset(screen: { cols: number; rows: number; text: string }): void;
  /** Where it takes its time nothing more comes before it is done. */
  data(bytes: Uint8Array): void | Promise<void>;
};
