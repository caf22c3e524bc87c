import type { Request } from '../state/instances.ts';
import type { LaunchMode } from '../state/modes.ts';
import type { ToolUse } from '../state/permissions.ts';
import type { FailureClass } from '../state/tasks.ts';
import type { LoginRule } from './login.ts';
import type { Osc, OscState } from './osc.ts';
import type { UsageLog } from './usage-log.ts';

/**
 * The use of a tool that an agent wants to be allowed; `questions` are those of a tool that asks a person some, `input` is
 * what has to be handed back with a yes.
 */
export type Asked = ToolUse & {
  readonly helper: string | null;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly questions?: readonly Readonly<Record<string, unknown>>[];
};

/** The use of a tool that a hook tells of. */
export type Use = ToolUse & {
  /** The helper of the agent that uses the tool; null: the agent itself. */
  readonly helper: string | null;
  /** Whether the tool was used already. */
  readonly done: boolean;
};

/** What an agent lets us know, in our words. */
export type Signal =
  /** The agent takes prompts; with `early` its box is still to come, and takes them then. */
  | { readonly kind: 'ready'; readonly conversation?: string; readonly early?: boolean }
  /** The agent is at work; with `background` its turn is over, and what still runs will give it a further one. */
  | { readonly kind: 'working'; readonly note?: string; readonly background?: boolean; readonly use?: Use }
  /** The agent is at work and has written this file: an absolute path, or one relative to its worktree. */
  | { readonly kind: 'touched'; readonly path: string; readonly note: string; readonly use?: Use }
  /** The agent waits for a person, who answers best in its terminal with `attach`; `asks` is what it wants to be allowed. */
  | { readonly kind: 'waiting'; readonly question: string; readonly attach?: boolean; readonly asks?: Asked }
  /** A limit of the agent's account is used up; `resets` are its own words for when that ends, if it said any. */
  | { readonly kind: 'limited'; readonly message: string; readonly resets: string | null }
  /** The agent takes prompts and does nothing; whether its turn ended by itself or was interrupted is not told. */
  | { readonly kind: 'rests' }
  /** The agent ended its turn. While it has a task this is its claim to have done that. */
  | { readonly kind: 'finished'; readonly summary?: string }
  | { readonly kind: 'progress'; readonly percent: number; readonly note: string | null }
  /** The agent's turn ended badly. With `ifAsking` it ends its turn when it is refused something, and then asks this. */
  | { readonly kind: 'failed'; readonly class: FailureClass; readonly message: string; readonly ifAsking?: string }
  | { readonly kind: 'exiting' };

/** What a running program says of itself in the register of its agent. */
export type RegisterEntry = {
  readonly conversation: string;
  readonly pid: number;
  /** tmux's id of the pane that the program runs in, as far as it says so. */
  readonly pane: string | null;
  /** When the signal began to be true, in milliseconds since 1970. */
  readonly at: number;
  readonly signal: Signal;
  /** Whether hooks tell of the signal as well, in more words, but a moment later. */
  readonly hooked?: boolean;
};

/** A folder in which each running program of an agent keeps a file with what it does. The files lag behind the hooks. */
export type Register = {
  /** The folder of the files, by the environment that the agent is started with. */
  readonly folder: (env: Readonly<Record<string, string | undefined>>) => string;
  /** The names of the files. */
  readonly file: RegExp;
  /** What a file says; undefined when it is not whole, or says nothing that we understand. */
  readonly read: (text: string) => RegisterEntry | undefined;
};

/** A signal with the time at which it began to be true, in milliseconds since 1970. */
export type Told = { readonly at: number; readonly signal: Signal };

/** Reads the record of one start of a program, from its first line on. */
export type RecordReader = {
  /** What new lines let us know, in order; a request that was over within them is none. */
  take(lines: readonly string[]): readonly Told[];
  /** The ids of the requests that wait for an answer, the oldest first. */
  open(): readonly string[];
  /** Whether a turn goes on. */
  isAtWork(): boolean;
  /** Whether the agent has said and done nothing since its last prompt. */
  isSilent(): boolean;
};

/** A record that a program keeps of what it does: sooner and surer than its hooks and its screen, which go by it while it grows. */
export type AgentRecord = { readonly reader: (conversation: string | null) => RecordReader };

/** A file that was found for a launch, by its absolute path. */
export type FoundFile = { readonly path: string; readonly content: string };

