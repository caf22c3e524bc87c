import type { Paths } from '../lib/paths.ts';
import type { Git, Processes, Tmux } from './index.ts';
import type { Sandbox } from './sandbox.ts';

/** A file or folder as a listing shows it. */
export type FileEntry = {
  readonly name: string;
  /** When its content changed last, in nanoseconds since 1970. */
  readonly changedNs: bigint;
};

/** What a file holds from an offset on. */
export type FilePiece = {
  /** Another file of the same path has another id. */
  readonly id: number;
  /** Size of the whole file. */
  readonly size: number;
  /** Empty at the end of the file, or beyond it. */
  readonly bytes: Uint8Array;
};

/** What lies in a folder, by its name alone: a link is itself, not what it leads to. */
export type LeftEntry = FileEntry & { readonly size: number };

/** The text that another program left, or why it is not read. */
export type LeftFile = { readonly text: string } | { readonly refused: string };

/** `began`: what happens from now on is told. */
export type FolderNews = 'began' | 'changed';

/** What is news of a folder: anything, only what comes, or what happens to entries whose names a pattern fits. */
export type NewsKinds = 'all' | 'arrivals' | { readonly names: string };

export type Furnishing = {
  readonly from: string;
  readonly to: string;
  /** A folder below that one, which is made where it is not there: no link leads anywhere else on the way to it. */
  readonly into?: string;
  readonly copies: readonly string[];
  /** Files, and folders with all that is in them; what is missing is nothing. */
  readonly trees?: readonly string[];
  /** Of a folder each entry is linked, so that it stays a folder of its own. */
  readonly links: readonly string[];
};

/** Why something is not given: what the source is, what is in the way of it, or a fault of the system. */
export type NotGiven = 'no-path' | 'leads-elsewhere' | 'no-file' | 'too-many' | 'link-above' | 'occupied' | 'fault';

export type Furnished = {
  readonly copied: number;
  readonly linked: number;
  /** What was left out, but for what was there already; `why` is the same as the end of a sentence. */
  readonly refused: readonly { readonly path: string; readonly kind: NotGiven; readonly why: string }[];
};

/** What a file is for: a person’s own text, a program that can be run, or a text that others may read as well. */
export type FileKind = 'text' | 'program' | 'shared' | 'record';

/** Files of one machine, by absolute paths. Whatever is written can be read by its owner alone, but for what is shared. */
export type Files = {
  /** Null when there is no such file, it cannot be read, or it is longer than the limit. */
  read(path: string, limit?: number): Promise<Uint8Array | null>;
  /** The same as text; bytes that are no text are replaced. */
  readText(path: string): Promise<string | null>;
  /** Why `read` finds nothing at a path, as the end of a sentence; null where it finds something. */
  obstacle(path: string, limit: number): Promise<string | null>;
  /** At most `most` bytes from an offset on; null for what is not there or is no ordinary file. */
  readPiece(path: string, from: number, most: number): Promise<FilePiece | null>;
  /**
   * Replaces the file in one step: who reads it meets the old text or the new one. A `program` can be run; a `record` is on the
   * disk then, whatever becomes of the machine.
   */
  write(path: string, text: string, kind?: FileKind): Promise<void>;
  /** Makes a folder and those above it; `last`: those have to be there, and it alone is made. */
  makeFolder(path: string, how?: 'whole' | 'last'): Promise<void>;
  /** Removes a file, or a folder with all that is in it; what is not there is removed already. */
  remove(path: string): Promise<void>;
  /** The names in a folder; null when there is none. */
  list(folder: string): Promise<readonly string[] | null>;
  /** The files of a folder whose names match; null when there is no such folder. */
  entries(folder: string, names: RegExp): Promise<readonly FileEntry[] | null>;
  /** Whatever lies under these names where other programs leave things, at most so many; null when there is no folder. */
  left(folder: string, names: RegExp, most: number): Promise<readonly LeftEntry[] | null>;
  /** Reads what another program left: a plain file of our own user, no link, no longer than the limit; null when gone. */
  readLeft(path: string, limit: number): Promise<LeftFile | null>;
  /** The names of the real folders in a folder, links left out; null when there is none. */
  folders(folder: string): Promise<readonly string[] | null>;
  /** The paths, sorted, that a pattern with `*` in its names stands for; a path without any is itself. */
  matching(pattern: string): Promise<readonly string[]>;
  /** Where a path really leads; what does not exist is judged by the nearest folder that does, and links to it. */
  realPath(path: string): Promise<string>;
  /** The bytes that are free on the disk of a path, or where it would be; null where nobody can say. */
  room(path: string): Promise<number | null>;
  /** How many more files fit on the disk of a path, and how many do at all; null where it has no number of them. */
  freeFiles(path: string): Promise<{ readonly free: number; readonly all: number } | null>;
  /**
   * Gives a folder what another one has, by paths in both: copies, and links to it. What is there already stays; nothing
   * is read from, or written to, where a symbolic link leads out of its folder.
   */
  furnish(request: Furnishing): Promise<Furnished>;
  /**
   * Tells of changes in a folder until the signal aborts; it ends by itself where the folder cannot be watched, and when it
   * goes and none is in its place. Of `arrivals` alone it does not tell that something in it has gone.
   */
  watch(folder: string, signal: AbortSignal, kinds?: NewsKinds): AsyncIterable<FolderNews>;
  /**
   * Writes one line to whoever reads a named pipe, now or so many milliseconds later; false when nobody does, or it is no
   * pipe: a link is not followed.
   */
  tellPipe(pipe: string, line: string, patienceMs: number): Promise<boolean>;
};

