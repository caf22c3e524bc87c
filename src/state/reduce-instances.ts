import type { z } from 'zod';
import { KEPT_TRANSITIONS, keptAsides } from './asides.ts';
import {
  type Instance,
  type Instances,
  type instanceEvents,
  LOCAL_HOST,
  type Request,
  type Share,
  type StateMark,
} from './instances.ts';
import { activity, isAlive, isHeld } from './moves.ts';
import { reducer } from './reducer.ts';
import { strongestOf } from './sandbox-settings.ts';

const KEPT_ANSWERS = 10;

/** `asked` is since when it waits with its question, where it was not seen meanwhile. */
const withState = (instance: Instance, state: StateMark, at = state.since, asked?: string): Instance => ({
  ...instance,
  ...keptAsides(instance, at),
  state,
  transitions: [...instance.transitions, { ...state, since: at, ...(asked === undefined ? {} : { asked }) }].slice(
    -KEPT_TRANSITIONS,
  ),
});

/** What an instance goes on as. Its question is the one that it asked before: by its time an answer says which it is for. */
const resumedMark = ({ paused_from, state }: Instance, at: string, evidence: string): StateMark => {
  // One that was never frozen goes on as what it is.
  const before = paused_from ?? state;
  return { ...before, since: before.kind === 'waiting' ? before.since : at, evidence };
};

const sharesBut = ({ shares = [] }: Instance, user: string): Share[] => shares.filter((one) => one.user !== user);

type Moved = z.infer<(typeof instanceEvents)['instance.moved']>;

/** Whether a move only tells more of what an instance waits with already: the hook at the head of its requests is the same. */
const isStillAsking = (
  instance: Instance,
  { state, requests }: { state: string; requests?: Request[] | undefined },
) => {
  const ask = instance.requests?.[0]?.ask ?? null;
  return state === 'waiting' && activity(instance).kind === 'waiting' && ask !== null && requests?.[0]?.ask === ask;
};

/** The mark of a move; by its time an answer says which question it is for. */
const markOf = ({ state: kind, source, evidence, until }: Moved, since: string): StateMark => ({
  kind,
  since,
  source,
  ...(evidence === undefined ? {} : { evidence }),
  ...(until === undefined ? {} : { until }),
});

/** Since when an instance waits with what it waits with after a move; undefined where that begins with it. */
const askedSince = (instance: Instance, { asked }: Moved, stays: boolean): string | undefined =>
  asked ?? (stays ? activity(instance).since : undefined);

const change = (
  all: Instances,
  instance_id: string,
  seq: number,
  edit: (instance: Instance) => Instance,
): Instances => {
  const instance = Object.hasOwn(all, instance_id) ? all[instance_id] : undefined;
  return instance ? { ...all, [instance_id]: { ...edit(instance), revision: seq } } : all;
};

/** What is remembered of those who were shut in, by these words of them. */
const strictestOf = (levels: readonly unknown[]): Pick<Instance, 'was_shut_in'> => {
  const level = strongestOf(levels);
  return level === 'off' ? {} : { was_shut_in: level };
};