/** What an adapter is told of the start that it makes a command of. */
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
  /** Absolute path of the program that hands hook messages to the daemon; their JSON comes on its stdin. */
  readonly hook: string;
  /** Conversation to go on with; undefined starts a new one. */
  readonly resume?: string | undefined;
  /** Set when the brief is given at the start (adapters with `prompt: 'argument'`). */
  readonly prompt?: string | undefined;
  /** Absolute path of the brief that `prompt` speaks of. */
  readonly brief?: string | undefined;
  /** The run profile to start the agent in; without one it starts as the person's own configuration says. */
  readonly mode?: LaunchMode | undefined;
  /** Rules for what the agent may not do, in the words of Claude Code, for agents that keep to rules by themselves. */
  readonly denied?: readonly string[];
  /** Absolute path of the file in which a program of this start may keep its record; see `AgentRecord`. */
  readonly record: string;
  /** A folder for what is derived from files of the person or the repository; it goes with the instance. */
  readonly derived: string;
  /** The files that the adapter's `derivesFrom` stands for. */
  readonly found?: readonly FoundFile[];
  /** A fresh UUID, for agents that let us choose the id of a new conversation; never used twice. */
  readonly uuid: string;
  /** The SHA-256 of a text in hexadecimal digits. */
  readonly sha256: (text: string) => string;
  /** Absolute paths of the Node program that runs Drover and of the rehearsal agent's entry. */
  readonly node: string;
  readonly rehearsal: string;
};

/** The command that starts an agent, and what has to be there for it. */
export type Launch = {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Files to be there before it starts, by absolute path. */
  readonly files: readonly FoundFile[];
  /** The id of the conversation when it is known before the start. */
  readonly conversation?: string | undefined;
};

/**
 * How a question is answered: keys by tmux's names, where `text:` types the rest of the word and `wait:` waits so many
 * milliseconds; and what it is told afterwards, because the answer alone would leave it without anything to do.
 */
export type Reply = { readonly keys: readonly string[]; readonly afterwards?: string };

/** What an agent waits with, as far as it is known. */
export type Asking = { readonly question: string; readonly requests: readonly Request[] };

/**
 * What comes next in a dialog: keys that only move its mark, or keys that decide, which are pressed when two looks in a row
 * have shown the same. `on` is the row that they take. `unclear`: no key is sure to mean the answer.
 */
export type AnswerStep =
  | { readonly kind: 'move'; readonly key: string }
  | { readonly kind: 'decide'; readonly on: string; readonly keys: readonly string[]; readonly afterwards?: string }
  | { readonly kind: 'unclear'; readonly why: string };

/** The environment that an agent is started with. */
type Env = Readonly<Record<string, string | undefined>>;

/** What a program greets with, or asks, before it takes the first prompt of a person in a repository. */
export type FirstQuestion = 'greeting' | 'trust';

/** How it is known, before a start, that the program will ask something first. */
export type FirstStart = {
  /** The file of JSON in which the program remembers what was answered. */
  readonly file: (env: Env) => string;
  readonly asks: (
    content: unknown,
    of: { readonly root: string | undefined; readonly env: Env },
  ) => FirstQuestion | undefined;
};

/** What an agent that is shut in gets of its person's files in a home of its own, once. */
type BroughtIn = {
  readonly from: string;
  /** The folder below the home that they come into; empty for the home itself. */
  readonly into: string;
  /** Paths below both, of files and of folders with all that is in them. */
  readonly copies: readonly string[];
};

