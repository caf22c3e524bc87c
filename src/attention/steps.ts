import { counted, mostOf, someOf } from '../lib/names.ts';
import { saidId, saidOption } from '../protocol/say.ts';
import { isUnderWay } from '../state/batches.ts';
import type { State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { isStaying, presentIn } from '../state/moves.ts';
import type { Task } from '../state/tasks.ts';
import { isPretence, mayDo, pinnedTo, trialCommand } from '../tasks/may-do.ts';
import { standingOf, waitsForChoice } from '../tasks/race.ts';
import { groupTasks, type TaskGroups } from '../tasks/task-groups.ts';
import { strandedByGivenUp } from './blocked.ts';
import type { FinishedWork } from './finished-work.ts';
import { lookAt, type Need } from './needs.ts';
import { heldWork, pausedWork, type Standstill, stoppedIn, stoppedWork } from './standstill.ts';

/** What kinds of steps there are. */
export const STEP_KINDS = [
  'answer',
  'look',
  'resume',
  'run',
  'launch',
  'try',
  'choose',
  'review',
  'approve',
  'merge',
  'catch-up',
  'deliver',
  'import',
  'create',
  'know',
] as const;

/** What a person can do next: why, in a few words that may be none, and the command that does it. */
export type Step = {
  readonly kind: (typeof STEP_KINDS)[number];
  readonly why: string;
  readonly command: string;
  /** Whether something stands still until it is done: then it is said aloud, and not only offered. */
  readonly isPressing: boolean;
};

const WEIGHTY: readonly Step['kind'][] = ['launch', 'approve', 'merge', 'catch-up', 'deliver', 'import', 'create'];

/** Whether a step sets much going: its command is put into the line, where it can be read, changed, and sent off. */
export const isWeighty = ({ kind }: Pick<Step, 'kind'>): boolean => WEIGHTY.includes(kind);

/** A branch of a person that can be brought forward to what is merged, and the commits that it lacks, without merges. */
export type Delivery = {
  readonly branch: string;
  readonly commits: number;
  /** Commits of it that have to be brought into the branch of the merges before. */
  readonly own: number;
  /** The branch of the merges. */
  readonly integration: string;
  /** The files in which its own commits conflict with what is merged, so that no command brings them in; missing where they do not. */
  readonly conflicts?: readonly string[];
  /** How its commit fails a gate by itself, and the batch that has judged it; missing where it does not as far as is known. */
  readonly failed?: { readonly batch: string; readonly problem: string };
  /** What keeps it from being brought forward: files that are changed in its checkout, for instance; missing where nothing does. */
  readonly hindered?: string;
  /** Tasks whose work the branch has, and what is brought there takes back; missing where there are none. */
  readonly takes_back?: readonly string[];
};

/** Where the swarm is at home, as far as somebody has looked; the state does not know it. */
export type Surroundings = {
  /**
   * The agent that `launch` starts, what a person calls it, and whether it gets tasks of plans; null where no agent that
   * works is here.
   */
  readonly agent: { readonly name: string; readonly title: string; readonly takesPlans: boolean } | null;
  /** Whether that is the agent of the settings, so that `launch` alone starts it. */
  readonly isUsual: boolean;
  /** Commands that import the plans which lie here and are not imported. */
  readonly plans: readonly string[];
  /** Whether the repository has a configuration of its own. */
  readonly isSetUp?: boolean;
  /** How many instances may live at the same time, `limits.maxInstances`. */
  readonly maxInstances?: number;
  /** Whether only work is merged that a person has approved. */
  readonly isReviewedFirst?: boolean;
  /** Null where no branch lacks anything, or git has not been asked. */
  readonly delivery?: Delivery | null;
};

/** How many agents are proposed at most: enough to see what a swarm is. */
const FEW = 3;

type Situation = {
  readonly state: State;
  readonly groups: TaskGroups;
  /** Instances that take tasks, now or when they are done with theirs. */
  readonly present: readonly Instance[];
};

const situationOf = (state: State): Situation => {
  const groups = groupTasks(state);
  return {
    state,
    groups,
    present: Object.values(state.instances).filter((one) => isStaying(one.state.kind)),
  };
};

const resuming = (still: Standstill): Step => ({ kind: 'resume', ...still });

/** Who holds tasks back has a reason: what is finished goes on before that. */
const heldStep = (situation: Situation): Step[] =>
  situation.state.swarm.paused ? [] : heldWork(situation).map(resuming);

const resumeStep = (situation: Situation): Step[] => {
  const { state, groups, present } = situation;
  if (!state.swarm.paused) return pausedWork(situation).map(resuming);
  if (present.length === 0 || groups.queued.length + groups.ready.length === 0) return [];
  const queued = groups.queued.length;
  const why = `The swarm is paused${queued > 0 ? `; ${counted(queued, 'task')} queued` : ''}`;
  return [{ kind: 'resume', why, command: 'resume swarm', isPressing: true }];
};

const isFree = ({ state, hold }: Instance): boolean => state.kind === 'idle' && hold === null;

/** How many more instances may live. */
const placesIn = ({ state }: Situation, surroundings: Surroundings | null): number =>
  (surroundings?.maxInstances ?? Number.POSITIVE_INFINITY) - presentIn(state).length;

const runStep = (situation: Situation, surroundings: Surroundings | null): Step[] => {
  const {
    state,
    present,
    groups: { ready },
  } = situation;
  const isFull = placesIn(situation, surroundings) <= 0;
  // A task that is run anew without words is for every agent: where none can be launched, that is what helps.
  const asRun = (task: Task): Task => (isFull ? { ...task, run_agent: null, run_group: null } : task);
  const doable = ready.filter((task) => present.some((one) => mayDo(asRun(task), one)));
  if (state.swarm.paused || doable.length === 0) return [];
  const free = present.filter(isFree).length;
  const tasks = `${counted(doable.length, 'task')} ready`;
  const why = free > 0 ? `${counted(free, 'agent')} idle, ${tasks}` : `${tasks}, which nobody will start`;
  return [{ kind: 'run', why, command: 'run all ready tasks', isPressing: free > 0 }];
};

/** What a task was asked for with. */
type Wishes = Pick<Task, 'run_agent' | 'run_group'>;

/** How so many agents that work are launched, of the agent and for the group that were asked for. */
const launchCommand = (number: number, { run_agent, run_group }: Wishes, surroundings: Surroundings | null): string => {
  const { agent = null, isUsual = true } = surroundings ?? {};
  const other = agent === null || isUsual ? null : agent.name;
  const wished = isUsual && run_agent === agent?.name ? null : run_agent;
  const name = wished ?? other;
  const which = name === null ? '' : ` ${saidOption('agent', name)}`;
  const where = run_group === null ? '' : ` ${saidOption('group', run_group)}`;
  return `launch ${number} ${number === 1 ? 'instance' : 'instances'}${which}${where}`;
};

/** Whether one that is launched as the task was asked for may do it. */
const isForNewcomer = (task: Task, { instances }: State, agent: Surroundings['agent']): boolean => {
  const { run_agent } = task;
  const known = run_agent === null ? undefined : Object.values(instances).find((one) => one.agent === run_agent);
  const takesPlans =
    run_agent === null || run_agent === agent?.name ? (agent?.takesPlans ?? true) : known?.takes_plans !== false;
  return pinnedTo(task) === null && !isPretence(task, { takes_plans: takesPlans });
};

const launchStep = (situation: Situation, surroundings: Surroundings | null): Step[] => {
  const { state, present, groups } = situation;
  const known = [...present, ...stoppedIn(state)];
  const wanted = [...groups.ready, ...groups.queued].filter(
    (task) => !known.some((one) => mayDo(task, one)) && isForNewcomer(task, state, surroundings?.agent ?? null),
  );
  const [first] = wanted;
  const places = placesIn(situation, surroundings);
  // Where no agent is there that works, none can be launched: whoever draws the empty screen says so.
  if (!first || surroundings?.agent === null || places <= 0) return [];
  const alike = wanted.filter((task) => task.run_agent === first.run_agent && task.run_group === first.run_group);
  const command = launchCommand(Math.min(FEW, alike.length, places), first, surroundings);
  const them = alike.length === 1 ? 'it' : 'them';
  const nobody = present.length === 0 ? 'no agent is here' : `no agent here may do ${them}`;
  const which = groups.queued.length > 0 ? 'to do' : 'ready';
  return [{ kind: 'launch', why: `${counted(alike.length, 'task')} ${which}, ${nobody}`, command, isPressing: true }];
};

/** Whoever was stopped and may do what there is goes on with it: that is what its worktree and its conversation were kept for. */
const restartStep = (situation: Situation, surroundings: Surroundings | null): Step[] =>
  stoppedWork(situation, placesIn(situation, surroundings)).map((still) => ({ kind: 'launch', ...still }));

/** What is there for a plan where the only agent that is here pretends to work. */
const tryStep = ({ state, present, groups: { ready } }: Situation, surroundings: Surroundings | null): Step[] => {
  const newcomer = { takes_plans: surroundings?.agent?.takesPlans ?? true };
  const idle = ready.filter((task) => isPretence(task, newcomer) && !present.some((one) => mayDo(task, one)));
  const plan = idle[0]?.spec ?? null;
  if (plan === null) return [];
  const why = `${counted(idle.length, 'task')} of a plan ready, which rehearsal agents only try in a copy`;
  return [{ kind: 'try', why, command: trialCommand(state.specs, plan), isPressing: present.length === 0 }];
};

/** What opens the work of a task. */
export const reviewCommand = (task: string): string => `review task ${saidId(task)}`;

/** What was finished goes on to be looked at, merged, and brought to the person's own branch: each by itself. */
const finishSteps = (
  { state, groups }: Situation,
  finished: FinishedWork,
  surroundings: Surroundings | null,
): readonly Step[] => {
  // While a batch runs the header says how far it is.
  if (Object.values(state.batches).some(isUnderWay)) return [];
  const isPressing = groups.running.length + groups.queued.length === 0;
  const [first] = finished.unreviewed;
  const review: Step[] = first
    ? [
        {
          kind: 'review',
          why: `${counted(finished.unreviewed.length, 'task')} done, to review`,
          command: reviewCommand(first.id),
          isPressing,
        },
      ]
    : [];
  const delivery = surroundings?.delivery ?? null;
  const before = [...review, ...catchUpStep(delivery, isPressing)];
  const { merges } = finished;
  if (merges.length > 0) {
    const unseen = merges.filter((task) => finished.unreviewed.includes(task)).length;
    const note = unseen === 0 ? '' : unseen === merges.length ? ', not reviewed' : `, ${unseen} of them not reviewed`;
    const why = `${counted(merges.length, 'task')} to merge${note}`;
    return [...before, { kind: 'merge', why, command: 'merge completed branches', isPressing }];
  }
  return [...before, ...deliverStep(delivery, isPressing && review.length === 0)];
};

/** What a person has committed meanwhile is for the agents, and for what judges the merges. */
const catchUpStep = (delivery: Delivery | null, isPressing: boolean): readonly Step[] => {
  if (delivery === null || delivery.own === 0) return [];
  const { branch, commits, own, integration, conflicts } = delivery;
  if (conflicts) {
    const where = conflicts.length === 0 ? '' : ` in ${someOf(conflicts, FEW)}`;
    const why = `${branch} has ${counted(own, 'commit')} that ${own === 1 ? 'conflicts' : 'conflict'} with ${integration}${where}: neither gets what the other has`;
    return [{ kind: 'look', why, command: 'status git', isPressing: isPressing && commits > 0 }];
  }
  const why = `${branch} has ${counted(own, 'commit')} that ${integration} lacks`;
  return [
    { kind: 'catch-up', why, command: `sync branch ${saidId(integration)}`, isPressing: isPressing && commits > 0 },
  ];
};

/** So many of the tasks that a delivery takes back are named before the others are only counted. */
const MOST_BACK = 3;

const deliverStep = (delivery: Delivery | null, isPressing: boolean): readonly Step[] => {
  if (delivery === null || delivery.own > 0) return [];
  const { branch, commits, integration, failed, hindered, takes_back: back = [] } = delivery;
  // It would be refused once more.
  if (hindered !== undefined)
    return [{ kind: 'look', why: `Not to be delivered to ${branch}: ${hindered}`, command: 'status git', isPressing }];
  if (failed)
    return [
      {
        kind: 'look',
        why: `Not to be delivered to ${branch}, ${integration} fails a gate: ${failed.problem}`,
        command: `show integration ${failed.batch}`,
        isPressing,
      },
    ];
  // There may be merges alone, of work that was brought there by hand.
  const what = commits === 0 ? 'Merges' : `${counted(commits, 'commit')} merged,`;
  const taking = back.length === 0 ? '' : ` taking back ${mostOf(back, MOST_BACK)},`;
  const why = `${what}${taking} to deliver to ${branch}`;
  return [{ kind: 'deliver', why, command: `merge completed branches ${saidOption('to', branch)}`, isPressing }];
};

/**
 * How what is merged comes to the branch of the person, whatever else is to be done before or after; null where that lacks nothing,
 * where git has not been asked, and while a batch runs.
 */
export const deliveryStep = (state: State, { delivery = null }: Pick<Surroundings, 'delivery'>): Step | null => {
  if (Object.values(state.batches).some(isUnderWay)) return null;
  const [step = null] = [...catchUpStep(delivery, false), ...deliverStep(delivery, false)];
  return step;
};

/** Races of which all racers have finished: their tasks stand still until somebody takes a winner. */
const chooseStep = ({ state, groups }: Situation): Step[] => {
  const [first, ...others] = groups.running.filter((task) => waitsForChoice(task, state.tasks));
  if (!first) return [];
  const { passed, racers } = standingOf(first, state.tasks);
  const more = others.length === 0 ? '' : `, and ${counted(others.length, 'more race')}`;
  const why = `${first.id}: ${passed.length} of ${racers} racers passed${more}`;
  return [{ kind: 'choose', why, command: `show race ${saidId(first.id)}`, isPressing: true }];
};

/** Nobody begins what waits for a task that was given up, and nothing else tells of it. */
const strandedStep = ({ state, groups }: Situation): Step[] => {
  // What was asked for, and so is waited for, is told of first, and while others are at work as well.
  const asked = groups.waiting.filter((task) => task.requested);
  const stranded = strandedByGivenUp(state, asked) ?? strandedByGivenUp(state, groups.waiting);
  const isAsked = stranded !== null && asked.some(({ id }) => id === stranded.task);
  const isPressing = isAsked || groups.running.length + groups.queued.length === 0;
  return stranded
    ? [{ kind: 'look', why: stranded.why, command: `show task ${saidId(stranded.task)}`, isPressing }]
    : [];
};

const planStep = ({ state, present, groups }: Situation, surroundings: Surroundings | null): Step[] => {
  const { running, queued, ready, held, waiting } = groups;
  const open = running.length + queued.length + ready.length + held.length + waiting.length;
  const create: Step = { kind: 'create', why: '', command: 'create task "…"', isPressing: false };
  if (open > 0) return [create];
  const [command] = surroundings?.plans ?? [];
  if (command !== undefined && Object.keys(state.tasks).length === 0)
    return [{ kind: 'import', why: 'A plan is here', command, isPressing: true }, create];
  return [{ ...create, why: present.length > 0 ? `${counted(present.length, 'agent')} without a task` : '' }];
};

/** What to do about a need; undefined where nothing can be done but to know it. */
export const stepFor = (need: Need): Step | undefined => {
  const { kind, text, help } = need;
  if (help === null) return undefined;
  // Somebody who may not answer is shown the question.
  const isAnswer = kind === 'question' && help !== lookAt(need);
  return { kind: isAnswer ? 'answer' : 'look', why: text, command: help, isPressing: true };
};

/** The same step for somebody who looks at the work of a task already: what follows a review. */
export const beyondReview = (step: Step, task: string): Step =>
  step.kind === 'review' && step.command === reviewCommand(task)
    ? { ...step, kind: 'approve', command: `approve task ${saidId(task)}` }
    : step;

/** What can be done next besides what needs a person, in the order to do it; the last can always be done. */
export const workSteps = (state: State, finished: FinishedWork, surroundings: Surroundings | null): readonly Step[] => {
  const situation = situationOf(state);
  return [
    ...resumeStep(situation),
    ...runStep(situation, surroundings),
    ...restartStep(situation, surroundings),
    ...launchStep(situation, surroundings),
    ...tryStep(situation, surroundings),
    ...chooseStep(situation),
    ...finishSteps(situation, finished, surroundings),
    ...strandedStep(situation),
    ...heldStep(situation),
    ...planStep(situation, surroundings),
  ];
};
