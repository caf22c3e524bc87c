import type { AppEvent, EventDraft, State } from '../state/index.ts';
import type { Origin, Position } from '../state/reducer.ts';
import type { ConflictedFile, FileEdit, MergeOfTwo, MergeTexts, TreeEdit } from './conflicts.ts';
import type { CutForward, LeftOver, Unkept } from './left-over.ts';
import type { Foreseen, WorkLook, WorkNow } from './radar.ts';
import type { SideWindow } from './side-window.ts';
import type { GiveUp, UnderWay } from './under-way.ts';

export type { CutForward, Unkept } from './left-over.ts';
export type { SideWindow } from './side-window.ts';
export type { ConflictedFile, ConflictSide, FileEdit, TreeEdit } from './conflicts.ts';

/** What a process left behind. `code` is null when a signal ended it; `timedOut` when that signal was ours. */
export type Exit = {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** The command line for which it stood still until it was killed. */
  readonly stalled?: string;
};

/** A process to run to its end. `env` is the whole environment, nothing is added. `file` is looked up in `env.PATH`. */
export type ProcessRequest = {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Its whole process group is killed after this many milliseconds. */
  readonly timeoutMs?: number;
  /** The same when none of the group has used the processor, read or written for so many milliseconds. */
  readonly stallMs?: number;
  /** Only the last bytes of each stream are kept beyond this size (default 16 MiB). */
  readonly maxBytes?: number;
  /** It is let go on to its end when the program that asked for it dies: what would be half done otherwise. */
  readonly outlives?: boolean;
  /** What it prints is not changed where it is no UTF-8: see `rawTextOf`. What it reads never is. */
  readonly isRaw?: boolean;
};

/** The one place that starts processes. A program that does not exist rejects with the error code `process/missing`. */
export type Processes = AsyncDisposable & {
  run(request: ProcessRequest, signal?: AbortSignal): Promise<Exit>;
  /** How many processes were started so far. */
  readonly started: number;
};

/** A session to be created, piped into its log from its first byte. */
export type SessionSpec = {
  readonly session: string;
  /** Our mark, kept as `@drover_id` on the session. */
  readonly droverId: string;
  readonly cwd: string;
  /** The executable script that becomes the pane's process. */
  readonly launchFile: string;
  readonly cols: number;
  readonly rows: number;
  /** Folder of the log; its segments are `<n>.log`, `firstSegment` is the first one to be written. */
  readonly logDir: string;
  readonly firstSegment: number;
  readonly spoolDir: string;
  readonly title: string;
  readonly background: string;
  readonly foreground: string;
  /** What stands beside the window `agent`, which is the one that is shown. */
  readonly windows?: readonly SideWindow[];
  /** What the pane of the agent knows from the beginning, as the word of a message. */
  readonly word?: string;
};

export type PaneInfo = {
  readonly session: string;
  readonly droverId: string;
  readonly pane: string;
  readonly pid: number;
  readonly dead: boolean;
  /** Both null while it lives, and when it is dead and tmux does not know yet how it died. */
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  readonly cols: number;
  readonly rows: number;
  readonly title: string;
  /** How many clients look at the session. */
  readonly attached: number;
  /** What tells its server from others. */
  readonly server: string;
  /** Whether what it prints is taken to its log: not where the program that writes there has ended. */
  readonly isLogged: boolean;
};

/** A terminal that looks at a session. */
export type ClientInfo = {
  readonly tty: string;
  readonly readOnly: boolean;
  readonly cols: number;
  readonly rows: number;
};

/** A session that carries a mark. */
export type SessionInfo = {
  readonly session: string;
  readonly droverId: string;
  /** ISO 8601. */
  readonly created: string;
  /** When somebody typed or something was printed last, ISO 8601. */
  readonly activity: string;
  readonly cols: number;
  readonly rows: number;
  /** Names of its windows in their order. */
  readonly windows: readonly string[];
  readonly clients: readonly ClientInfo[];
};

/** A screen as it stood at the first byte of a log segment. */
export type Seed = {
  readonly segment: number;
  readonly cols: number;
  readonly rows: number;
  /** What to write into an empty emulator of that size to get the screen. */
  readonly text: string;
};

