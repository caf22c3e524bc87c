import type { Request } from '../state/instances.ts';
import type { LaunchMode } from '../state/modes.ts';
import type { ToolUse } from '../state/permissions.ts';
import type { FailureClass } from '../state/tasks.ts';
import type { LoginRule } from './login.ts';
import type { Osc, OscState } from './osc.ts';
import type { UsageLog } from './usage-log.ts';

/** What it wants to be allowed, or to know when its tool is one that asks `questions`. */
export type Asked = ToolUse & {
  readonly helper: string | null;
  readonly questions?: readonly Readonly<Record<string, unknown>>[];
};

/** The use of a tool that a hook tells of. */
export type Use = ToolUse & {
  /** The helper of the agent that uses it; null: the agent itself. */
  readonly helper: string | null;
  /** Whether it was used already. */
  readonly done: boolean;
};

/** What an agent lets us know, in our words. */
export type Signal =
  /** It takes prompts; with `early` its box is still to come, and then it does. */
  | { readonly kind: 'ready'; readonly conversation?: string; readonly early?: boolean }
  /** It is at work; with `background` its turn is over, and what still runs will give it a further one. */
  | { readonly kind: 'working'; readonly note?: string; readonly background?: boolean; readonly use?: Use }
  /** It is at work and has written this file: an absolute path, or one relative to its worktree. */
  | { readonly kind: 'touched'; readonly path: string; readonly note: string; readonly use?: Use }
  /** It waits for a person. With `attach` that is done best in its terminal; `asks` is what it wants to be allowed. */
  | { readonly kind: 'waiting'; readonly question: string; readonly attach?: boolean; readonly asks?: Asked }
  /** A limit of its account is used up; `resets` are its own words for when that ends, if it said any. */
  | { readonly kind: 'limited'; readonly message: string; readonly resets: string | null }
  /** It takes prompts and does nothing; whether its turn ended by itself or was interrupted it does not say. */
  | { readonly kind: 'rests' }
  /** It ended its turn. While it has a task this is its claim to have done it. */
  | { readonly kind: 'finished'; readonly summary?: string }
  | { readonly kind: 'progress'; readonly percent: number; readonly note: string | null }
  /** Its turn ended badly. With `ifAsking` it gives up its turn when it is refused something: it then asks this. */
  | { readonly kind: 'failed'; readonly class: FailureClass; readonly message: string; readonly ifAsking?: string }
  | { readonly kind: 'exiting' };

/** What a program says of itself in the register of its agent. */
export type RegisterEntry = {
  readonly conversation: string;
  readonly pid: number;
  /** tmux's id of the pane that it runs in, as far as it says so. */
  readonly pane: string | null;
  /** When it began to be so, in milliseconds since 1970. */
  readonly at: number;
  readonly signal: Signal;
  /** Hooks tell of this as well, in more words, but a moment later. */
  readonly hooked?: boolean;
};

/** A folder in which each running program of an agent keeps a file with what it does. It lags behind the hooks. */
export type Register = {
  /** The folder, by the environment that the agent is started with. */
  readonly folder: (env: Readonly<Record<string, string | undefined>>) => string;
  /** The names of its files. */
  readonly file: RegExp;
  /** What a file says; undefined when it is not whole, or says nothing that we understand. */
  readonly read: (text: string) => RegisterEntry | undefined;
};

export type LaunchOptions = {
  readonly instance: string;
  readonly worktree: string;
  /** A folder of this instance's own, for files the agent needs; outside of the repository's work tree. */
  readonly home: string;
  /**
   * Folders of git, outside of the worktree, that a commit in it writes to; they are there. For agents that are kept
   * from writing anywhere else: the repository's hooks and settings are not among them.
   */
  readonly gitFolders: readonly string[];
  /** Absolute path of the program that hands hook messages to the daemon; it reads the JSON on stdin. */
  readonly hook: string;
  /** Conversation to go on with; undefined starts a new one. */
  readonly resume?: string | undefined;
  /** Set when the brief is given at the start (adapters with `prompt: 'argument'`). */
  readonly prompt?: string | undefined;
  /** Absolute path of the brief that `prompt` speaks of. */
  readonly brief?: string | undefined;
  /** The run profile to start it in; without one it starts as the person's own configuration of it says. */
  readonly mode?: LaunchMode | undefined;
  /** Rules for what it may not do, in the words of Claude Code, for agents that keep to them by themselves. */
  readonly denied?: readonly string[];
  /** A fresh UUID, for agents that let us choose the id of a new conversation; never used twice. */
  readonly uuid: string;
  /** The SHA-256 of a text in hexadecimal digits. */
  readonly sha256: (text: string) => string;
  /** Absolute paths of the Node program that runs Drover and of the rehearsal agent's entry. */
  readonly node: string;
  readonly rehearsal: string;
};