/** Everything that is specific to one coding agent. An adapter is pure: it is given text and values and returns them. */
export type AgentAdapter = {
  readonly agent: string;
  readonly title: string;
  /** Its program only pretends to work: nothing that it does is the work of a task. */
  readonly pretends?: true;
  /** The name or path of the agent's program; a name is looked up in PATH. */
  readonly program: string;
  readonly versionArgs: readonly string[];
  readonly install: string;
  /** Variables of Drover's environment that the agent may see beside the common ones. */
  readonly passEnv: readonly string[];
  /** Hosts that the agent's program needs for its model and its login, as entries of `sandbox.hosts`. */
  readonly hosts?: readonly string[];
  /** Those that it needs beside them with the variables that it sees: another address of its model, or another service. */
  readonly hostsFor?: (env: Env) => readonly string[];
  /** How the agent's program keeps its login; undefined when that is not known. */
  readonly login?: LoginRule | undefined;
  /** The files that it needs of its person in a home of its own; undefined: none, or nobody knows which. */
  readonly broughtIn?: (env: Env) => readonly BroughtIn[];
  /** What the agent's program asks at its first start; undefined when that is not known. */
  readonly firstStart?: FirstStart;
  /** How a task's prompt reaches the agent: typed into the running program, or as an argument of a new start. */
  readonly prompt: 'typed' | 'argument';
  /**
   * Whether the agent tells through hooks when it takes prompts, works and ends. Otherwise it is taken to be ready as
   * soon as it runs, and its exit, output and screen are what is known of it.
   */
  readonly hooks: boolean;
  /**
   * Whether seconds may lie between a prompt that was sent off and the turn that it begins, which a hook tells of: until
   * then the agent is idle. Any other is taken to be at work as soon as it has its brief.
   */
  readonly beginsLater?: true;
  /** Whether an agent without hooks is starting until its screen shows that it takes prompts. */
  readonly startsOnScreen?: boolean;
  readonly launch: (options: LaunchOptions) => Launch;
  /** The arguments that a run profile, or its absence, adds to the launch. */
  readonly flags: (mode: LaunchMode | undefined) => readonly string[];
  /** The variable without which the program refuses to start in a profile as root; undefined: it starts without any. */
  readonly rootNeeds?: (mode: LaunchMode | undefined) => string | undefined;
  /** The one line that makes the agent do a task whose brief lies in that file. */
  readonly promptFor: (task: { readonly id: string; readonly title: string }, briefFile: string) => string;
  /** A line as the agent takes it for words only, and not for a command of its own. */
  readonly asWords?: (line: string) => string;
  /** What a message of the agent's hooks means; undefined: nothing for Drover. */
  readonly readHook: (body: unknown) => Signal | undefined;
  /** What the agent's screen says of what no hook tells. */
  readonly readScreen?: (screen: string) => Signal | undefined;
  /** What the agent tells its terminal of itself, in sequences that nobody sees. */
  readonly readOsc?: (osc: Osc) => OscState | undefined;
  /** The files in which the agent's programs say what they do, for what no hook tells. */
  readonly register?: Register;
  /** The record that the program is made to keep, in the file that its launch names. */
  readonly record?: AgentRecord;
  /** Absolute paths, with `*` for any letters of a name, of files that the launch is derived from. */
  readonly derivesFrom?: (of: {
    readonly worktree: string;
    readonly env: Readonly<Record<string, string | undefined>>;
  }) => readonly string[];
  /** Where the agent writes down what it uses; without a log it tells that by a hook, or not at all. */
  readonly usageLog?: UsageLog;
  /** What keeps the agent from taking a prompt: a dialog of its start, or that it is not logged in. */
  readonly readDialog?: (screen: string) => Signal | undefined;
  /** The agent's words for a call to its model that failed and that it tries again by itself. */
  readonly readRetry?: (screen: string) => string | undefined;
  /** Whether the screen says that the agent goes on by itself when the limit of its account ends. */
  readonly readGoesOn?: (screen: string) => boolean;
  /** The keys that answer the question that the agent waits with; `yes` and `no` mean what a person means by them. */
  readonly reply: (question: string, answer: string) => Reply;
  /** The next step of an answer, by what the screen shows now; undefined while no dialog is seen. Instead of `reply`. */
  readonly answerStep?: (screen: string, asking: Asking, answer: string) => AnswerStep | undefined;
  /** The line that answers the hook that waits for an answer; undefined: the answer has to be given by keys. */
  readonly replyToHook?: (request: Request, answer: string) => string | undefined;
  /** Whether a dialog that waits for an answer stands on the screen. */
  readonly readAsking?: (screen: string) => boolean;
  /** Whether the dialog on the screen is about this request; undefined where it does not tell, or none is seen. */
  readonly showsRequest?: (screen: string, request: Request) => boolean | undefined;
  /** What the agent does after a dialog was answered in its terminal; undefined while one stands there, or that is not seen. */
  readonly readAnswered?: (screen: string) => 'works' | 'rests' | undefined;
  /** What was typed into the agent's input box: empty when the box is, undefined when the screen shows none. */
  readonly readBox?: (screen: string) => string | undefined;
  /** The same of a program without a box, as far as it can be told: undefined when nothing is typed at its prompt. */
  readonly readTyped?: (screen: string) => string | undefined;
  /** The key that empties the input box; only where `readBox` tells what was typed from what an empty box shows. */
  readonly clearKey?: string;
  /** Keys that make the agent give up what it does, and those that make it leave: tmux names, `text:` and `wait:` as in a reply. */
  readonly interruptKeys: readonly string[];
  readonly quitKeys: readonly string[];
};
