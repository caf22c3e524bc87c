import type { Reply, ScreenSink, SwarmClient } from '../ports/swarm.ts';
import type { Size } from './compositor/canvas.ts';
import type { Output } from './compositor/output.ts';
import type { KeySource } from './input/keyboard.ts';

/** What can be said of a command before it is run. */
export type Hint =
  | { readonly kind: 'ok'; readonly says: string }
  | { readonly kind: 'incomplete'; readonly expects: readonly string[] }
  | { readonly kind: 'error'; readonly message: string; readonly suggestion?: string };

/** A program with its whole environment. */
export type Program = { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> };

/** The terminal that the view is drawn on, and the process it lives in. */
export type TuiIo = {
  readonly keys: KeySource;
  readonly output: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  size(): Size;
  /** Returns the way to stop. */
  onResize(listener: () => void): () => void;
  /** Runs a program on the terminal itself and resolves with its exit code when it has ended. */
  handOver(program: Program): Promise<number>;
  /** Stops this process until the shell lets it go on. */
  stop(): void;
  /** Where signals and crashes of the process are heard. */
  readonly host: NodeJS.EventEmitter;
};

export type TuiOptions = {
  readonly client: SwarmClient;
  /** The repository's name, as the header shows it. */
  readonly repository: string;
  readonly follow: (instanceId: string, sink: ScreenSink) => { close(): void };
  /** What gets the terminal because of a command: the way to the session that it attaches to. Null for all others. */
  readonly guest: (command: string, reply: Reply) => Program | null;
  readonly hint: (text: string) => Hint;
  /** The words that may stand in place of the last one of the text; all that may come next when it ends in a blank. */
  readonly complete: (text: string) => readonly string[];
  /** Commands of earlier times, the latest last; by default those that the swarm remembers. */
  readonly history?: readonly string[];
  readonly io: TuiIo;
  /** Good news that comes later and stays on the screen until the next key. */
  readonly notice?: Promise<string>;
  /** What is said after leaving; by default that the agents go on. */
  readonly farewell?: string;
  readonly now?: () => number;
};