export type Launch = {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Files to be there before it starts, by absolute path. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
  /** The id of the conversation when it is known before the start. */
  readonly conversation?: string | undefined;
};

/**
 * How a question is answered: keys by tmux's names, where `text:` types the rest of the word and `wait:` waits so many
 * milliseconds; and what it is told afterwards, because the answer alone would leave it without anything to do.
 */
export type Reply = { readonly keys: readonly string[]; readonly afterwards?: string };

/** Everything that is specific to one coding agent. Pure: it is given text and values and returns them. */
export type AgentAdapter = {
  readonly agent: string;
  readonly title: string;
  /** How the program is called, for `agents list`; looked up in PATH. */
  readonly program: string;
  readonly versionArgs: readonly string[];
  readonly install: string;
  /** Variables of our environment that it may see beside the common ones. */
  readonly passEnv: readonly string[];
  /** How its program keeps its login; undefined when that is not known. */
  readonly login?: LoginRule | undefined;
  /** How a task's prompt reaches it: typed into the running program, or as an argument of a new start. */
  readonly prompt: 'typed' | 'argument';
  /**
   * Whether it tells by itself, through hooks, when it takes prompts, works and ends. Otherwise it is taken to be
   * ready as soon as it runs, and its exit, output and screen are what is known of it.
   */
  readonly hooks: boolean;
  /** Without hooks: that it takes prompts is read from its screen, and until then it is starting. */
  readonly startsOnScreen?: boolean;
  readonly launch: (options: LaunchOptions) => Launch;
  /** The arguments that a run profile, or its absence, adds to that. */
  readonly flags: (mode: LaunchMode | undefined) => readonly string[];
  /** A variable without which its program refuses to be started in that profile as root; undefined: it does not mind. */
  readonly rootNeeds?: (mode: LaunchMode | undefined) => string | undefined;
  /** The one line that makes it do a task whose brief lies in that file. */
  readonly promptFor: (task: { readonly id: string; readonly title: string }, briefFile: string) => string;
  /** A line of words that it would take for something else, such as a command of its own, made safe. */
  readonly asWords?: (line: string) => string;
  /** What a message of its hooks means; undefined: nothing for us. */
  readonly readHook: (body: unknown) => Signal | undefined;
  /** What its screen says of what it cannot tell by itself. */
  readonly readScreen?: (screen: string) => Signal | undefined;
  /** What it tells its terminal of itself, in sequences that nobody sees. */
  readonly readOsc?: (osc: Osc) => OscState | undefined;
  /** The file in which it says itself what it does, for what no hook tells. */
  readonly register?: Register;
  /** Where it writes down what it uses; without it, it tells that by itself, or not at all. */
  readonly usageLog?: UsageLog;
  /** Who stands in its way before it takes a prompt: a dialog of its start, or that it is not logged in. */
  readonly readDialog?: (screen: string) => Signal | undefined;
  /** Its words for a call to its model that failed and that it tries again by itself. */
  readonly readRetry?: (screen: string) => string | undefined;
  /** Whether its screen says that it goes on by itself when the limit of its account ends. */
  readonly readGoesOn?: (screen: string) => boolean;
  /** What gives this answer to the question that it waits with; `yes` and `no` mean what a person means by them. */
  readonly reply: (question: string, answer: string) => Reply;
  /** The line that gives this answer to its hook that waits for one; undefined: it has to be given by keys. */
  readonly replyToHook?: (request: Request, answer: string) => string | undefined;
  /** Whether a dialog that waits for an answer stands on its screen. */
  readonly readAsking?: (screen: string) => boolean;
  /** What it does after a dialog was answered in its terminal; undefined while one stands there, or that is not seen. */
  readonly readAnswered?: (screen: string) => 'works' | 'rests' | undefined;
  /** What was typed into its input box: empty when it is empty, undefined when its screen shows none. */
  readonly readBox?: (screen: string) => string | undefined;
  /** The key that empties its box; only where `readBox` tells what was typed from what the program shows in an empty one. */
  readonly clearKey?: string;
  /** Keys that make it give up what it does, and those that make it leave. tmux names, and `text:` and `wait:` as in a reply. */
  readonly interruptKeys: readonly string[];
  readonly quitKeys: readonly string[];
};
