import { z } from 'zod';
import { isAlive } from './moves.ts';
import { reducer } from './reducer.ts';

export const INSTANCE_STATES = [
  'creating',
  'starting',
  'idle',
  'working',
  'waiting',
  'verifying',
  'paused',
  'stuck',
  'limited',
  'stopping',
  'stopped',
  'failed',
  'lost',
  'unknown',
] as const;
export type InstanceStateName = (typeof INSTANCE_STATES)[number];

/**
 * Where the knowledge of a state comes from, the surest first: `register` is a file in which the agent itself says what it
 * does. A `screen` state is a guess and is shown as one.
 */
export const SOURCES = ['command', 'hook', 'register', 'report', 'terminal', 'drover', 'screen'] as const;

export const themeSchema = z.object({
  color_name: z.string(),
  primary_color: z.string(),
  accent_color: z.string(),
  theme_id: z.number().int(),
});

const mark = z.object({
  kind: z.enum(INSTANCE_STATES),
  since: z.string(),
  source: z.enum(SOURCES),
  evidence: z.string().optional(),
  /** When a limit of its account ends, for `limited`; without it nobody said so. */
  until: z.string().optional(),
});
/** A state with its proof: since when, who says so, and what was seen. */
export type StateMark = z.infer<typeof mark>;

const exit = z.object({ code: z.number().nullable(), signal: z.string().nullable() });

export const instanceSchema = z.object({
  instance_id: z.string(),
  agent: z.string(),
  session: z.string(),
  pane: z.string().nullable(),
  pid: z.number().nullable(),
  state: mark,
  transitions: z.array(mark),
  branch_name: z.string(),
  workspace_path: z.string(),
  source_repository: z.string(),
  base_commit: z.string(),
  peacock_theme: themeSchema,
  visual_identifier: z.string(),
  task_assignments: z.array(z.string()),
  resource_allocation: z.record(z.string(), z.number()),
  communication_endpoint: z.string(),
  isolation_level: z.literal('worktree'),
  conversation: z.string().nullable(),
  exit: exit.nullable(),
  stop: z.object({ force: z.boolean(), remove: z.boolean() }).nullable(),
  restarts: z.number().int(),
  question: z.string().nullable(),
  /** The named subset of the swarm that it belongs to. */
  group: z.string().nullable(),
  /** The run profile its program runs with now, and the one it was launched with and goes back to. */
  mode: z.string().nullable(),
  launch_mode: z.string().nullable(),
  /** The command that its program was started with; empty when that is not known. */
  argv: z.array(z.string()),
  /** The task that its present conversation was begun for, when one asked for a fresh one. */
  prepared_for: z.string().nullable(),
  /** Being frozen, frozen, or being let go on; `paused_from` is the state it goes back to. */
  hold: z.enum(['pausing', 'frozen', 'resuming']).nullable(),
  paused_from: mark.nullable(),
  created_at: z.string(),
  revision: z.number().int(),
});
/** One running agent in one tmux session and one worktree. `task_assignments` is its queue; the first one is at work. */
export type Instance = z.infer<typeof instanceSchema>;
export type Instances = Readonly<Record<string, Instance>>;

const id = { instance_id: z.string() };

/** Facts about instances. Past tense, serialisable, never edited after release: add a new one instead. */
export const instanceEvents = {
  'instance.created': z.object({
    ...id,
    agent: z.string(),
    session: z.string(),
    branch_name: z.string(),
    workspace_path: z.string(),
    source_repository: z.string(),
    base_commit: z.string(),
    peacock_theme: themeSchema,
    visual_identifier: z.string(),
    communication_endpoint: z.string(),
    group: z.string().nullable().optional(),
    mode: z.string().nullable().optional(),
    /** What it goes back to, where that is not the mode that it begins with. */
    launch_mode: z.string().nullable().optional(),
  }),
  'instance.placed': z.object({ ...id, branch_name: z.string(), workspace_path: z.string() }),
  'instance.started': z.object({
    ...id,
    session: z.string(),
    pane: z.string(),
    pid: z.number(),
    argv: z.array(z.string()).optional(),
  }),
  'instance.moved': z.object({
    ...id,
    state: z.enum(INSTANCE_STATES),
    source: z.enum(SOURCES),
    evidence: z.string().optional(),
    until: z.string().optional(),
    question: z.string().optional(),
    exit: exit.optional(),
  }),
  'instance.conversed': z.object({ ...id, conversation: z.string() }),
  /** `mode`: the run profile of the new program, when it changes; `task`: what it is begun anew for. */
  'instance.restart_requested': z.object({
    ...id,
    fresh: z.boolean(),
    mode: z.string().nullable().optional(),
    task: z.string().optional(),
  }),
  'instance.pause_requested': z.object({ ...id }),
  'instance.paused': z.object({ ...id, evidence: z.string() }),
  'instance.resume_requested': z.object({ ...id }),
  'instance.resumed': z.object({ ...id, evidence: z.string() }),
  'instance.grouped': z.object({ ...id, group: z.string().nullable() }),
  'instance.stop_requested': z.object({ ...id, force: z.boolean(), remove: z.boolean() }),
  'instance.removed': z.object({ ...id }),
};

