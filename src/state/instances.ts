import { z } from 'zod';
import { FAILURE_CLASSES } from './failure-classes.ts';
import { recoverySchema } from './recovery.ts';
import { type SandboxMode, strongestOf } from './sandbox-settings.ts';
import { syncResultSchema } from './sync.ts';

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
 * The sources of a state, the surest first: `register` is a file in which the agent itself says what it
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
  /** In the list of transitions: since when a question is asked with which it went on waiting then. */
  asked: z.string().optional(),
});
/** A state with its proof: since when, who says so, and what was seen. */
export type StateMark = z.infer<typeof mark>;

/** The question to a person, in the agent's own words. */
const request = z.object({
  /** The pipe in its folder of the spool at which its hook waits for the answer; null: it is answered by keys. */
  ask: z.string().nullable(),
  tool: z.string(),
  /** The command, path or address, cut when it is long. */
  subject: z.string(),
  /** Which of its helpers asks; null: it itself. */
  helper: z.string().nullable(),
  /** Whether the subject is all of it; missing in what was recorded before it was asked. */
  whole: z.boolean().optional(),
  question: z.string(),
  /** The questions of a tool that asks some, as the agent put them. */
  questions: z.array(z.record(z.string(), z.unknown())).optional(),
  /** What a yes hands back to the tool: a plan, which is carried out as it was read. */
  input: z.record(z.string(), z.unknown()).optional(),
});
export type Request = z.infer<typeof request>;

const verdict = z.object({
  at: z.string(),
  tool: z.string(),
  subject: z.string(),
  decision: z.enum(['allow', 'deny', 'answer']),
  /** The rule or policy of the configuration that decided; null: a person did. */
  rule: z.string().nullable(),
  /** The pipe at which the hook waited that a rule answered. */
  ask: z.string().optional(),
});

const share = z.object({
  user: z.string(),
  uid: z.number().int(),
  /** The guest types as well. */
  rw: z.boolean(),
  /** Where the guest joins. */
  socket: z.string(),
  until: z.string(),
});
/** Another user of the machine who may look at an agent's terminal, or type there too. */
export type Share = z.infer<typeof share>;

const exit = z.object({ code: z.number().nullable(), signal: z.string().nullable() });

/** The host of instances that live on the daemon's own machine. */
export const LOCAL_HOST = 'local';

export const SANDBOXES = ['worktree', 'strict', 'missing'] as const;

/** The states in which an agent waits for a person, or is down, while its task knows nothing of it. */
export const ASIDE_STATES = ['waiting', 'stuck', 'failed', 'lost'] as const satisfies readonly InstanceStateName[];
const aside = z.object({ kind: z.enum(ASIDE_STATES), from: z.string(), to: z.string() });
/** When an agent was in such a state, from when until when. */
export type Aside = z.infer<typeof aside>;

export const instanceSchema = z.object({
  instance_id: z.string(),
  /** The machine that it lives on. */
  host: z.string(),
  agent: z.string(),
  session: z.string(),
  pane: z.string().nullable(),
  pid: z.number().nullable(),
  /** What tells the tmux server of its session from others; missing where that was not noted. */
  server: z.string().optional(),
  state: mark,
  transitions: z.array(mark),
  asides: z
    .array(aside)
    .optional()
    .describe('When it waited for a person or was down, and does no more; missing: never, or what its transitions say'),
  asides_since: z.string().optional().describe('Of what was before, that is not kept; missing: all of it is'),
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
  /** `again`: what it had is handed out to others. */
  stop: z.object({ force: z.boolean(), remove: z.boolean(), again: z.boolean().optional() }).nullable(),
  restarts: z.number().int(),
  question: z.string().nullable(),
  /** The requests that the instance waits with, the oldest first; missing: none, or none that is known more closely. */
  requests: z.array(request).optional(),
  /** The last answers to what it asked for. */
  answers: z.array(verdict).optional(),
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
  /** False: its agent only pretends to work, so it gets no task of an imported plan. Missing: it gets any. */
  takes_plans: z.boolean().optional(),
  /** The plan for a run whose program failed in the middle of it. */
  recovery: recoverySchema.nullable(),
  /** The sandbox that its program was started in; `missing`: it was to be in one, and there was none. Missing itself: none. */
  sandbox: z.enum(SANDBOXES).optional(),
  was_shut_in: z
    .enum(['worktree', 'strict'])
    .optional()
    .describe('The strictest sandbox that a program in its worktree was ever in; missing: none'),
  /** How its worktree was brought up to date the last time; missing: it never was. */
  sync: syncResultSchema.optional(),
  /** Who is admitted to its terminal now; missing: nobody. */
  shares: z.array(share).optional(),
  created_at: z.string(),
  revision: z.number().int(),
});
/**
 * One running agent in one tmux session and one worktree. `task_assignments` is its queue; the first one is at work.
 */
