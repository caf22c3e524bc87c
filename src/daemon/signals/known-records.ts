import type { Signal } from '../../agents/adapter.ts';
import type { TargetPaths } from '../../ports/target.ts';
import { type DaemonServices, homeOf } from '../services.ts';

/** What is known of the record that an agent's program keeps of itself. */
export type KnownRecord = {
  /** Whether the record grows, so that hooks and screen have nothing to add: lines of this start were read, and none is missing. */
  readonly isTelling: boolean;
  /** The ids of the requests that wait for an answer, the oldest first. */
  readonly open: readonly string[];
};

const SILENT: KnownRecord = { isTelling: false, open: [] };

const records = new WeakMap<DaemonServices, Map<string, KnownRecord>>();

/** What the record of an instance says now; that of an agent without one says nothing. */
export const knownRecord = (services: DaemonServices, id: string): KnownRecord =>
  records.get(services)?.get(id) ?? SILENT;

/** Notes what the record of an instance says; undefined when it says nothing any more. */
export const noteRecord = (services: DaemonServices, id: string, known: KnownRecord | undefined): void => {
  const all = records.get(services) ?? new Map<string, KnownRecord>();
  records.set(services, all);
  if (known) all.set(id, known);
  else all.delete(id);
};

const ends = new WeakMap<DaemonServices, Map<string, { readonly at: number; readonly signal: Signal }>>();

/** Keeps what a hook told of the end of a turn, which the record is to tell better; undefined takes it away. */
export const noteHookEnd = (services: DaemonServices, id: string, signal: Signal | undefined): void => {
  const all = ends.get(services) ?? new Map<string, { at: number; signal: Signal }>();
  ends.set(services, all);
  if (signal) all.set(id, { at: Date.parse(services.now()), signal });
  else all.delete(id);
};

/** The end of a turn that a hook told and the record has not told yet, with the time at which it was heard. */
export const hookEndOf = (services: DaemonServices, id: string) => ends.get(services)?.get(id);

type InstancePaths = Pick<TargetPaths, 'instances'>;

/** The folder in which the program of an instance keeps its record, of each start a new one. */
export const recordFolderOf = (paths: InstancePaths, id: string): string => `${homeOf(paths, id)}/record`;

/** The record of the program that runs, or ran last, for an instance. */
export const recordFileOf = (paths: InstancePaths, id: string): string => `${recordFolderOf(paths, id)}/frames.jsonl`;

/** The folder of what an instance was given that is derived from files of the person. */
export const derivedFolderOf = (paths: InstancePaths, id: string): string => `${homeOf(paths, id)}/derived`;
