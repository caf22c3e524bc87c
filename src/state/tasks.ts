import { z } from 'zod';
import { recordOf } from '../lib/records.ts';
import { FAILURE_CLASSES } from './failure-classes.ts';
import { raceSchema } from './races.ts';
import { patcher } from './reducer.ts';
import { begunRun, cameAlong, withProgress } from './worked.ts';
import { WORKFLOWS } from './workflows.ts';

export const TASK_STATES = [
  'open',
  'assigned',
  'running',
  'verifying',
  'done',
  'failed',
  'blocked',
  'cancelled',
] as const;
export type TaskStateName = (typeof TASK_STATES)[number];
export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;

export type FailureClass = (typeof FAILURE_CLASSES)[number];

const failure = z.object({
  class: z.enum(FAILURE_CLASSES),
  message: z.string(),
  /** The end of what the check printed that failed; missing where none ran, or before it was kept. */
  output: z.string().optional(),
});
const count = z.number().int();
const result = z.object({
  head_commit: z.string(),
  ...{ commits: count, files: count, insertions: count, deletions: count },
  check_ms: z.number(),
  check_output: z.string(),
});
/** The result that a verified run left behind. `check_output` is the tail of what the check printed. */
export type RunResult = z.infer<typeof result>;

/** Commits of attempts that the work of a run has in it, unmerged or taken back when that was looked at, and whose they are. */
const builtOn = z.array(z.object({ task: z.string(), commit: z.string() }));

export const runSchema = z.object({
  attempt: z.number().int(),
  instance: z.string(),
  branch: z.string(),
  start_commit: z.string(),
  goes_on_from: z.string().optional().describe('The branch of an earlier attempt with whose commits its own begins'),
  started_at: z.string(),
  claimed_at: z.string().nullable(),
  ended_at: z.string().nullable(),
  progress: z.number(),
  note: z.string().nullable(),
  summary: z.string().nullable(),
  result: result.nullable(),
  failure: failure.nullable(),
  /** The run profile it ran with. */
  mode: z.string().nullable(),
  /** How often its agent was told to go on with it after its program was started again. */
  restarts: z.number().int(),
  /** How long its agent waited for a person or was frozen in it, in milliseconds; missing: not at all, or not recorded. */
  waited_ms: z.number().optional(),
  by_hand: z.string().optional().describe('Who went on with it by hand after its agent had ended'),
  /** How long it had been worked on when its agent told this progress; missing: it told none, or that was not recorded. */
  progressed_ms: z.number().optional(),
  built_on: builtOn
    .optional()
    .describe(
      'The verified commits of other tasks, or of earlier attempts, that its work has in it and that were not merged then',
    ),
});
/** A run is one attempt of a task. */
export type Run = z.infer<typeof runSchema>;

/** What an agent is told when the work of a task goes back to it, and the branch that it goes on with. */
const instruction = z.object({
  branch: z.string(),
  by: z.string(),
  text: z.string(),
  /** The branch that is to be merged into it first. */
  merge: z.string().optional(),
});
export type Instruction = z.infer<typeof instruction>;

/** A task as its plan has it, without anything that happened to it. */
export const taskPlanSchema = z.object({
  id: z.string(),
  /** Its number in the file of its plan, where that is not what its id says: tasks keep their ids when a plan is renumbered. */
  number: z.string().optional(),
  title: z.string(),
  description: z.string(),
  details: z.array(z.string()),
  spec: z.string().nullable(),
  imported: z.boolean().optional().describe('Set where a list that is no plan has brought it'),
  group: z.string().nullable(),
  requirements: z.array(z.string()),
  acceptance_criteria: z.array(z.string()),
  /** Tasks, and gates. */
  dependencies: z.array(z.string()),
  /** The same by the rule that says so; what is in none of its lists was said by hand. */
  dependency_rules: z.record(z.string(), z.array(z.string())).optional(),
  /** The gates that it opens: a task with one of them among its dependencies waits for all tasks that open it. */
  opens: z.array(z.string()).optional(),
  barrier: z.boolean(),
  priority: z.enum(PRIORITIES),
  estimated_duration: z.number().nullable(),
  complexity_score: z.number(),
  required_capabilities: z.array(z.string()),
  /** Patterns of the files that it claims for itself while it runs. */
  files: z.array(z.string()).optional(),
  /** What it is done with; without it, or null, what the settings say. */
  workflow: z.enum(WORKFLOWS).nullable().optional(),
  check: z.string().nullable(),
});
export type TaskPlan = z.infer<typeof taskPlanSchema>;

