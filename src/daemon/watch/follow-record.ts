import type { RecordReader, Signal, Told } from '../../agents/adapter.ts';
import type { Target } from '../../ports/target.ts';
import { saidId } from '../../protocol/say.ts';
import type { EventDraft } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { activity } from '../../state/moves.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import { hookEndOf, noteHookEnd, noteRecord, recordFileOf } from '../signals/known-records.ts';
import type { LineReader } from './usage-files.ts';

/** How long a program may run without a line until its record is said to be lost, in milliseconds. */
const SILENT_MS = 60_000;

/** The record of one start of a program. */
export type Followed = {
  readonly pid: number | null;
  /** When the program was started, in milliseconds since 1970. */
  readonly since: number;
  /** What happened before then a daemon before this one has heard of; 0 for a program that was followed from its start. */
  readonly heardUntil: number;
  reader: RecordReader;
  /** Whether lines were read, and the file was not put aside since. */
  isTelling: boolean;
  /** The agent has a session; it is ready when its box is there. */
  ready: Signal | undefined;
  isLost: boolean;
};

/** What the records of a machine are followed with. */
export type Desk = {
  readonly services: DaemonServices;
  readonly target: Target;
  readonly lines: LineReader;
  /** When this daemon began to follow them, in milliseconds since 1970. */
  readonly openedAt: number;
  /** When each instance was heard of last, in milliseconds since 1970. */
  readonly lastHeard: Map<string, number>;
  readonly record: (instance: string, signal: Signal) => Promise<void>;
};

const readerFor = ({ services }: Desk, { agent, conversation }: Instance): RecordReader =>
  services.adapterFor(agent).record!.reader(conversation);

/** Begins to follow the record of the program that an instance runs now. */
export const beginRecord = (desk: Desk, instance: Instance): Followed => {
  const { instance_id: id, pid, transitions } = instance;
  const state = activity(instance);
  desk.lines.forget(recordFileOf(desk.target.paths, id));
  noteRecord(desk.services, id, undefined);
  const since = Date.parse(transitions.findLast(({ kind }) => kind === 'starting')?.since ?? state.since);
  const heardUntil = since >= desk.openedAt ? 0 : Date.parse(state.since);
  return {
    pid,
    since,
    heardUntil,
    reader: readerFor(desk, instance),
    isTelling: false,
    ready: undefined,
    isLost: false,
  };
};

const alertOf = (id: string): string => `record:${id}`;

const lostFact = (id: string): EventDraft => ({
  type: 'alert.raised',
  data: {
    ...{ id: alertOf(id), severity: 'warning', instance: id, task: null, suggestion: `show instance ${saidId(id)}` },
    text: `${id} keeps no record of what it does: its state is told by its hooks and its screen, which is less sure`,
  },
});

/** Says that nothing is heard of a record, or that it is there again or over. */
export const setLost = async ({ services }: Desk, id: string, one: Followed, isLost: boolean): Promise<void> => {
  if (one.isLost === isLost) return;
  one.isLost = isLost;
  await services.decide((state) => {
    if (!isLost) return clearAlertFacts(state, alertOf(id), 'it is not missed any more');
    return state.instances[id] ? [lostFact(id)] : [];
  });
};

/** The end of a turn in which nothing was said or done is looked at: an error may have been told on the screen alone. */
const withScreen = async (desk: Desk, instance: Instance, one: Followed, signal: Signal): Promise<Signal> => {
  if (signal.kind !== 'finished' || !one.reader.isSilent()) return signal;
  const screen = await desk.target.tmux.capture(instance.pane!);
  const seen = desk.services.adapterFor(instance.agent).readScreen?.(screen);
  return seen?.kind === 'failed' || seen?.kind === 'limited' ? seen : signal;
};

const tell = async (desk: Desk, instance: Instance, one: Followed, { at, signal }: Told): Promise<void> => {
  const { instance_id: id } = instance;
  if (at < one.heardUntil) return;
  desk.lastHeard.set(id, Date.parse(desk.services.now()));
  if (signal.kind !== 'ready') return desk.record(id, await withScreen(desk, instance, one, signal));
  one.ready = signal;
  await desk.record(id, { ...signal, early: true });
};

/** Reads what is new in the record of an instance, and tells it. */
const readOn = async (desk: Desk, instance: Instance, one: Followed): Promise<void> => {
  const { instance_id: id } = instance;
  const path = recordFileOf(desk.target.paths, id);
  const found: string[] = [];
  for (let more = true; more; ) {
    const news = await desk.lines.read(path);
    // Another file in its place, or what was written is cut away: what happened between is not known.
    if (news.anew) Object.assign(one, { reader: readerFor(desk, instance), isTelling: false });
    found.push(...news.lines);
    more = news.more;
  }
  if (found.length > 0) one.isTelling = true;
  const told = one.reader.take(found);
  noteRecord(desk.services, id, { isTelling: one.isTelling, open: one.reader.open() });
  for (const each of told) await tell(desk, instance, one, each);
};

/** Records that an agent is ready, which its record says before its box is there. */
const lookAtBox = async (desk: Desk, instance: Instance, one: Followed): Promise<void> => {
  const { instance_id: id, agent, pane } = instance;
  const { ready } = one;
  if (!ready || pane === null) return;
  const { readBox } = desk.services.adapterFor(agent);
  const kind = desk.services.store.state.instances[id]?.state.kind;
  const isAwaited = kind === 'starting' || kind === 'unknown' || kind === 'waiting';
  if (isAwaited && readBox?.(await desk.target.tmux.capture(pane)) === undefined) return;
  one.ready = undefined;
  if (isAwaited) await desk.record(id, ready);
};

/** How long the record may take to tell the end of a turn that a hook has told, in milliseconds. */
const END_MS = 3000;

/**
 * Takes the word of a hook for the end of a turn where the record falls silent before it: its last line may be lost. While the
 * screen shows that the turn goes on it does: hooks of the person may take their time behind ours.
 */
const lookAtHookEnd = async (desk: Desk, instance: Instance, one: Followed): Promise<void> => {
  const { services, target } = desk;
  const { instance_id: id, pane } = instance;
  const told = hookEndOf(services, id);
  if (!told || pane === null) return;
  if (!one.isTelling || !one.reader.isAtWork()) return noteHookEnd(services, id, undefined);
  // It may have been noted by a clock that was set back since.
  if (Math.abs(Date.parse(services.now()) - told.at) < END_MS) return;
  const seen = services.adapterFor(instance.agent).readScreen?.(await target.tmux.capture(pane));
  if (seen?.kind === 'working' || seen?.kind === 'waiting') return;
  noteHookEnd(services, id, undefined);
  Object.assign(one, { reader: readerFor(desk, instance), isTelling: false });
  noteRecord(services, id, undefined);
  await desk.record(id, told.signal);
};

/** One look at the record of an instance. */
export const lookAtRecord = async (desk: Desk, instance: Instance, one: Followed): Promise<void> => {
  const { instance_id: id } = instance;
  const isThere = (await desk.target.files.readPiece(recordFileOf(desk.target.paths, id), 0, 0)) !== null;
  if (isThere) await readOn(desk, instance, one);
  else {
    one.isTelling = false;
    noteRecord(desk.services, id, undefined);
  }
  const isSilent = !one.isTelling && Date.parse(desk.services.now()) - one.since > SILENT_MS;
  await setLost(desk, id, one, isSilent || !isThere);
  await lookAtHookEnd(desk, instance, one);
  await lookAtBox(desk, instance, one);
};
