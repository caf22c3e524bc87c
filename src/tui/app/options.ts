import type { MaySay } from '../../attention/attention.ts';
import type { Surroundings } from '../../attention/step.ts';
import type { AppError } from '../../lib/errors.ts';
import type { Reply, ScreenSink, SwarmClient } from '../../ports/swarm.ts';
import type { Size } from '../compositor/canvas.ts';
import type { Output } from '../compositor/output.ts';
import type { InputEvent } from '../input/decoder.ts';
import type { KeySource } from '../input/keyboard.ts';
import type { Arrangement } from '../panes/arrangement.ts';
import type { Candidate, Hint } from '../../ports/hint.ts';
import type { ReviewTool } from '../review/review-tool.ts';
import type { Looks } from '../theme/looks.ts';

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
  /** Tells the program that has the terminal to give it back. Harmless when there is none. */
  endGuest(): void;
  /** Stops this process until the shell lets it go on. */
  stop(): void;
  /** Where signals and crashes of the process are heard. */
  readonly host: NodeJS.EventEmitter;
};

export type TerminalSize = { readonly cols: number; readonly rows: number };

/** An agent's terminal while a person types into it. */
export type AgentTerminal = {
  /** What cannot be had here, and what is done instead, for the person who types. */
  readonly lacks?: string;
  /** Hands on what was typed, in order. */
  type(events: readonly InputEvent[]): void;
  resize(size: TerminalSize): void;
  /** Leaves it; resolves when the agent's window is as it was. */
  close(): Promise<void>;
};

export type AgentTerminalEvents = {
  /**
   * Hands over what the agent's terminal shows, for an emulator of the size that was said; `drawn` is to be called when
   * the emulator has taken it. Never called where only the log shows what the agent does.
   */
  readonly onData: (text: string, drawn: () => void) => void;
  /**
   * The agent's terminal reads no keys any more; the reason is null where the person left it by the terminal's own
   * keys.
   */
  readonly onEnd: (reason: string | null) => void;
};

/** What one person likes of the view of one repository. */
export type Preferences = { readonly arrangement: Arrangement; readonly mouse: boolean };

/** What is said to somebody who looks at another window: a title, and a sign for what is new. */
export type HeraldWishes = { readonly title: boolean; readonly bell: 'off' | 'bell' | 'notify' };

/** What a guide says stands above everything else; who follows it hears when that changes, and the guide can end the view. */
export type Guide = {
  readonly caption: string;
  readonly subscribe: (listener: () => void) => () => void;
  readonly left: Promise<void>;
};

export type TuiOptions = {
  readonly client: SwarmClient;
  /** Gives whether whoever sits here may say a line, as far as that is known now; what they may not is not offered. */
  readonly maySay?: () => MaySay;
  /** Gives why whoever sits here may only look, and how they would do more, as long as that is so. */
  readonly onlyLooks?: () => string | undefined;
  /** Asks a command for what a view shows, without a word in the history; by default it is run like any other. */
  readonly ask?: (text: string) => Promise<Reply>;
  /** The repository's name, as the header shows it. */
  readonly repository: string;
  /** Tells what an agent prints; `ended` resolves with what made that impossible, and with null after `close`. */
  readonly follow: (instanceId: string, sink: ScreenSink) => { close(): void; readonly ended?: Promise<unknown> };
  /**
   * The program that gets the terminal after an attach command: the client of the session. Null for all other commands.
   */
  readonly guest: (command: string, reply: Reply) => Program | null;
  /** Opens the terminal of the agent that the answer to an attach command names, to type there. */
  readonly openAgentTerminal?: (
    place: Reply,
    size: TerminalSize,
    events: AgentTerminalEvents,
  ) => Promise<AgentTerminal>;
  /** The latest of what an agent printed, from its log. */
  readonly printed?: (instanceId: string) => AsyncIterable<Uint8Array>;
  /** How the screen was left the last time; `onPreferences` hears how it is left now. */
  readonly preferences?: Preferences;
  readonly onPreferences?: (preferences: Preferences) => void;
  /** The program by which a person looks at work with tools of their own. */
  readonly tool?: (tool: ReviewTool) => Program;
  /** The task whose work is looked at first. */
  readonly review?: string;
  readonly hint: (text: string) => Hint;
  /** The words that may stand in place of the last one of the text; all that may come next when it ends in a blank. */
  readonly complete: (text: string) => readonly Candidate[];
  /** Commands of earlier times, the latest last; by default those that the swarm remembers. */
  readonly history?: readonly string[];
  /** Writes down what was entered, for later times. */
  readonly remember?: (text: string) => void;
  readonly io: TuiIo;
  /** What is known of the place that the swarm works in; null before anybody has looked. */
  readonly surroundings?: () => Surroundings | null;
  /** Good news that comes later and stays on the screen until the next key. */
  readonly notice?: Promise<string>;
  /** Somebody who shows the swarm to whoever sits at the screen. */
  readonly guide?: Guide;
  /** How somebody who does not look at the screen hears of what is new; by default not at all. */
  readonly heralds?: () => HeraldWishes;
  /** What is said after leaving; by default that the agents go on. */
  readonly farewell?: string;
  /** How the screen is drawn; by default as the environment suggests. */
  readonly looks?: Looks;
  /**
   * Tells of other looks for the screen, and of what keeps the wanted ones from being used. Returns the way to stop.
   */
  readonly onLooks?: (
    listener: (found: { readonly looks: Looks; readonly trouble: AppError | null }) => void,
  ) => () => void;
  readonly now?: () => number;
};