type ScreenSize = { readonly cols: number; readonly rows: number };

/** Bytes of a log with the times after and by which they were printed, in milliseconds since 1970; null where that was not noted. */
export type TimedBytes = { readonly bytes: Uint8Array; readonly after: number | null; readonly by: number | null };

/** A line of a log with the times (ISO 8601) after and by which it was printed; null where that was not noted. */
export type TimedLine = { readonly text: string; readonly after: string | null; readonly by: string | null };

/** What terminals have printed: each log is a folder of segments. */
export type Logs = {
  /** Prepares the log of a new start, with an empty screen; resolves with its first segment. */
  begin(folder: string, size: ScreenSize): Promise<number>;
  /** The last bytes that are kept, in order. */
  read(folder: string, tailBytes: number): AsyncIterable<Uint8Array>;
  /** The same in parts that end where it was noted when the log had come that far; what was printed since has no time. */
  readTimed(folder: string, tailBytes: number): AsyncIterable<TimedBytes>;
  /** The last bytes that are kept and then all that is printed, until the signal aborts. */
  tail(folder: string, tailBytes: number, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** When something was printed last, in milliseconds since 1970; 0 when nothing ever was. */
  grownAt(folder: string): Promise<number>;
  /** The segment that a photograph of this size would begin; null while nobody needs one. */
  photographSegment(folder: string, size: ScreenSize): Promise<number | null>;
  /** Notes how far the log has come at a time, in milliseconds since 1970, if it has grown since the last note. */
  noteTime(folder: string, at: number): Promise<void>;
};

/** What a process and all that it started take of their machine. */
export type ProcessUse = {
  /** Processor time so far, in milliseconds. */
  readonly cpuMs: number;
  /** Memory that is in use, in bytes; what several processes share is counted at each of them. */
  readonly memory: number;
  readonly processes: number;
  /** Those of them that are in the foreground of their terminal. */
  readonly foreground: readonly number[];
  /** Those of the foreground that are stopped by a signal. */
  readonly halted: readonly number[];
};

/** A process as the system shows it to others. */
export type Relative = {
  readonly pid: number;
  readonly parent: number;
  /** The user who started it, by number: a program that runs as somebody else by its own mark has still the first one's. */
  readonly user: number;
  /** The process that leads its session. */
  readonly session: number;
  /** Empty when it has no terminal. */
  readonly tty: string;
  /** In milliseconds since 1970. */
  readonly startedAt: number;
  readonly argv: readonly string[];
  /** What it found in its environment at its start, of the variables by which an agent is known. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder it is in; empty where nobody may know. */
  readonly cwd: string;
  /** The group by which the system counts what it takes; empty where there are none, or all are in one. */
  readonly cgroup: string;
  /** Whether it has processes or users of its own, which are not ours: a sandbox or a container does. */
  readonly isApart: boolean;
};

/** A program that leads the network of a sandbox to a proxy, and whose sandbox has lost the program it was made for. */
export type LostForwarder = {
  readonly pid: number;
  /** Where its proxy listens, or did. */
  readonly folder: string;
  /** When it was started, as the kernel counts; another process that has its number later has another one. */
  readonly started: string;
};

/** A process of a program: another one that has its number later was started at another time. */
export type OwnProcess = { readonly pid: number; readonly started: string };

/** The terminal of an agent: the shell that leads it, the script that this runs, and where the messages of its program go. */
export type Terminal = { readonly pid: number; readonly script: string; readonly spool: string };

/** How a program was ended: what had to be killed, and what goes on nevertheless. */
export type EndedProgram = { readonly killed: readonly number[]; readonly left: readonly number[] };

/** A process, its parent, and so on up to the first one of the machine. */
export type Lineage = readonly Relative[];

/** The processes of one machine: those that are started here, and all others by their ids. */
export type TargetProcesses = Pick<Processes, 'run'> & {
  /** The file that is run for a program's name; null when it is not installed. */
  find(program: string): Promise<string | null>;
  /** Those of the ports at which nobody listens on this machine. */
  freePorts(ports: readonly number[]): Promise<readonly number[]>;
  /** The processes that are in a folder or below it, but for git that this program runs; none where nobody may know. */
  livingIn(folder: string): Promise<readonly { readonly pid: number; readonly argv: readonly string[] }[]>;
  /** Forwarders of sandboxes to proxies in these folders, or below them, that nobody needs any more. */
  lostForwarders(folders: readonly string[]): Promise<readonly LostForwarder[]>;
  /** Ends one of these; false where it is gone, or another has its number. */
  endForwarder(forwarder: LostForwarder): Promise<boolean>;
  /** Those of the processes that run. */
  running(pids: readonly number[]): Promise<ReadonlySet<number>>;
  /** Resolves within a moment when the process does not run any more. */
  ended(pid: number, signal: AbortSignal): Promise<void>;
  /**
   * The processes for which a terminal was made, the shell first, or what has outlived that; none where another process has
   * the number of the shell.
   */
  programIn(terminal: Terminal): Promise<readonly OwnProcess[]>;
  /**
   * Resolves when these do not run any more: after so many milliseconds they are killed, and what they have started there since.
   * `hangsUp`: nobody has told them that their terminal goes, which is done first.
   */
  endProgram(program: readonly OwnProcess[], patienceMs: number, hangsUp?: boolean): Promise<EndedProgram>;
  /** Stops processes, lets them go on or ends them; resolves with those that are not ours. One that has ended needs nothing. */
  signal(pids: readonly number[], what: 'stop' | 'continue' | 'kill'): Promise<readonly number[]>;
  /** These processes with those they come from; one that is not there is missing. */
  lineages(pids: readonly number[]): Promise<ReadonlyMap<number, Lineage>>;
  /**
   * What tells each of the processes from any other that has its id at another time, also after a restart of the machine; one
   * that is not there is missing.
   */
  marks(pids: readonly number[]): Promise<ReadonlyMap<number, string>>;
  /** Those of the processes that are stopped as in `ProcessUse.halted`; null where a program had to be started to see it. */
  halted(pids: readonly number[]): Promise<readonly number[] | null>;
  /** What these processes take, each with all that it started; one that is not there is missing. */
  measure(pids: readonly number[]): Promise<ReadonlyMap<number, ProcessUse>>;
};

/** Where the parts of the swarm lie on a machine. */
export type TargetPaths = Pick<
  Paths,
  | 'root'
  | 'key'
  | 'commonDir'
  | 'logs'
  | 'spool'
  | 'instances'
  | 'bin'
  | 'guard'
  | 'worktrees'
  | 'sandboxes'
  | 'home'
  | 'data'
  | 'socket'
>;

/** Absolute paths of what is shipped beside the program. */
export type Shipped = {
  readonly assets: string;
  readonly rehearsal: string;
  readonly cli: string;
  readonly node: string;
};

/** A machine on which instances live: everything by which the daemon reaches what is there. */
export type Target = AsyncDisposable & {
  /** The name by which instances tell where they live. */
  readonly host: string;
  readonly paths: TargetPaths;
  /** The environment in which its programs are started. */
  readonly env: Readonly<Record<string, string>>;
  readonly shipped: Shipped;
  /** Whether its programs run as root. */
  readonly isRoot: boolean;
  readonly tmux: Tmux;
  readonly git: Git;
  readonly files: Files;
  readonly logs: Logs;
  readonly processes: TargetProcesses;
  readonly sandbox: Sandbox;
};