export type Instance = z.infer<typeof instanceSchema>;
export type Instances = Readonly<Record<string, Instance>>;

/** Whether the program of an instance runs in a sandbox. */
export const isShutIn = ({ sandbox = 'missing' }: Pick<Instance, 'sandbox'>): boolean => sandbox !== 'missing';

const id = { instance_id: z.string() };

/** How far those were shut in at most that have had its worktree: what they left there all later programs may run. */
export const shutInSoFar = ({ sandbox, was_shut_in }: Pick<Instance, 'sandbox' | 'was_shut_in'>): SandboxMode =>
  strongestOf([sandbox, was_shut_in]);

/** Facts about instances. Past tense, serialisable, never edited after release: add a new one instead. */
export const instanceEvents = {
  'instance.created': z.object({
    ...id,
    /** Missing: the daemon's own machine. */
    host: z.string().optional(),
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
    /** The mode that the instance goes back to, where that is not the one it begins with. */
    launch_mode: z.string().nullable().optional(),
    takes_plans: z.boolean().optional(),
  }),
  'instance.placed': z.object({ ...id, branch_name: z.string(), workspace_path: z.string() }),
  /** Ports of its machine that are its own from now on: so many, from the first. */
  'instance.ports_given': z.object({ ...id, first: z.number().int(), count: z.number().int() }),
  /** Its worktree was brought up to date with its base, or could not be. */
  'instance.synced': z.object({ ...id, sync: syncResultSchema }),
  'instance.started': z.object({
    ...id,
    session: z.string(),
    pane: z.string(),
    pid: z.number(),
    server: z.string().optional(),
    argv: z.array(z.string()).optional(),
    sandbox: z.enum(SANDBOXES).optional(),
  }),
  'instance.moved': z.object({
    ...id,
    state: z.enum(INSTANCE_STATES),
    source: z.enum(SOURCES),
    evidence: z.string().optional(),
    until: z.string().optional(),
    question: z.string().optional(),
    requests: z.array(request).optional(),
    exit: exit.optional(),
    /** Since when it waits with its question, where it did so before and was not seen meanwhile. */
    asked: z.string().optional(),
    /** What kind of failure it is, where it failed; missing where that was not noted. */
    failure: z.enum(FAILURE_CLASSES).optional(),
  }),
  /** A request was decided: by a rule, or without one by a person. */
  'instance.answered': verdict.omit({ at: true }).extend(id),
  /** Null: the one that it had is not gone on with. */
  'instance.conversed': z.object({ ...id, conversation: z.string().nullable() }),
  /**
   * `mode`: the run profile of the new program, when it changes; `task`: what it is begun anew for; `recovery`: the run
   * that it goes on with.
   */
  'instance.restart_requested': z.object({
    ...id,
    fresh: z.boolean(),
    mode: z.string().nullable().optional(),
    task: z.string().optional(),
    recovery: recoverySchema.optional(),
  }),
  'instance.recovery_planned': z.object({ ...id, recovery: recoverySchema }),
  'instance.recovery_ended': z.object({ ...id, because: z.string() }),
  'instance.pause_requested': z.object({ ...id }),
  'instance.paused': z.object({ ...id, evidence: z.string() }),
  'instance.resume_requested': z.object({ ...id }),
  'instance.resumed': z.object({ ...id, evidence: z.string() }),
  'instance.grouped': z.object({ ...id, group: z.string().nullable() }),
  'instance.stop_requested': z.object({
    ...id,
    force: z.boolean(),
    remove: z.boolean(),
    again: z.boolean().optional(),
  }),
  /** Whoever was admitted before under that name is admitted by this alone. */
  'instance.shared': share.extend(id),
  'instance.unshared': z.object({ ...id, user: z.string(), because: z.string() }),
  'instance.removed': z.object({ ...id }),
};