/** What the rest of the program may ask of tmux. Text and ids only: no tmux syntax leaks through. */
export type Tmux = {
  /** The server's or, without a server, the program's version, e.g. `3.3a`. */
  version(): Promise<string>;
  /** Creates the session. A name that is taken, by whomever, rejects with `tmux/name-taken`. */
  create(spec: SessionSpec): Promise<PaneInfo>;
  /** Every pane that carries a mark of ours with this prefix, by one call. Empty when there is no server. */
  list(droverIdPrefix: string): Promise<readonly PaneInfo[]>;
  /** The same look and the visible texts of some panes, together by one call; a text may be missing when a pane went away. */
  look(
    droverIdPrefix: string,
    panes: readonly string[],
  ): Promise<{ readonly panes: readonly PaneInfo[]; readonly screens: ReadonlyMap<string, string> }>;
  /** All session names of the server, whosesoever. */
  sessionNames(): Promise<readonly string[]>;
  /** Every session that carries a mark of ours with this prefix, with who looks at it, by one call. */
  sessions(droverIdPrefix: string): Promise<readonly SessionInfo[]>;
  /** Takes everybody who looks at the session away from it, only if it carries this mark; resolves with how many. */
  detach(session: string, droverId: string): Promise<number>;
  /** Makes the windows again that are missing and gives all their names back; resolves with the names of those made. */
  layout(spec: Pick<SessionSpec, 'session' | 'droverId' | 'cwd' | 'windows'>): Promise<readonly string[]>;
  /**
   * Types the text as it is, then, if asked, Enter; never waits for the program. With `once` nothing is typed when that
   * word was given the last time: the server itself remembers, so a repetition after a crash types nothing twice.
   * The words of messages are remembered apart, the latest of them.
   */
  type(pane: string, text: string, options?: { enter?: boolean; once?: string; isMessage?: boolean }): Promise<boolean>;
  /**
   * Presses keys by their names, all or none of them. `text:` types the rest of the word, `wait:` waits so many
   * milliseconds before the next one. False, and nothing is pressed, when `once` was given the last time. `by` is remembered
   * as the word of a message is; without keys nothing else happens.
   */
  reply(pane: string, keys: readonly string[], once: string, by?: string): Promise<boolean>;
  /** Whether a message was typed in a pane, or an answer given, under this word; false where there is no such pane. */
  knows(pane: string, word: string): Promise<boolean>;
  /** Pastes (bracketed where the program asked for that), and remembers the word as that of a message. */
  paste(pane: string, text: string, word?: string): Promise<void>;
  /** Presses keys by tmux's names: `Enter`, `Escape`, `C-c`. */
  press(pane: string, ...keys: readonly string[]): Promise<void>;
  /** The visible text of a pane; with `styled`, with the sequences that give it colour and weight. */
  capture(pane: string, options?: { styled?: boolean }): Promise<string>;
  /** Photographs the screen and starts a new log segment exactly there; writes `<segment>.seed` beside it. */
  checkpoint(pane: string, logDir: string, segment: number): Promise<Seed>;
  /** Makes the window this size while nobody is attached; a person who attaches later decides again. */
  resize(session: string, cols: number, rows: number): Promise<void>;
  /**
   * Ends the session that carries this mark, by whatever name, and the agent in it wherever a person shows or has moved it.
   * Succeeds when it is gone already. Where a person runs something of their own in it, that goes on in a session of another
   * name; resolves with the names of these.
   */
  kill(droverId: string): Promise<readonly string[]>;
  /** The process of the server, and what tells it from others; null when none runs. */
  server(): Promise<{ readonly pid: number; readonly id: string } | null>;
  /** Makes the server look again for children that ended: some builds miss one. */
  nudge(): Promise<void>;
};

export type WorktreeState = {
  readonly branch: string | null;
  readonly head: string;
  /** Paths with uncommitted work, ignored files not counted. */
  readonly dirty: readonly string[];
};

export type WorktreeEntry = {
  readonly path: string;
  readonly branch: string | null;
  /** The name that it was given, where that is not the one of its folder. */
  readonly name: string | null;
  /** When something was staged, committed or checked out there last, in milliseconds since 1970; 0 for the main checkout. */
  readonly touchedAt: number;
};

/** A commit in one line. */
export type CommitInfo = { readonly commit: string; readonly committed_at: string; readonly subject: string };

export type BranchInfo = CommitInfo & { readonly branch: string };

