import type { z } from 'zod';
import type { FirstQuestion } from '../agents/adapter.ts';
import type { ExitCode } from '../lib/errors.ts';
import type { Mutex } from '../lib/mutex.ts';
import type { Paths } from '../lib/paths.ts';
import type { AuditReader } from '../ports/audit.ts';
import type { History } from '../ports/history.ts';
import type { Git, Sparse, Store, Tmux } from '../ports/index.ts';
import type { FoundAgent, MachineSize, Radar, ResourceUse, Traffic } from '../ports/machine.ts';
import type { HealthReport } from '../ports/reflective.ts';
import type { Sharing } from '../ports/sharing.ts';
import type { Target, TimedLine } from '../ports/target.ts';
import type { Identity } from '../protocol/frame.ts';
import type { Signature } from '../protocol/signature.ts';
import type { Language } from '../protocol/vocabulary.ts';
import type { AppEvent, EventDraft, State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import type { Life } from '../state/lives.ts';
import type { Values, Withheld } from '../state/setting-layers.ts';
import type { SettingVersion } from '../state/setting-versions.ts';
import type { Settings } from '../state/settings.ts';
import type { SyncMethod, SyncResult } from '../state/sync.ts';
import type { AgentHarm } from '../text/failure-trial.ts';
import type { CommandDescription } from '../text/help/catalogue.ts';
import type { SettingSources } from '../text/setting-rows.ts';
import type { Drawing } from '../text/table.ts';
import type { Named } from './named.ts';
import { scopeWordsOf } from './scope-words.ts';
import { valueWordsOf } from './value-words.ts';

/** Whoever says a command: a person, or the agent of an instance, who may speak of that instance only. */
export type Actor = Identity & { readonly instance: string | null };

/** The actor of a command, and the place it is said from. */
type Speaker = {
  readonly actor: Actor;
  readonly correlation: string;
  /** When the person said it, in ISO 8601, by the clock of their machine; undefined where nobody tells. */
  readonly saidAt: string | undefined;
  /** The folder that relative paths start from. */
  readonly cwd: string;
  /** What was given on the standard input, where a command line asked for it. */
  readonly input?: string | undefined;
};

/** The state, and the only way to change it. */
export type Recording = {
  readonly store: Pick<Store, 'state' | 'events' | 'until'>;
  /**
   * Decides on the state as it stands at its turn and records the facts; resolves when they are durable. What the
   * function throws rejects, and nothing is recorded. A command that decides several things says by `which` facts each is
   * known: said again after the death of a daemon, it goes on behind those that were recorded.
   */
  readonly decide: (
    facts: (state: State) => readonly EventDraft[],
    which?: (event: AppEvent) => boolean,
  ) => Promise<readonly AppEvent[]>;
  /**
   * What this very request recorded before a daemon died that was carrying it out; empty for one that is said for the first
   * time. What is refused because of that was done by itself.
   */
  readonly earlier: readonly AppEvent[];
  /** Ends whatever waits when the daemon does. */
  readonly signal: AbortSignal;
};

/** The repository that the swarm works on. */
export type Repository = {
  readonly git: Git;
  readonly paths: Paths;
  /** The name of its folder. */
  readonly repository: string;
  /** The text of a file anywhere on the disk; null when there is no such file, or it is not text. */
  readonly readFile: (path: string) => Promise<string | null>;
  /** Why `readFile` finds no text at a path, as the end of a sentence. */
  readonly obstacle: (path: string) => Promise<string>;
  /** The paths, sorted, that an absolute pattern with `*` in its names stands for. */
  readonly matching: (pattern: string) => Promise<readonly string[]>;
  /** Writes a file that a person has named, and makes its folder where there is none. */
  readonly writeFile: (path: string, text: string) => Promise<void>;
};

/** The settings, and where they come from. */
type Configured = {
  /** The settings as they hold for this command: its own options over those of the files. */
  readonly settings: Settings;
  readonly configuration: Configuration;
  readonly settingHistory: SettingHistory;
  readonly trust: Trust;
};

/** What is known of a person's secrets, without their values. */
type SecretAccess = {
  readonly secrets: {
    list(): Promise<readonly { readonly name: string; readonly changed_at: string }[]>;
    has(name: string): Promise<boolean>;
    /** Whether there was one. */
    remove(name: string): Promise<boolean>;
  };
};

/** The agents in their sessions. */
export type AgentAccess = {
  readonly agents: {
    found(): Promise<readonly FoundAgent[]>;
    /** The agents whose programs are here, without those that only pretend to work. */
    workers(): Promise<readonly string[]>;
    /** Rejects unless the agent's program is there and starts in the mode. */
    assertStartable(agent: string, mode?: string | null): Promise<void>;
    /** Rejects where the disk is too full for one more worktree, or memory too short for one more agent. */
    assertRoom(): Promise<void>;
    /** What its program will ask before it takes its first prompt here, as far as that is known. */
    firstQuestion(agent: string): Promise<FirstQuestion | null>;
  };
  readonly tmux: Tmux;
  /** The machine on which new instances are launched. */
  readonly launchTarget: Pick<Target, 'host' | 'paths' | 'tmux'>;
  /**
   * Types a line into an agent and sends it off, and makes sure that it was sent; again after the death of a daemon that may
   * have typed it, wholly or by half, what is missing of that.
   */
  readonly typeLine: (instance: Instance, text: string, isAgain?: boolean) => Promise<void>;
  /** Whether this very request has typed something into an agent, or answered it, as far as its terminal remembers that. */
  readonly hasHeard: (instance: Instance) => Promise<boolean>;
  /** Gives an answer to what an instance waits with, and makes sure that it arrives. */
  readonly giveAnswer: (
    instance: Instance,
    answer: string,
  ) => Promise<{ confirmed: boolean; known?: boolean; untold?: boolean }>;
  /** Does harm to an agent on purpose. */
  readonly harmAgent: (instance: Instance, harm: AgentHarm) => Promise<void>;
  /** The brief that an instance was given for a task; null where it is not there any more. */
  readonly givenBrief: (instance: Instance, task: string) => Promise<string | null>;
  /** What an agent printed, as plain text. */
  readonly readLog: (instance: string, tailBytes?: number) => Promise<string>;
  /** The last of that line by line, each with the times between which it was printed. */
  readonly readTimedLog: (instance: string, tailBytes: number) => Promise<readonly TimedLine[]>;
};

/** A worktree of the swarm, by its name. */
type NamedFolder = { readonly name: string; readonly path: string };

/** What is brought up to date, with which commits, and how. */
export type SyncRequest = {
  /** The worktree by its name; null for a branch that no worktree has checked out. */
  readonly worktree: NamedFolder | null;
  /** The branch that is meant; null where none is checked out. */
  readonly branch: string | null;
  /** The commits that it is to contain. */
  readonly sources: readonly string[];
  readonly method: SyncMethod;
  /** Says what would be done, and does nothing. */
  readonly dryRun: boolean;
};

type RemovedWorktree = { readonly saved: string | null; readonly archive: string; readonly trashed: boolean };

/** A worktree that was removed and whose folder is still there. */
export type TrashedWorktree = {
  readonly id: string;
  readonly name: string;
  /** Where it was. */
  readonly path: string;
  readonly branch: string | null;
  readonly head: string;
  /** The ref that keeps its commit with all that was uncommitted. */
  readonly archive: string;
  /** What it had of its files; null for all of them. */
  readonly sparse: Sparse | null;
  readonly host: string;
  /** Where its folder lies now. */
  readonly folder: string;
  readonly removed_at: string;
};

/** Repositories of their own that a task has left in a worktree, and that lie in a folder beside it since the next one began. */
export type LeftRepositories = {
  /** The name of the folder: that of the worktree with letters of its own. */
  readonly name: string;
  readonly path: string;
  readonly host: string;
  readonly kept_at: string;
};

/** A ref that was changed past the guard, and what keeps where it was. */
export type LostRef = {
  readonly id: string;
  /** Its full name; `refs/stash@COMMIT` is one entry of the stash. */
  readonly ref: string;
  readonly from: string;
  /** Null when it was taken away. */
  readonly to: string | null;
  /** The ref that keeps the commit. */
  readonly kept: string;
  /** Whose git ran that did it; none when nobody is known. */
  readonly by: readonly string[];
  readonly at: string;
};

/** What the daemon does in worktrees for commands. */
export type WorktreeAccess = {
  /**
   * Gives a worktree what it is to have and runs the set-up there, again or, where it was made just now, for the first time;
   * resolves with its log.
   */
  readonly setUp: (
    worktree: NamedFolder,
    how?: { readonly isNew: boolean },
  ) => Promise<{ readonly log: string | null }>;
  /** The processes that are in a worktree, or below it. */
  readonly livingIn: (
    worktree: NamedFolder,
  ) => Promise<readonly { readonly pid: number; readonly argv: readonly string[] }[]>;
  /** How much of the disk a worktree takes, in bytes; null where that cannot be told. */
  readonly sizeOf: (worktree: NamedFolder) => Promise<number | null>;
  /**
   * Runs the teardown, archives what is there and takes the worktree away: into the trash unless it is for good. Whether it may
   * is asked before each of these.
   */
  readonly removeWorktree: (
    worktree: NamedFolder,
    how: { readonly forGood: boolean; readonly assertUnused: () => Promise<void> },
  ) => Promise<RemovedWorktree>;
  /** Ends a removal of which a daemon died when the folder was gone already; resolves with what is kept of the worktree. */
  readonly finishRemoval: (worktree: NamedFolder) => Promise<RemovedWorktree>;
  readonly trash: {
    /** How long a removed worktree is kept, in milliseconds; undefined when it is not kept. */
    time(): number | undefined;
    /** What is kept, the latest last. */
    list(): Promise<readonly TrashedWorktree[]>;
    /** Brings one back to where it was; resolves with its branch, where that is checked out there again. */
    restore(one: TrashedWorktree): Promise<string | null>;
    /** False when a process is in it, so that it stays. */
    delete(one: TrashedWorktree): Promise<boolean>;
  };
  readonly leftRepositories: {
    /** What is kept, the latest last. */
    list(): Promise<readonly LeftRepositories[]>;
    /** How much of the disk one takes, in bytes; null where that cannot be told. */
    sizeOf(one: LeftRepositories): Promise<number | null>;
    /** Deletes one for good; false when a process is in it, so that it stays. */
    delete(one: LeftRepositories): Promise<boolean>;
  };
  readonly lostRefs: {
    /** The latest last. */
    list(): Promise<readonly LostRef[]>;
    /** Puts one back; false when it has moved again since. */
    restore(one: LostRef): Promise<boolean>;
  };
  /** Brings a worktree, or a branch that no worktree has, up to date where that is safe, or says why it is not. */
  readonly syncWorktree: (request: SyncRequest) => Promise<SyncResult>;
  /** What reads the tip of the integration branch and then decides by it: nobody else moves the branch in between. */
  readonly atIntegration: Mutex;
};

/** The daemon itself, and what it measures. */
type DaemonAccess = {
  readonly version: string;
  /** How many processes the daemon has started. */
  readonly processesStarted: () => number;
  readonly traffic: () => Promise<Traffic>;
  /** When daemons of this repository lived and how each ended; the last one is this one. */
  readonly lives: () => readonly Life[];
  /** What the processes of the living agents take of the machine now; it is measured every two seconds. */
  readonly resources: () => readonly ResourceUse[];
  /** What is foreseen between worktrees now. */
  readonly radar: Radar;
  /** What the machine of the daemon has for everything that runs on it. */
  readonly machine: () => MachineSize;
  /** How all its parts are; it may take two seconds to find out. */
  readonly health: () => Promise<HealthReport>;
  readonly audit: AuditReader;
  readonly rehearse: (argv: readonly string[]) => Promise<unknown>;
  /**
   * Folds the journal, as far back as it is kept, once more and writes `db.json` anew; `trouble` says in words why that could
   * not be written, `from` is the event of the state that it goes on from.
   */
  readonly rebuildState: () => Promise<{
    readonly equal: boolean;
    readonly trouble: string | null;
    readonly from: number;
  }>;
  readonly history: History;
  /**
   * Ends the daemon after this command was answered, `again` to be started again by whoever watches over it; whether somebody
   * does.
   */
  readonly shutDown: (again?: boolean) => boolean;
};

/** The key and the clock that tell whether a question was confirmed. */
export type Confirming = {
  /** Signs the questions that have to be confirmed; known to this daemon alone. */
  readonly confirmKey: string;
  readonly now: () => string;
};

/** All that a command may use. It changes nothing but by `decide`: edges act on the facts it records. */
export type Context = Speaker &
  Recording &
  Repository &
  Configured &
  AgentAccess &
  WorktreeAccess &
  SecretAccess &
  DaemonAccess &
  Confirming & {
    readonly language: CommandLanguage;
    /** What lets other users look at the terminals of agents. */
    readonly sharing: Sharing;
  };

/** What the owner of the repository trusts of its configuration. */
export type Trust = {
  /** Reads the repository's file once more: what it asks for and nobody has trusted; undefined when all of it holds. */
  readonly review: () => Promise<Withheld | undefined>;
  /** What the repository's file runs and allows now. */
  readonly powers: () => Values;
  /** Trusts what the repository's file can run or allow, if that is what the hash names. */
  readonly accept: (hash: string) => Promise<void>;
  /** Trusts nothing of the repository any more; whether anything was trusted. */
  readonly revoke: () => Promise<boolean>;
};

/** A version of the repository's file that can be gone back to. */
export type Restorable = {
  readonly version: number;
  /** What it could run or allow, where that is not what is trusted now. */
  readonly withheld?: Withheld;
};

/** Where the settings come from, and the way to change those of the repository. */
type Configuration = SettingSources & {
  /** Writes one key of the repository's file, or takes it out where the value is undefined; whether that changed it. */
  readonly change: (key: string, value: unknown) => Promise<boolean>;
};

/** What the repository's file was after each change, and the way back. */
type SettingHistory = {
  /** The versions of the repository's file, the oldest first. */
  readonly list: () => Promise<readonly SettingVersion[]>;
  /** What going back to a version would mean, without one to that before the last change; undefined without such a one. */
  readonly inspect: (version?: number) => Promise<Restorable | undefined>;
  /**
   * Makes the repository's file what it was at a version; whether that changed it. What the version can run or allow is
   * trusted by that if the hash names it.
   */
  readonly restore: (version: number, hash: string | undefined) => Promise<boolean>;
};

export type Outcome = {
  /** One sentence for a person. */
  readonly message: string;
  readonly data: unknown;
  readonly sideEffects?: readonly string[];
  /** Set when the command was carried out but the answer is bad news: 1 failed, 6 conflict, 124 partial. */
  readonly exit?: ExitCode;
  /** What is to be known beside the answer: a command line says it apart from that. */
  readonly hint?: string;
};

/** A loss that a person is asked about before it happens. */
export type Loss = {
  readonly targets: readonly string[];
  readonly loses: string;
  /** What must be unchanged, beside the targets, when the loss is confirmed. */
  readonly asOf?: string;
  /** How somebody who cannot be asked agrees to exactly this. A yes to whatever it may be is not enough then. */
  readonly consent?: string;
};

/** What can be known of a place before a command is said there. */
export type Standing = {
  readonly state: State;
  readonly settings: Settings;
  /** Who would say it; missing where nobody knows. */
  readonly reader?: Identity | undefined;
  /** The agents whose programs are here, without those that only pretend to work; missing where nobody knows. */
  readonly workers?: () => readonly string[];
  /** What can be said there; missing where nobody knows. */
  readonly language?: CommandLanguage;
};

/** Whether a command asks, as far as that is known before it is said: for certain, or by what is only read then. */
export type Foreseen = 'asks' | 'may ask';

export type Command<P extends z.ZodObject = z.ZodObject> = CommandDescription<P> & {
  /** Shape of the `data` of a successful answer: documented, and checked in every test that says the command. */
  readonly result?: z.ZodType;
  /**
   * Modifiers with which a reading command changes something: with one of them it takes the role operator, and is
   * recorded.
   */
  readonly writesWith?: readonly string[];
  /** A modifier without which it hands over a terminal to be typed into: that takes the role operator. */
  readonly looksWith?: string;
  /** The loss to be confirmed; undefined when nothing is at stake. `preview` shows it as well. */
  readonly loss?: (state: State, params: z.infer<P>, modifiers: readonly string[]) => Loss | undefined;
  /** The same for a loss that the state alone does not tell: what is in files is read for it. */
  readonly asks?: (context: Context, params: z.infer<P>, modifiers: readonly string[]) => Promise<Loss | undefined>;
  /** Whether `asks` will ask, so that it is told before the command is said; undefined where it will not. */
  readonly foresees?: (standing: Standing, params: z.infer<P>, modifiers: readonly string[]) => Foreseen | undefined;
  /** What is to be known before the command is said, although nothing is lost by it; `preview` shows it. */
  readonly notice?: (context: Context, params: z.infer<P>, modifiers: readonly string[]) => Promise<string | undefined>;
  /** Throws what `run` refuses by these alone, so that it is told before the command is said; `preview` tells it as well. */
  readonly refuses?: (standing: Standing, params: z.infer<P>, modifiers: readonly string[]) => void;
  /** The ids that the command is about, where it picks them otherwise than by the words for its target alone. */
  readonly targets?: (state: State, params: z.infer<P>, settings: Settings) => readonly string[];
  /** What its ids name, where its noun does not say it: files, what it makes, settings, or records of another noun. */
  readonly names?: 'files' | 'new' | 'settings' | Named;
  /** Whether more than the state decides if it is refused, where its ids do not tell that: it is not promised then. */
  readonly unsure?: (standing: Standing, params: z.infer<P>, modifiers: readonly string[]) => boolean;
  /** Set where one alone may be named, as what: the others would be passed over in silence. */
  readonly one?: string;
  /** What it answers, as something that went well, where it is about nothing as things stand, or else would change nothing. */
  readonly nothing?:
    | string
    | ((standing: Standing, params: z.infer<P>, modifiers: readonly string[]) => string | undefined);
  /** What it does as things stand, where its targets do not say it; undefined where its summary does. */
  readonly foretells?: (standing: Standing, params: z.infer<P>, modifiers: readonly string[]) => string | undefined;
  /** The instance that takes the one thing which the command is about, where that is certain before it is said. */
  readonly taker?: (standing: Standing, params: z.infer<P>, modifiers: readonly string[]) => string | undefined;
  /** `asked` is what was asked about and confirmed: what is done now must be that. */
  readonly run: (context: Context, params: z.infer<P>, modifiers: readonly string[], asked?: Loss) => Promise<Outcome>;
  /** How often `drover watch` says the command again, in milliseconds, because its answer changes without an event. */
  readonly refreshMs?: number;
  /** What a terminal shows instead of the message, or with it. */
  readonly draw?: (data: never, view: Drawing, message: string) => string;
};

/** Every command there is, and every signature that is understood, those of later versions included. */
export type Registry = { readonly commands: readonly Command[]; readonly signatures: readonly Signature[] };

/** The registry with the agents that exist where it is spoken: everything that a line may say. */
export type CommandLanguage = Registry & Language;

export const defineCommand = <P extends z.ZodObject>(command: Command<P>): Command => command as unknown as Command;

/** Whether a command may have to be confirmed. */
export const mayAsk = ({ loss, asks }: Pick<Command, 'loss' | 'asks'>): boolean => Boolean(loss ?? asks);

/**
 * The parameters without which a command is refused; ids are another matter. They are asked for once, of every command while the
 * program starts: what validates them is compiled only when the command is said.
 */
const neededIn = (params: z.ZodObject): readonly string[] => {
  const lacking = params.safeParse({}, { jitless: true }).error?.issues.map(({ path }) => String(path[0])) ?? [];
  return [...new Set(lacking)].filter((key) => key !== 'id');
};

export const signatureOf = (command: Command): Signature => ({
  verb: command.verb,
  noun: command.noun,
  modifiers: [...command.modifiers, ...(command.later?.modifiers ?? []), ...(mayAsk(command) ? ['yes'] : [])],
  parameters: [
    ...Object.keys(command.params.shape),
    ...(command.later?.parameters ?? []),
    ...(mayAsk(command) ? ['confirm'] : []),
  ],
  scopes: scopeWordsOf(command.params),
  values: valueWordsOf(command.params),
  needs: neededIn(command.params),
  target: command.target,
  phase: 1,
  ...(command.text === undefined ? {} : { text: command.text }),
});
