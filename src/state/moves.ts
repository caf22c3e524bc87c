import type { Instance, InstanceStateName, Request, SOURCES, StateMark } from './instances.ts';
import type { EventDraft, State } from './model.ts';
import type { FailureClass } from './tasks.ts';

const ALIVE = ['working', 'waiting', 'verifying', 'idle', 'paused', 'stuck', 'limited', 'unknown'] as const;
const ENDS = ['stopping', 'stopped', 'failed', 'lost'] as const;

/** Which state may follow which. What is not here does not happen, whoever says so. */
const NEXT: Readonly<Record<InstanceStateName, readonly InstanceStateName[]>> = {
  creating: ['starting', ...ENDS],
  starting: [...ALIVE, ...ENDS],
  idle: ['creating', ...ALIVE, ...ENDS],
  working: ['creating', ...ALIVE, ...ENDS],
  waiting: ['creating', 'starting', ...ALIVE, ...ENDS],
  verifying: ['creating', ...ALIVE, ...ENDS],
  paused: ['creating', ...ALIVE, ...ENDS],
  stuck: ['creating', ...ALIVE, ...ENDS],
  limited: ['creating', ...ALIVE, ...ENDS],
  unknown: ['creating', 'starting', ...ALIVE, ...ENDS],
  stopping: ['creating', 'stopped', 'failed', 'lost'],
  stopped: ['creating'],
  failed: ['creating', 'stopping', 'stopped', 'lost'],
  lost: ['creating', 'stopping', 'stopped', 'unknown'],
};

/** Whether an instance is frozen, or about to be. */
export const isHeld = ({ hold }: Pick<Instance, 'hold'>): boolean => hold === 'pausing' || hold === 'frozen';

export const mayMove = (from: InstanceStateName, to: InstanceStateName): boolean => NEXT[from].includes(to);

type Traits = {
  /** The instance has a living program. */
  readonly alive: boolean;
  /** The instance is at work in any way, so not idle: people say that it is running. */
  readonly busy: boolean;
};

const TRAITS: Readonly<Record<InstanceStateName, Traits>> = {
  creating: { alive: false, busy: false },
  starting: { alive: true, busy: false },
  idle: { alive: true, busy: false },
  working: { alive: true, busy: true },
  waiting: { alive: true, busy: true },
  verifying: { alive: true, busy: true },
  paused: { alive: true, busy: false },
  stuck: { alive: true, busy: true },
  limited: { alive: true, busy: true },
  unknown: { alive: true, busy: false },
  stopping: { alive: false, busy: false },
  stopped: { alive: false, busy: false },
  failed: { alive: false, busy: false },
  lost: { alive: false, busy: false },
};

export const isAlive = (state: InstanceStateName): boolean => TRAITS[state].alive;

/** States of an instance that somebody has ended, or is ending; one that is not there is over as well. */
export const isEnding = (state: InstanceStateName | undefined): boolean =>
  state === undefined || state === 'stopping' || state === 'stopped';

/** States of an instance that lives, or is about to. */
export const isStaying = (state: InstanceStateName): boolean => isAlive(state) || state === 'creating';

/** States in which an instance takes a place among `limits.maxInstances`. */
export const isPresent = (state: InstanceStateName): boolean => isStaying(state) || state === 'stopping';

/** The instances that take a place among `limits.maxInstances`. */
export const presentIn = ({ instances }: Pick<State, 'instances'>): Instance[] =>
  Object.values(instances).filter((one) => isPresent(one.state.kind));

export const isBusy = (state: InstanceStateName): boolean => TRAITS[state].busy;

/** The state of an instance, or the one it would be in if it were not frozen. */
export const activity = (instance: Pick<Instance, 'state' | 'paused_from'>): StateMark =>
  instance.paused_from ?? instance.state;

type Move = {
  readonly state: InstanceStateName;
  readonly source: (typeof SOURCES)[number];
  readonly evidence?: string;
  /** When a limit ends, ISO 8601. */
  readonly until?: string;
  readonly question?: string;
  /** Since when it waits with that, where it did so before and was not seen meanwhile, ISO 8601. */
  readonly asked?: string;
  readonly requests?: Request[];
  readonly exit?: { code: number | null; signal: string | null };
  readonly failure?: FailureClass;
};

const saysNothingNew = (known: StateMark, move: Move): boolean =>
  known.kind === move.state &&
  known.source === move.source &&
  known.until === move.until &&
  move.question === undefined;

/** The fact that an instance changed its state; nothing when it did not, or when the move is not legal. */
export const moved = (state: State, instance_id: string, move: Move): EventDraft[] => {
  const instance = state.instances[instance_id];
  const known = instance && (isAlive(move.state) ? activity(instance) : instance.state);
  if (!known || saysNothingNew(known, move)) return [];
  if (known.kind !== move.state && !mayMove(known.kind, move.state)) return [];
  return [{ type: 'instance.moved', data: { instance_id, ...move } }];
};