type Changes = {
  readonly commits: number;
  readonly files: number;
  readonly insertions: number;
  readonly deletions: number;
};

/** A changed file; both counts are null where it is not text. */
type FileChange = {
  readonly path: string;
  readonly insertions: number | null;
  readonly deletions: number | null;
};

/** A branch of another repository, and the ref that follows it here. */
type Upstream = { readonly remote: string; readonly ref: string; readonly tracking: string };

/** A merge in memory: the tree that it gave, which is on no branch. */
export type TreeMerge = { readonly kind: 'merged'; readonly tree: string } | Extract<Landing, { kind: 'conflict' }>;

export type RefTrace = {
  /** Null where it has no file of its own. */
  readonly writtenAt: number | null;
  /** When it can have been taken away, where it is not there: what it lay in was written then; the last time, each. */
  readonly goneAt: readonly number[];
  readonly hasLog: boolean;
  /** What its log says last; null without one, or where that is empty. */
  readonly last: { readonly to: string; readonly message: string } | null;
};

export type Landing =
  | { readonly kind: 'landed'; readonly commit: string }
  | { readonly kind: 'conflict'; readonly files: readonly string[]; readonly detail: string };

/** A branch that an operation has made and that nothing recorded has yet, and for what it was made. */
export type BranchClaim = { readonly branch: string; readonly commit: string; readonly owner: string };

/** What a sparse checkout has of its files: the patterns that git keeps of it, which in cone mode name folders. */
export type Sparse = { readonly cone: boolean; readonly patterns: string };

/**
 * What the rest of the program may ask of git. Commits are full object ids; branches are short names.
 * Nothing here writes to the user's checkout, index, stash or configuration; only for a worktree with some folders alone git
 * notes there that worktrees may have settings of their own.
 */