export const taskSchema = taskPlanSchema.extend({
  state: z.enum(TASK_STATES),
  since: z.string(),
  requested: z.boolean(),
  assignee: z.string().nullable(),
  pinned: z.boolean(),
  run: runSchema.nullable(),
  attempts: z.number().int(),
  history: z.array(runSchema),
  blocked_by: z.string().nullable(),
  batch: z.string().nullable(),
  merge_commit: z.string().nullable(),
  /** How it was asked to be run: in which profile, in a new conversation, by instances of which group and agent. */
  mode: z.string().nullable(),
  fresh: z.boolean(),
  run_group: z.string().nullable(),
  run_agent: z.string().nullable(),
  /** How often it was tried again by itself since somebody asked for it. */
  retries: z.number().int(),
  /** Not handed out until it is resumed. */
  held: z.boolean(),
  /** Out of the way of lists; nothing of it is lost. */
  archived: z.boolean(),
  /** Its work was sent back and is not verified again yet. */
  instruction: instruction.optional(),
  /** Several instances do it at once, or did; the latest race. */
  race: raceSchema.optional(),
  /** The task that it is raced for, where it is one racer's. */
  race_of: z.string().optional(),
  created_at: z.string(),
  revision: z.number().int(),
});
/** Leaf of a plan. `open` and with every dependency `done` it is what people call ready. */
export type Task = z.infer<typeof taskSchema>;
export type Tasks = Readonly<Record<string, Task>>;

const id = { id: z.string() };

/** Facts about tasks and their runs. Past tense, serialisable, never edited after release: add a new one instead. */
export const taskEvents = {
  'task.created': z.object({ task: taskPlanSchema, done: z.boolean() }),
  'task.edited': z.object({ ...id, changes: taskPlanSchema.omit({ id: true }).partial() }),
  'task.requested': z.object({
    ids: z.array(z.string()),
    mode: z.string().nullable().optional(),
    fresh: z.boolean().optional(),
    group: z.string().nullable().optional(),
    agent: z.string().nullable().optional(),
    retries: z.number().int().optional(),
  }),
  'task.held': z.object({ ...id, held: z.boolean() }),
  'task.archived': z.object({ ...id, archived: z.boolean() }),
  'task.assigned': z.object({ ...id, instance: z.string(), pinned: z.boolean(), reason: z.string() }),
  'task.unassigned': z.object({ ...id, reason: z.string() }),
  'task.blocked': z.object({ ...id, reason: z.string() }),
  'task.reopened': z.object({ ...id, reason: z.string() }),
  'task.sent_back': z.object({ ...id, reason: z.string(), instruction }),
  'task.cancelled': z.object({ ...id }),
  /** Its last attempt came along with the merge of a task that has that in it, and nobody had asked for another one. */
  'task.came_along': z.object({ ...id, batch: z.string(), commit: z.string() }),
  'task.removed': z.object({ ...id }),
  'run.started': z.object({
    ...id,
    instance: z.string(),
    branch: z.string(),
    start_commit: z.string(),
    mode: z.string().nullable().optional(),
    goes_on_from: z.string().optional(),
  }),
  'run.continued': z.object({ ...id, reason: z.string() }),
  /** What its base has by now was brought into its branch: its own work begins at another commit. */
  'run.rebased': z.object({ ...id, start_commit: z.string() }),
  'run.progressed': z.object({ ...id, progress: z.number().min(0).max(100), note: z.string().nullable() }),
  'run.claimed': z.object({ ...id, summary: z.string().nullable(), by_hand: z.string().optional() }),
  'run.verified': z.object({ ...id, result }),
  'run.failed': z.object({ ...id, failure }),
  /** What a verified run has in it of attempts that are not merged. */
  'run.built_on': z.object({ ...id, on: builtOn }),
};

/** Tasks that an event creates or changes; null removes one. A plan may be long, so nothing else of it is named. */
export type TaskPatch = Readonly<Record<string, Task | null>>;

const change = (all: Tasks, id: string, seq: number, edit: (task: Task) => Task): TaskPatch => {
  const task = recordOf(all, id);
  return task ? { [id]: { ...edit(task), revision: seq } } : {};
};

const withState = (task: Task, state: TaskStateName, at: string): Task => ({ ...task, state, since: at });

const withRun = (task: Task, edit: (run: Run) => Run): Task => (task.run ? { ...task, run: edit(task.run) } : task);

const KEPT_RUNS = 20;

/** The run leaves `run` and stays readable in `history`; the branch it worked on is kept by name there. */
export const withRunInHistory = (task: Task): Task =>
  task.run ? { ...task, run: null, history: [...task.history, task.run].slice(-KEPT_RUNS) } : task;

const openedAgain = (task: Task, at: string): Task => ({
  ...withState(withRunInHistory(task), 'open', at),
  assignee: null,
  requested: false,
  blocked_by: null,
  batch: null,
  merge_commit: null,
});

/** What it was sent back with is settled, or nobody wants it any more. */
const withoutInstruction = ({ instruction: _settled, ...task }: Task): Task => task;

