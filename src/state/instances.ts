import { z } from 'zod';
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
  'stopping',
  'stopped',
  'failed',
  'lost',
  'unknown',
] as const;
export type InstanceStateName = (typeof INSTANCE_STATES)[number];

/** Where the knowledge of a state comes from, the surest first. A `screen` state is a guess and is shown as one. */
export const SOURCES = ['command', 'hook', 'report', 'terminal', 'drover', 'screen'] as const;

const theme = z.object({
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
  peacock_theme: theme,
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
    peacock_theme: theme,
    visual_identifier: z.string(),
    communication_endpoint: z.string(),
  }),
  'instance.placed': z.object({ ...id, branch_name: z.string(), workspace_path: z.string() }),
  'instance.started': z.object({ ...id, session: z.string(), pane: z.string(), pid: z.number() }),
  'instance.moved': z.object({
    ...id,
    state: z.enum(INSTANCE_STATES),
    source: z.enum(SOURCES),
    evidence: z.string().optional(),
    question: z.string().optional(),
    exit: exit.optional(),
  }),
  'instance.conversed': z.object({ ...id, conversation: z.string() }),
  'instance.restart_requested': z.object({ ...id, fresh: z.boolean() }),
  'instance.stop_requested': z.object({ ...id, force: z.boolean(), remove: z.boolean() }),
  'instance.removed': z.object({ ...id }),
};

const KEPT_TRANSITIONS = 20;

const withState = (instance: Instance, state: StateMark): Instance => ({
  ...instance,
  state,
  transitions: [...instance.transitions, state].slice(-KEPT_TRANSITIONS),
});

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
  'instance.created': (all, data, at, seq) => {
    const state: StateMark = { kind: 'creating', since: at, source: 'command' };
    const instance: Instance = {
      ...data,
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
  'instance.started': (all, { instance_id, ...place }, at, seq) =>
    change(all, instance_id, seq, (instance) =>
      withState(
        { ...instance, ...place, exit: null, stop: null },
        { kind: 'starting', since: at, source: 'terminal', evidence: `process ${place.pid} in pane ${place.pane}` },
      ),
    ),
  'instance.moved': (all, data, at, seq) =>
    change(all, data.instance_id, seq, (instance) => ({
      ...withState(instance, {
        kind: data.state,
        since: at,
        source: data.source,
        ...(data.evidence === undefined ? {} : { evidence: data.evidence }),
      }),
      question: data.question ?? null,
      exit: data.exit ?? instance.exit,
      stop: data.state === 'stopping' ? instance.stop : null,
    })),
  'instance.conversed': (all, { instance_id, conversation }, _at, seq) =>
    change(all, instance_id, seq, (instance) => ({ ...instance, conversation })),
  'instance.restart_requested': (all, { instance_id, fresh }, at, seq) =>
    change(all, instance_id, seq, (instance) => ({
      ...withState(instance, { kind: 'creating', since: at, source: 'command', evidence: 'restart' }),
      restarts: instance.restarts + 1,
      conversation: fresh ? null : instance.conversation,
      question: null,
    })),
  'instance.stop_requested': (all, { instance_id, force, remove }, at, seq) =>
    change(all, instance_id, seq, (instance) => ({
      ...withState(instance, { kind: 'stopping', since: at, source: 'command' }),
      stop: { force, remove },
    })),
  'instance.removed': (all, { instance_id }) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => key !== instance_id)),
});