export type Git = LeftOver & {
  /** Top folder of the user's checkout. */
  readonly root: string;
  readonly commonDir: string;
  /** Short name of the branch that the user has checked out; null when detached. */
  currentBranch(): Promise<string | null>;
  /** The commit that a name stands for; null when there is none. */
  resolve(name: string): Promise<string | null>;
  /** Whether git accepts the name for a branch. */
  validBranch(name: string): Promise<boolean>;
  isAncestor(commit: string, of: string): Promise<boolean>;
  /** Text of a file in a commit or tree; null when it is not there or not text. */
  readFile(commit: string, path: string): Promise<string | null>;
  /**
   * Creates a branch of this or, when taken, a suffixed name (`-2`, `-3` …) at the commit; resolves to the name it got. With
   * an owner it is claimed until it is recorded, and `dropClaim` says so: a killed process leaves the claim.
   */
  createBranch(wanted: string, commit: string, owner?: string): Promise<string>;
  /** The branches that are claimed. */
  claims(): Promise<readonly BranchClaim[]>;
  dropClaim(branch: string): Promise<void>;
  /** Removes a claimed branch to which nothing ever happened, and the claim; whether the branch is gone. */
  unmakeBranch(claim: BranchClaim): Promise<boolean>;
  /**
   * Adds a worktree that has this existing branch (or, with null, the commit detached) checked out; with folders only what is
   * in these, and the files at the top. Repeating it is harmless, and leaves the files of one that is there as they are. With
   * `from` one that is there stays where it is unless it has this branch checked out.
   */
  addWorktree(
    path: string,
    target: { branch: string } | { commit: string; from?: string },
    folders?: readonly string[],
  ): Promise<void>;
  /** What a worktree of ours has of its files; null for all of them. */
  sparse(worktree: string): Promise<Sparse | null>;
  /** Those of the folders that a commit does not have. */
  missingFolders(commit: string, folders: readonly string[]): Promise<readonly string[]>;
  /**
   * Takes a worktree and its folder away; with `into` the folder is kept there, or in a trash beside it where that is on
   * another disk. Resolves with where it lies then; null when nothing of it is kept.
   */
  removeWorktree(path: string, into?: string): Promise<string | null>;
  /**
   * Makes a worktree of a folder that was kept when it was removed; what was not committed there is so again, and what it had
   * left out is left out.
   */
  restoreWorktree(
    path: string,
    kept: string,
    target: { branch: string } | { commit: string },
    sparse: Sparse | null,
  ): Promise<void>;
  /** Moves a worktree with its folder to a path where nothing is. */
  moveWorktree(path: string, to: string): Promise<void>;
  /** Where git thinks that the worktree in this folder is, and the name that it was given there; null: none. */
  registeredAs(place: string): Promise<{ readonly path: string; readonly name: string | null }>;
  /**
   * Mends a worktree that somebody moved by hand: the folder is there now. Resolves with where git thought it was, which
   * is the same where only the link between the two was broken.
   */
  repairWorktree(place: string): Promise<string>;
  /** Gives a worktree that was made by hand, or moved, a name by which the swarm knows it. */
  nameWorktree(path: string, name: string): Promise<void>;
  /** Locks a worktree against removal, by us and by git itself; locking a locked one gives it the new reason. */
  lockWorktree(path: string, reason: string): Promise<void>;
  /** False when it was not locked. */
  unlockWorktree(path: string): Promise<boolean>;
  /** The reason for which a worktree is locked, which may be empty; null when it is not. */
  lockOf(path: string): Promise<string | null>;
  /** What git ignores in a worktree of ours; a folder that is ignored as a whole is one path that ends with a slash. */
  ignored(worktree: string): Promise<readonly string[]>;
  /**
   * The paths in the user's checkout that patterns like those of a `.gitignore` name and git does not track: all of them or
   * only those that git ignores; with `folders` a folder that is untracked as a whole is one path that ends with a slash.
   */
  strays(patterns: readonly string[], which: 'all' | 'ignored' | 'folders'): Promise<readonly string[]>;
  /** Removes a branch that is checked out nowhere, only if it still is at the commit; false when it is not. */
  removeBranch(branch: string, at: string): Promise<boolean>;
  /** The path as git writes it down: absolute, without symbolic links, whether or not it exists. */
  place(path: string): Promise<string>;
  /**
   * Writes anew what a power cut has emptied in a worktree: git syncs no file that it checks out. How many files those were;
   * what somebody has emptied stays so.
   */
  restoreEmptied(path: string): Promise<number>;
  /** Has git look again at tracked files of a worktree of ours that it was told not to look at; how many those were. */
  unhide(path: string): Promise<number>;
  /** Whether a worktree with its folder is there, by whichever links the path leads to it; one in its own place is none. */
  hasWorktree(path: string): Promise<boolean>;
  /** Those whose folder is there. */
  worktrees(): Promise<readonly WorktreeEntry[]>;
  /** Where git thinks that worktrees are whose folder is not there: deleted, moved by hand, or on a disk that is away. */
  vanishedWorktrees(): Promise<readonly string[]>;
  /**
   * Checks the branch out in a clean worktree of ours. Refuses with `git/dirty` when uncommitted work is in the way, and with
   * `git/under-way` when something is in the middle there. With `from` it stays where it is unless it has that branch checked out.
   */
  switchTo(worktree: string, branch: string, from?: string): Promise<void>;
  /** Moves repositories that lie in a worktree of ours, and that its commit has not, to a folder beside it; null for none. */
  moveNestedAside(worktree: string): Promise<{ readonly into: string; readonly paths: readonly string[] } | null>;
  worktreeState(worktree: string): Promise<WorktreeState>;
  /** The submodules that are empty in a new worktree, and whether files of git LFS are only pointers there. */
  lacking(worktree: string): Promise<{ readonly submodules: readonly string[]; readonly lfs: boolean }>;
  /** The merge, rebase or the like that is in the middle in a worktree; null when there is none. */
  underWay(worktree: string): Promise<UnderWay | null>;
  /**
   * Gives up what is in the middle in a worktree of ours. What it had and no ref has is archived first; what was uncommitted is a
   * commit then, at which the worktree is, on no branch. No branch is moved. Null when nothing was in the middle.
   */
  giveUp: GiveUp;
  /**
   * Archives the commit that is checked out in a worktree of ours where neither a branch, a tag nor the archive has it; null
   * where one does. While something is in the middle there, the end or the giving up of that keeps it.
   */
  keepHead(worktree: string, name: string): Promise<string | null>;
  /** Whether a commit in a worktree of ours has a name and an address, by the configuration or these variables. */
  hasIdentity(worktree: string, env: Readonly<Record<string, string>>): Promise<boolean>;
  /** The folders that a commit in a worktree of ours writes to; they are there. */
  writtenFolders(worktree: string): Promise<readonly string[]>;
  /**
   * Prepares what keeps git off the refs that are not those of a worktree of ours, in a folder of ours, of the texts that are
   * shipped; nothing of the repository is written. Resolves with the configuration by which git finds it, and with what
   * git keeps of the worktree.
   */
  guard(
    worktree: string,
    place: { readonly folder: string; readonly shipped: string },
  ): Promise<{ readonly gitDir: string; readonly config: readonly (readonly [key: string, value: string])[] }>;
  /**
   * Gives a worktree of ours a git directory of its own in that folder, or brings the one that is there up to date: for
   * programs that are shut in. All others see in the repository what is committed there. Resolves with how it is laid over.
   */
  privateGit(worktree: string, folder: string): Promise<{ readonly folder: string; readonly admin: string }>;
  /** The file with the configuration for whoever is shut in and reads the repository's git directory: keys are left out. */
  settingsInside(worktree: string): Promise<string>;
  /**
   * Where the person keeps what git reads of them beside the repository, as paths that may not be there: the files that say which
   * others it passes by and of what kinds they are, and a folder of hooks.
   */
  ownPlaces(): Promise<readonly string[]>;
  /** Takes it away again, with all that is in it brought into the repository; it may have none. */
  sharedGit(worktree: string): Promise<void>;
  changes(from: string, to: string): Promise<Changes>;
  /** What `to` has changed since it left `from`, or since `from` itself where they have nothing in common. */
  diff(from: string, to: string): Promise<{ readonly files: readonly FileChange[]; readonly patch: string }>;
  /**
   * The commit from which the work of a branch is its own: `start`, where it began, or what it has brought in since of
   * `onto`, on which it began.
   */
  ownBase(work: { start: string; head: string; onto: string | null }): Promise<string>;
  /** The merges of two that `to` has and `from` has not, the oldest first. */
  mergesBetween(from: string, to: string): Promise<readonly MergeOfTwo[]>;
  /** The new lines of files that are markers of conflicts. */
  leftMarkers(from: string, to: string): Promise<readonly { readonly path: string; readonly line: number }[]>;
  /** Why git refuses the `.gitmodules` that `to` has; null where it takes it, or `from` has the same. */
  modulesFault(from: string, to: string): Promise<string | null>;
  /** The commits that `to` has and `from` has not, the newest first; 20 at most. */
  commits(from: string, to: string): Promise<readonly CommitInfo[]>;
  /** All commits that `to` has and none of `without`. */
  commitsWithout(to: string, without: readonly string[]): Promise<readonly string[]>;
  /** How many commits `to` has and `from` has not, without merges. */
  commitCount(from: string, to: string): Promise<number>;
  /** The full names of all branches, of remotes too, and of tags that contain the commit. */
  refsWith(commit: string): Promise<readonly string[]>;
  /** Every local branch with its commit. */
  branches(): Promise<readonly BranchInfo[]>;
  /** What is known of a commit. */
  describe(commit: string): Promise<CommitInfo>;
  /** How many commits `commit` has that `base` has not, and the other way round. */
  divergence(base: string, commit: string): Promise<{ readonly ahead: number; readonly behind: number }>;
  /**
   * Commits whatever is uncommitted in a worktree of ours on its branch; null when there was nothing, and where `on` is another
   * branch than the one that is checked out there by now.
   */
  saveWork(worktree: string, message: string, on?: string): Promise<string | null>;
  /**
   * Makes a commit of whatever is uncommitted in a worktree of ours and leaves branch, index and files as they are; null when
   * there was nothing. Where no commit can have something of it, it rejects, or is without that where so asked.
   */
  snapshot(worktree: string, message: string, how?: { readonly partly: boolean }): Promise<string | null>;
  /** The uncommitted files of a worktree of ours that no commit can have. */
  unkept(worktree: string): Promise<readonly Unkept[]>;
  /** One commit that contains all the given ones: one of them if that is enough, else a merge made without a worktree. */
  joined(commits: readonly string[], message: string): Promise<Landing>;
  /** Merges the trees of two commits in memory, without a worktree and without moving any ref. */
  mergeTrees(ours: string, theirs: string): Promise<TreeMerge>;
  /**
   * What is in the way of a merge, and the tree in which git leaves it. Without files it is about more than what is in them:
   * a folder where the other has a file, a link, another repository.
   */
  conflicts(
    ours: string,
    theirs: string,
  ): Promise<{ readonly tree: string; readonly files: readonly ConflictedFile[] | null }>;
  mergeTexts: MergeTexts;
  /** The commits on the way of first parents from one to the other that changed one of these files, the newest first. */
  changing(from: string, to: string, paths: readonly string[]): Promise<readonly string[]>;
  /** The tree with files replaced, added or taken away. */
  editTree(tree: string, edits: readonly TreeEdit[]): Promise<string>;
  /**
   * The tree of `tip` without what came between `before` and `after`, which it contains. These files are looked on as if
   * they had been so before already: what `tip` has of them stays.
   */
  revertTrees(request: {
    tip: string;
    before: string;
    after: string;
    unchanged: readonly FileEdit[];
  }): Promise<TreeMerge>;
  /**
   * Makes the commit that merges `theirs` into `ours` by that tree with these edits on top; moves no ref. With `ours`
   * itself as `theirs` it is a commit of one parent.
   */
  commitMerge(request: {
    ours: string;
    theirs: string;
    tree: string;
    edits: readonly FileEdit[];
    message: string;
  }): Promise<string>;
  /**
   * Merge commits on top of each other, the first on top of `onto`, each with edits that were made of the files of `onto`
   * and of the edits before: for as many of the first branches as have no file in common with each other, nor with what
   * came onto `onto` since they began. Moves no ref.
   */
  stack(request: {
    onto: string;
    branches: readonly { readonly theirs: string; readonly message: string; readonly edits: readonly FileEdit[] }[];
  }): Promise<readonly string[]>;
  /** A commit with the files of the first and the histories of all: what is merged with it counts theirs as had. */
  withHistories(commit: string, others: readonly string[]): Promise<string>;
  /**
   * A commit with the files of `commit` and the history that `before` and `theirs` have in common: what is merged with it
   * brings all that `theirs` has since, also what `commit` has in its history and no longer in its files.
   */
  withHistoryBefore(commit: string, since: { readonly before: string; readonly theirs: string }): Promise<string>;
  /**
   * The commits that `theirs` has and none of `without`, made anew on top of `onto` so that the last one has the tree; null
   * where they cannot be put there one by one and give that tree. Moves no ref.
   */
  replay(request: {
    onto: string;
    theirs: string;
    without: readonly string[];
    tree: string;
    edits: readonly FileEdit[];
    trailers: string;
  }): Promise<string | null>;
  /** Those of the commits, by their places, of which a merge of the two would conflict; `base` is what all are compared with. */
  clashingPairs(base: string, commits: readonly string[]): Promise<readonly (readonly [number, number])[]>;
  /**
   * The commits of `head` that neither `from` nor `onto` has, one after the other on top of `onto`, each with its author;
   * made without a worktree, and on no branch.
   */
  rebased(request: { from: string; head: string; onto: string }): Promise<Landing>;
  /**
   * Moves a clean worktree of ours and its branch from one commit to another, both or, where the branch has moved
   * meanwhile, neither: false then. Rejects with `git/dirty` where uncommitted or ignored files are in the way.
   */
  advance(worktree: string, move: { branch: string; from: string; to: string }): Promise<boolean>;
  /** Ends what `advance`, or a checkout, of a killed process left half done; resolves with the worktrees. */
  finishAdvances(): Promise<readonly string[]>;
  /** The branch of another repository that a branch goes with: as the configuration says, else the one of its name. */
  upstreamOf(branch: string): Promise<Upstream | null>;
  /** Fetches that branch alone; resolves with its commit, null where there is no such branch. It never asks anybody. */
  fetchBranch(upstream: Upstream): Promise<string | null>;
  /** Pushes a commit to that branch, if it still is where it is expected to be; null: it is not there yet. */
  pushBranch(upstream: Upstream, what: { commit: string; expected: string | null }): Promise<void>;
  /** Whether a merge of the two would end in conflicts; a look that changes nothing. */
  clashes(ours: string, theirs: string): Promise<boolean>;
  /**
   * Tells what a worktree of ours holds, uncommitted work included, and again whenever that has changed; it ends when the
   * worktree is gone. Nothing is written there or into the repository's objects.
   */
  work(worktree: string, signal: AbortSignal): AsyncIterable<WorkLook>;
  /** What merges of these with each other would meet: the pairs that change something in common, with their conflicts. */
  foresee(works: readonly WorkNow[], signal?: AbortSignal): Promise<readonly Foreseen[]>;
  /** What two of these have in the files in which they exclude each other, and what they began with. */
  clashTexts(ours: WorkNow, theirs: WorkNow): Promise<readonly ConflictedFile[]>;
  /** Checks a commit out, detached, in a worktree of ours, throwing away what a check left in tracked files there. */
  checkout(worktree: string, commit: string): Promise<void>;
  /** Makes the worktree's HEAD the branch, which must be at the commit checked out there. */
  attach(worktree: string, branch: string): Promise<void>;
  /** Moves a branch only if it still is where we think it is (`from` null: does not exist). False when it is not. */
  moveBranch(branch: string, from: string | null, to: string): Promise<boolean>;
  /** Whether the log of a branch says that it was moved from the one commit to the other. */
  wasMoved(branch: string, from: string, to: string): Promise<boolean>;
  /**
   * Brings a branch forward, also where a person has it checked out: files that are changed there are not overwritten, and
   * are why it is refused then. It goes on to its end when this program dies.
   */
  fastForward(
    branch: string,
    from: string,
    to: string,
  ): Promise<{ readonly kind: 'moved' } | { readonly kind: 'refused'; readonly why: string }>;
  /** What is in the way of that now, as far as a look tells; null where nothing is. */
  forwardTrouble(branch: string, from: string, to: string): Promise<string | null>;
  /**
   * Puts back what git had written in checkouts when it was killed over bringing them forward, together with whoever had ordered
   * it; `left` names what stays of it, because it is neither as it was nor as it was to be, `trouble` tells why all of it stays and
   * is tried again next time. One that goes on there is left to it, or waited for.
   */
  finishForwards(how: { readonly waits: boolean }): Promise<readonly CutForward[]>;
  /**
   * Removes locks that a killed git left in a worktree of ours or, where it is named, on a branch of ours; false when
   * there was none. One that somebody may hold stays and rejects with `git/busy`, and so does that of a branch which none of
   * our own changes left, unless the branch `isOwn`: made for a worktree in which nothing runs.
   */
  unlock(worktree: string, branch: string | null, isOwn?: boolean): Promise<boolean>;
  /**
   * All branches, tags and refs of the swarm with their values, each entry of the stash as `refs/stash@COMMIT`, and what is
   * checked out: `HEAD` of the main checkout, `worktrees/ID/HEAD` of the others.
   */
  refStates(): Promise<Readonly<Record<string, string>>>;
  /** What the repository tells of the last change of a ref: when it was written, in milliseconds since 1970, and its log. */
  refTrace(ref: string): Promise<RefTrace>;
  /** Puts a ref back that still is as it is expected to be (null: not there); false when it is not. */
  restoreRef(ref: string, expected: string | null, to: string): Promise<boolean>;
  /** Keeps a commit reachable under `refs/drover/archive/`; resolves with the ref, which has a suffix where the name is taken. */
  archive(name: string, commit: string): Promise<string>;
};