/** A task to which nothing has happened yet. */
export const createdTask = (
  plan: TaskPlan,
  { state, at, seq }: { readonly state: 'open' | 'done'; readonly at: string; readonly seq: number },
): Task => ({
  ...plan,
  state,
  since: at,
  requested: false,
  assignee: null,
  pinned: false,
  run: null,
  attempts: 0,
  history: [],
  blocked_by: null,
  batch: null,
  merge_commit: null,
  mode: null,
  fresh: false,
  run_group: null,
  run_agent: null,
  retries: 0,
  held: false,
  archived: false,
  created_at: at,
  revision: seq,
});

export const patchTasks = patcher<Tasks, typeof taskEvents, TaskPatch>({
  'task.created': (_all, { task, done }, at, seq) => ({
    [task.id]: createdTask(task, { state: done ? 'done' : 'open', at, seq }),
  }),
  'task.edited': (all, { id, changes }, _at, seq) =>
    change(all, id, seq, (task) => ({ ...task, ...(changes as Partial<Task>) })),
  'task.requested': (all, { ids, mode, fresh, group, agent, retries }, _at, seq) =>
    Object.assign(
      {},
      ...ids.map((id) =>
        change(all, id, seq, (task) => ({
          ...task,
          requested: true,
          // Wishes that are not said stay as they were asked for before.
          mode: mode === undefined ? task.mode : mode,
          fresh: fresh ?? task.fresh,
          run_group: group === undefined ? task.run_group : group,
          run_agent: agent === undefined ? task.run_agent : agent,
          retries: retries ?? task.retries,
        })),
      ),
    ) as TaskPatch,
  'task.held': (all, { id, held }, _at, seq) => change(all, id, seq, (task) => ({ ...task, held })),
  'task.archived': (all, { id, archived }, _at, seq) => change(all, id, seq, (task) => ({ ...task, archived })),
  'task.assigned': (all, { id, instance, pinned }, at, seq) =>
    change(all, id, seq, (task) => ({
      ...withState(withRunInHistory(task), 'assigned', at),
      assignee: instance,
      pinned,
      blocked_by: null,
    })),
  'task.unassigned': (all, { id }, at, seq) =>
    change(all, id, seq, (task) => ({ ...withState(task, 'open', at), assignee: null, pinned: false })),
  'task.blocked': (all, { id, reason }, at, seq) =>
    change(all, id, seq, (task) => ({ ...withState(task, 'blocked', at), assignee: null, blocked_by: reason })),
  'task.reopened': (all, { id }, at, seq) => change(all, id, seq, (task) => openedAgain(task, at)),
  'task.sent_back': (all, { id, instruction }, at, seq) =>
    change(all, id, seq, (task) => ({ ...openedAgain(task, at), instruction })),
  'task.cancelled': (all, { id }, at, seq) =>
    change(all, id, seq, (task) => ({
      ...withState(withRunInHistory(withoutInstruction(task)), 'cancelled', at),
      assignee: null,
      requested: false,
    })),
  'task.came_along': (all, { id, batch, commit }, at, seq) =>
    change(all, id, seq, (task) => cameAlong(task, batch, commit, at)),
  'task.removed': (all, { id }) => (Object.hasOwn(all, id) ? { [id]: null } : {}),
  'run.started': (all, { id, ...begun }, at, seq) =>
    change(all, id, seq, (task) => ({
      ...withState(withRunInHistory(task), 'running', at),
      assignee: begun.instance,
      attempts: task.attempts + 1,
      run: begunRun(task.attempts + 1, begun, at),
    })),
  'run.continued': (all, { id }, _at, seq) =>
    change(all, id, seq, (task) => withRun(task, (run) => ({ ...run, restarts: run.restarts + 1 }))),
  'run.rebased': (all, { id, start_commit }, _at, seq) =>
    change(all, id, seq, (task) => withRun(task, (run) => ({ ...run, start_commit }))),
  'run.progressed': (all, told, at, seq) =>
    change(all, told.id, seq, (task) => withRun(task, (run) => withProgress(run, told, at))),
  'run.claimed': (all, { id, summary, by_hand }, at, seq) =>
    change(all, id, seq, (task) =>
      withRun(withState(task, 'verifying', at), (run) => ({
        ...{ ...run, claimed_at: at, summary },
        ...(by_hand === undefined ? {} : { by_hand }),
      })),
    ),
  'run.verified': (all, { id, result }, at, seq) =>
    change(all, id, seq, (task) =>
      withRun({ ...withState(withoutInstruction(task), 'done', at), requested: false }, (run) => ({
        ...run,
        // Its agent had ended before somebody went on by hand: that is nobody's time but theirs.
        ended_at: run.ended_at ?? at,
        progress: 100,
        result,
      })),
    ),
  'run.failed': (all, { id, failure }, at, seq) =>
    change(all, id, seq, (task) =>
      withRun({ ...withState(task, 'failed', at), requested: false }, (run) => ({
        ...run,
        // A verified run that fails its gate at the merge had ended before.
        ended_at: run.ended_at ?? at,
        failure,
      })),
    ),
  'run.built_on': (all, { id, on }, _at, seq) =>
    change(all, id, seq, (task) => withRun(task, (run) => ({ ...run, built_on: on }))),
});