const KEPT_TRANSITIONS = 20;

const withState = (instance: Instance, state: StateMark): Instance => ({
  ...instance,
  state,
  transitions: [...instance.transitions, state].slice(-KEPT_TRANSITIONS),
});

const isHeld = ({ hold }: Instance): boolean => hold === 'pausing' || hold === 'frozen';

const change = (
  all: Instances,
  instance_id: string,
  seq: number,
  edit: (instance: Instance) => Instance,
): Instances => {
  const instance = Object.hasOwn(all, instance_id) ? all[instance_id] : undefined;
  return instance ? { ...all, [instance_id]: { ...edit(instance), revision: seq } } : all;
};

export const reduceInstances = reducer<Instances, typeof instanceEvents>({
  'instance.created': (all, { group = null, mode = null, launch_mode = mode, ...data }, at, seq) => {
    const state: StateMark = { kind: 'creating', since: at, source: 'command' };
    const instance: Instance = {
      ...data,
      group,
      mode,
      launch_mode,
      argv: [],
      prepared_for: null,
      hold: null,
      paused_from: null,
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
  'instance.started': (all, { instance_id, argv = [], ...place }, at, seq) =>
    change(all, instance_id, seq, (instance) =>
      withState(
        // A new program of a held instance is to be frozen as well.
        {
          ...instance,
          ...place,
          argv,
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
      const state: StateMark = {
        kind: data.state,
        since: at,
        source: data.source,
        ...(data.evidence === undefined ? {} : { evidence: data.evidence }),
        ...(data.until === undefined ? {} : { until: data.until }),
      };
      const rest = { question: data.question ?? null, exit: data.exit ?? instance.exit };
      // What was on its way when it was frozen changes what it goes back to.
      if (instance.state.kind === 'paused' && isAlive(data.state)) return { ...instance, ...rest, paused_from: state };
      const ended = isAlive(data.state) ? {} : { hold: null, paused_from: null };
      return {
        ...withState(instance, state),
        ...rest,
        ...ended,
        stop: data.state === 'stopping' ? instance.stop : null,
      };
    }),
  'instance.conversed': (all, { instance_id, conversation }, _at, seq) =>
    change(all, instance_id, seq, (instance) => ({ ...instance, conversation })),
  'instance.restart_requested': (all, { instance_id, fresh, mode, task }, at, seq) =>
    change(all, instance_id, seq, (instance) => ({
      ...withState(instance, { kind: 'creating', since: at, source: 'command', evidence: 'restart' }),
      // One that is made ready for a task has not failed.
      restarts: instance.restarts + (task === undefined ? 1 : 0),
      conversation: fresh ? null : instance.conversation,
      mode: mode === undefined ? instance.mode : mode,
      prepared_for: task ?? null,
      question: null,
      hold: null,
      paused_from: null,
    })),
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
      ...withState(instance, {
        // One that was never frozen goes on as what it is.
        ...(instance.paused_from ?? instance.state),
        since: at,
        evidence,
      }),
      hold: null,
      paused_from: null,
    })),
  'instance.grouped': (all, { instance_id, group }, _at, seq) =>
    change(all, instance_id, seq, (instance) => ({ ...instance, group })),
  'instance.stop_requested': (all, { instance_id, force, remove }, at, seq) =>
    change(all, instance_id, seq, (instance) => ({
      ...withState(instance, { kind: 'stopping', since: at, source: 'command' }),
      stop: { force, remove },
      hold: null,
      paused_from: null,
    })),
  'instance.removed': (all, { instance_id }) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => key !== instance_id)),
});