export const reduceInstances = reducer<Instances, typeof instanceEvents>({
  'instance.created': (all, { host = LOCAL_HOST, group = null, mode = null, launch_mode = mode, ...data }, at, seq) => {
    const state: StateMark = { kind: 'creating', since: at, source: 'command' };
    const instance: Instance = {
      ...data,
      host,
      group,
      mode,
      launch_mode,
      argv: [],
      prepared_for: null,
      hold: null,
      paused_from: null,
      recovery: null,
      pane: null,
      pid: null,
      state,
      transitions: [state],
      task_assignments: [],
      resource_allocation: {},
      isolation_level: 'worktree',
      conversation: null,
      exit: null,
      stop: null,
      restarts: 0,
      question: null,
      created_at: at,
      revision: seq,
    };
    return { ...all, [data.instance_id]: instance };
  },
  'instance.placed': (all, { instance_id, ...place }, _at, seq) =>
    change(all, instance_id, seq, (instance) => ({ ...instance, ...place })),
  'instance.ports_given': (all, { instance_id, first, count }, _at, seq) =>
    change(all, instance_id, seq, (instance) => ({
      ...instance,
      resource_allocation: { ...instance.resource_allocation, first_port: first, ports: count },
    })),
  'instance.synced': (all, { instance_id, sync }, _at, seq) =>
    change(all, instance_id, seq, (instance) => ({ ...instance, sync })),
  'instance.started': (all, { instance_id, argv = [], sandbox, ...place }, at, seq) =>
    change(all, instance_id, seq, ({ sandbox: before, was_shut_in, ...instance }) =>
      withState(
        // A new program of a held instance is to be frozen as well.
        {
          ...instance,
          ...place,
          argv,
          ...(sandbox === undefined ? {} : { sandbox }),
          ...strictestOf([sandbox, before, was_shut_in]),
          exit: null,
          stop: null,
          hold: isHeld(instance) ? 'pausing' : null,
          paused_from: null,
        },
        { kind: 'starting', since: at, source: 'terminal', evidence: `process ${place.pid} in pane ${place.pane}` },
      ),
    ),
  'instance.moved': (all, data, at, seq) =>
    change(all, data.instance_id, seq, (instance) => {
      const stays = isStillAsking(instance, data);
      const state = markOf(data, askedSince(instance, data, stays) ?? at);
      const { requests: _before, ...known } = instance;
      const asked = data.requests === undefined ? {} : { requests: data.requests };
      const rest = { question: data.question ?? null, exit: data.exit ?? instance.exit, ...asked };
      // What was on its way when it was frozen changes what it goes back to.
      if (instance.state.kind === 'paused' && isAlive(data.state)) return { ...known, ...rest, paused_from: state };
      const ended = isAlive(data.state) ? {} : { hold: null, paused_from: null };
      return {
        ...(stays ? { ...known, state } : withState(known, state, at, data.asked)),
        ...rest,
        ...ended,
        stop: data.state === 'stopping' ? instance.stop : null,
      };
    }),
  'instance.answered': (all, { instance_id, ...answer }, at, seq) =>
    change(all, instance_id, seq, (instance) => ({
      ...instance,
      answers: [...(instance.answers ?? []), { at, ...answer }].slice(-KEPT_ANSWERS),
    })),
  'instance.conversed': (all, { instance_id, conversation }, _at, seq) =>
    change(all, instance_id, seq, (instance) => ({ ...instance, conversation })),
  'instance.restart_requested': (all, { instance_id, fresh, mode, task, recovery = null }, at, seq) =>
    change(all, instance_id, seq, (instance) => ({
      ...withState(instance, { kind: 'creating', since: at, source: 'command', evidence: 'restart' }),
      // One that is made ready for a task has not failed.
      restarts: instance.restarts + (task === undefined ? 1 : 0),
      conversation: fresh ? null : instance.conversation,
      mode: mode === undefined ? instance.mode : mode,
      prepared_for: task ?? null,
      question: null,
      requests: [],
      hold: null,
      paused_from: null,
      recovery,
    })),
  'instance.recovery_planned': (all, { instance_id, recovery }, _at, seq) =>
    change(all, instance_id, seq, (instance) => ({ ...instance, recovery })),
  'instance.recovery_ended': (all, { instance_id }, _at, seq) =>
    change(all, instance_id, seq, (instance) => ({ ...instance, recovery: null })),
  'instance.pause_requested': (all, { instance_id }, _at, seq) =>
    change(all, instance_id, seq, (instance) => ({ ...instance, hold: 'pausing' })),
  'instance.paused': (all, { instance_id, evidence }, at, seq) =>
    change(all, instance_id, seq, (instance) => ({
      ...withState(instance, { kind: 'paused', since: at, source: 'drover', evidence }),
      hold: 'frozen',
      paused_from: instance.state.kind === 'paused' ? instance.paused_from : instance.state,
    })),
  'instance.resume_requested': (all, { instance_id }, _at, seq) =>
    change(all, instance_id, seq, (instance) => ({ ...instance, hold: instance.hold === null ? null : 'resuming' })),
  'instance.resumed': (all, { instance_id, evidence }, at, seq) =>
    change(all, instance_id, seq, (instance) => ({
      ...withState(instance, resumedMark(instance, at, evidence), at),
      hold: null,
      paused_from: null,
    })),
  'instance.grouped': (all, { instance_id, group }, _at, seq) =>
    change(all, instance_id, seq, (instance) => ({ ...instance, group })),
  'instance.stop_requested': (all, { instance_id, ...stop }, at, seq) =>
    change(all, instance_id, seq, (instance) => ({
      ...withState(instance, { kind: 'stopping', since: at, source: 'command' }),
      stop,
      hold: null,
      paused_from: null,
      recovery: null,
    })),
  'instance.shared': (all, { instance_id, ...share }, _at, seq) =>
    change(all, instance_id, seq, (instance) => ({ ...instance, shares: [...sharesBut(instance, share.user), share] })),
  'instance.unshared': (all, { instance_id, user }, _at, seq) =>
    change(all, instance_id, seq, (instance) => ({ ...instance, shares: sharesBut(instance, user) })),
  'instance.removed': (all, { instance_id }) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => key !== instance_id)),
});