/** What happened up to a position of the journal. */
export type Since = { readonly events: readonly AppEvent[]; readonly position: Position };

/** The journal with its fold. One writer. */
export type Store = AsyncDisposable & {
  readonly state: State;
  /**
   * Appends facts in one piece: after a crash all of them are there or none. Resolves when they are on the disk and
   * folded. Rejects when the disk refuses, and then nothing more is accepted.
   */
  append(drafts: readonly EventDraft[], origin: Origin): Promise<readonly AppEvent[]>;
  /** Called after each flush with what became durable. Returns the way to stop. */
  subscribe(listener: (events: readonly AppEvent[], state: State) => void): () => void;
  /** Past events from `fromSeq` on, as far as they are kept. */
  events(fromSeq: number): AsyncIterable<AppEvent>;
  /** The number of the first event that is kept. */
  firstKept(): Promise<number>;
  /** Where the journal ends: with the state, always. */
  position(): Position;
  /**
   * What became durable after a position, and where that leads. Undefined where the journal never was there, or not all that
   * came after is kept: an older one was restored, for instance.
   */
  since(position: Position): Promise<Since | undefined>;
  /** Resolves with the first state, now or later, that satisfies the condition. */
  until(condition: (state: State) => boolean, signal?: AbortSignal): Promise<State>;
};
