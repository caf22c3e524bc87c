import type { ConflictFile } from '../state/conflict-records.ts';
import type { PredictedConflict } from '../state/conflicts.ts';
import type { WorkLook } from './radar.ts';

/** What all processes of an agent together take of the machine. */
export type ResourceUse = {
  readonly instance_id: string;
  /** Since the look before, 100 being one core; null before there are two looks to compare. */
  readonly cpu_percent: number | null;
  /** On average over the time that the limit is about; null until so much time was seen. */
  readonly cpu_average: number | null;
  readonly memory_mb: number;
  readonly processes: number;
  readonly at: string;
};

/** What a machine has for everything that runs on it. */
export type MachineSize = { readonly cores: number; readonly memoryMb: number };

/** What goes on now at one of the daemon's doors: a transport, and the address where clients come by it. */
export type DoorTraffic = {
  readonly protocol: string;
  /** What the transport is, in two or three words and in a sentence. */
  readonly title: string;
  readonly summary: string;
  /** Null where it is not in use. */
  readonly address: string | null;
  readonly in_use: boolean;
  /** Open connections, and those of them that follow every event. */
  readonly clients: number;
  readonly followers: number;
  /** Requests that are being carried out. */
  readonly requests: number;
  /** Bytes that clients have not read yet. */
  readonly waiting_bytes: number;
};

/** What goes on now between the daemon and everybody else. */
export type Traffic = {
  readonly doors: readonly DoorTraffic[];
  /** Messages that lie in the folders of the spool. */
  readonly spooled: number;
};

/** An agent that can be launched, and whether its program is installed here. */
export type FoundAgent = {
  readonly agent: string;
  readonly title: string;
  readonly found: boolean;
  readonly version: string | null;
  readonly program: string;
  readonly install: string;
  /** The repository's file says something of it that nobody has trusted, and that is off. */
  readonly untrusted: boolean;
};

/** What is foreseen between worktrees, as of the last look. */
export type Radar = {
  /** The pairs of instances that change the same files; their files are those in which they conflict, if there are any. */
  readonly now: () => readonly Pick<PredictedConflict, 'instances' | 'tasks' | 'files'>[];
  /** What the worktree of each instance holds. */
  readonly looks: () => ReadonlyMap<string, WorkLook>;
  /** What both of a pair have where they exclude each other, as it is now; none where one of them cannot be seen. */
  readonly examine: (
    pair: Pick<PredictedConflict, 'instances' | 'tasks' | 'files'>,
  ) => Promise<readonly ConflictFile[]>;
};
