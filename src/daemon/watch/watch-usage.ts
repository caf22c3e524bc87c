import { z } from 'zod';
import { readUsageMessage } from '../../agents/usage-message.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive } from '../../state/moves.ts';
import { measuredFacts } from '../../state/pricing.ts';
import { counterOf } from '../../state/usage.ts';
import { repeatRounds, type Service } from '../health/service.ts';
import { placeOutside } from '../sandbox/own-env.ts';
import { type DaemonServices, reachableInstances } from '../services.ts';
import { runningTask } from '../signals/running-task.ts';
import { type Followed, readingsOf, readOn, taskAt } from './usage-conversation.ts';
import { isTranscript, makeLineReader } from './usage-files.ts';

const LOOK_MS = 1000;

/** While a turn goes on, what it uses is recorded at most so often, in milliseconds. */
const RECORD_MS = 15_000;

/** How many looks follow the end of a program: its last lines come a little late. */
const LAST_LOOKS = 3;

const conversationSchema = z.looseObject({ session_id: z.string().min(1).max(200), transcript_path: z.string() });

/** Whether the use of an agent is to be recorded now: at the end of a turn, and now and then in a long one, also after the clock was set back. */
const isDue = (instance: Instance, last: number, now: number): boolean =>
  instance.state.kind !== 'working' || Math.abs(now - last) >= RECORD_MS;

const recordUse = async (services: DaemonServices, one: Followed): Promise<void> => {
  const readings = readingsOf(one, services.store.state);
  const last = readings.at(-1);
  if (!last) return;
  const { prices } = services.settings;
  await services.decide((state) =>
    readings.flatMap(({ task, reading }) => measuredFacts(state, { instance: one.instance, task, prices }, reading)),
  );
  one.recorded = { models: { ...last.reading.models }, turns: last.reading.turns };
  one.pending = [];
};

/** The time of which an agent tells its use; it is there when the agent had to find its use out first. */
const timeSchema = z.looseObject({ at: z.iso.datetime() });

/** Records the use that an agent tells by itself: it belongs to the task that the agent is, or was then, at work on. */
const recordToldUse = async (services: DaemonServices, id: string, body: unknown): Promise<void> => {
  const reading = readUsageMessage(body);
  if (!reading) return;
  const { prices } = services.settings;
  const told = timeSchema.safeParse(body);
  const taskIn = (state: State): string | null => {
    if (told.success) return taskAt(state, id, told.data.at);
    const now = state.instances[id];
    return now ? (runningTask(state, now)?.id ?? null) : null;
  };
  await services.decide((state) => {
    const task = taskIn(state);
    return measuredFacts(state, { instance: id, task, prices }, reading);
  });
};

type UsageWatch = {
  /** Takes the message of an agent's hook: where its conversation is kept, or what it used. */
  noteMessage(instance: string, body: unknown): Promise<void>;
  /** Reads what is new in the files of conversations, and records use where it is time to. */
  look(): Promise<void>;
  /** Looks once a second until the daemon ends. */
  watch(): Service;
};

/** Reads what agents write down of their use, each line once, and records totals: few facts, however much is written. */
export const openUsageWatch = (services: DaemonServices): UsageWatch => {
  const readers = new Map(services.targets.map((target) => [target.host, makeLineReader(target.files)]));
  const followed = new Map<string, Followed>();
  const lastLooks = new Map<string, number>();
  const recordedAt = new Map<string, number>();

  const follow = (instance: Instance, conversation: string, transcript?: string): void => {
    const log = services.adapterFor(instance.agent).usageLog;
    const key = counterOf(instance.instance_id, conversation);
    const known = followed.get(key);
    if (!log || (known && (transcript === undefined || known.transcript === transcript))) return;
    const fresh = { counter: log.counter(), recorded: null, pending: [] };
    followed.set(key, { instance: instance.instance_id, conversation, transcript, ...fresh });
  };

  /** Whether the files of an instance are to be read: it lives, or ended a moment ago. */
  const isWanted = ({ instance_id: id, state, agent }: Instance): boolean => {
    if (!services.adapterFor(agent).usageLog) return false;
    const looks = isAlive(state.kind) ? 0 : (lastLooks.get(id) ?? 0) + 1;
    lastLooks.set(id, looks);
    return looks <= LAST_LOOKS;
  };

  const lookAt = async (instance: Instance): Promise<void> => {
    const { instance_id: id, conversation, agent } = instance;
    const target = services.targetOf(instance);
    const reader = readers.get(target.host)!;
    if (conversation !== null) follow(instance, conversation);
    const now = services.now();
    const due = isDue(instance, recordedAt.get(id) ?? 0, Date.parse(now));
    for (const one of followed.values()) {
      const log = services.adapterFor(agent).usageLog;
      if (one.instance !== id || !log) continue;
      await readOn(one, log, { reader, target, state: services.store.state, now });
      if (!due || one.pending.length === 0) continue;
      recordedAt.set(id, Date.parse(now));
      await recordUse(services, one);
    }
  };

  const look = async (): Promise<void> => {
    for (const instance of reachableInstances(services, services.store.state))
      if (isWanted(instance)) await lookAt(instance);
    for (const [key, one] of followed) if (!services.store.state.instances[one.instance]) followed.delete(key);
  };

  return {
    look,
    noteMessage: async (id, body) => {
      const instance = services.store.state.instances[id];
      const said = conversationSchema.safeParse(body);
      if (instance && said.success && isTranscript(said.data.transcript_path)) {
        const transcript = placeOutside(services.targetOf(instance), instance, said.data.transcript_path);
        if (transcript !== undefined) follow(instance, said.data.session_id, transcript);
      }
      await recordToldUse(services, id, body);
    },
    watch: () => {
      const { log, signal } = services;
      const capabilities = ['count tokens and money'];
      const complaint = 'reading what agents use failed';
      return repeatRounds({ name: 'usage-meter', capabilities, complaint, everyMs: LOOK_MS, log, signal }, look);
    },
  };
};
