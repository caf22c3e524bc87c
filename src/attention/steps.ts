import { counted, mostOf, someOf } from '../lib/names.ts';
import { saidId, saidOption } from '../protocol/say.ts';
import { isUnderWay } from '../state/batches.ts';
import type { State } from '../state/index.ts';
import { isStaying } from '../state/moves.ts';
import type { Task } from '../state/tasks.ts';
import { claimHolder } from '../tasks/claims.ts';
import { mayDo } from '../tasks/may-do.ts';
import { standingOf, waitsForChoice } from '../tasks/race.ts';
import { groupTasks, type TaskGroups } from '../tasks/task-groups.ts';
import { strandedByGivenUp } from './blocked.ts';
import type { FinishedWork } from './finished-work.ts';
import { FEW, launchStep, moreStep, placesIn, pretenceSteps, type Situation } from './launches.ts';
import { lookAt, type Need } from './needs.ts';
import { openPlans } from './spec-places.ts';
import { FEW_MERGES, type Delivery, type Step, type Surroundings } from './step.ts';
import {
  heldWork,
  isFree,
  isFrozenWork,
  pausedWork,
  type Standstill,
  stoppedWork,
  tasksToAssign,
  unassignedWork,
} from './standstill.ts';

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

const resumeStep = (situation: Situation, surroundings: Surroundings | null): Step[] => {
  const { state, groups, present } = situation;
  if (!state.swarm.paused) return pausedWork(situation).map(resuming);
  const { queued, ready, running } = groups;
  const begun = running.filter((task) => isFrozenWork(task, state)).length;
  const toAssign = tasksToAssign(groups, surroundings?.isManual ?? false).length;
  const begins = queued.length - toAssign;
  const why = [
    'The swarm is paused',
    ...(begun > 0 ? [`${counted(begun, 'task')} ${begun === 1 ? 'stands' : 'stand'} still in the middle`] : []),
    ...(begins > 0 ? [`${counted(begins, 'task')} queued`] : []),
    ...(toAssign > 0 ? [`${counted(toAssign, 'task')} to assign`] : []),
  ].join('; ');
  // Where there is nothing to do, or nobody who would, it is told all the same: nothing else says why nothing begins.
  const isPressing = present.length > 0 && begun + queued.length + ready.length > 0;
  return [{ kind: 'resume', why, command: 'resume swarm', isPressing }];
};

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
  // What waits for files that others have is begun by nobody who is free.
  const free = doable.every((task) => claimHolder(task, state)) ? 0 : present.filter(isFree).length;
  const tasks = `${counted(doable.length, 'task')} ready`;
  const why = free > 0 ? `${counted(free, 'agent')} idle, ${tasks}` : `${tasks}, which nobody will start`;
  return [{ kind: 'run', why, command: 'run all ready tasks', isPressing: free > 0 }];
};

/** What is asked for begins by itself, but where people hand out the tasks. */
const assignStep = (situation: Situation, surroundings: Surroundings | null): Step[] =>
  surroundings?.isManual === true ? unassignedWork(situation).map((still): Step => ({ kind: 'run', ...still })) : [];

/** Whoever was stopped and may do what there is goes on with it: that is what its worktree and its conversation were kept for. */
const restartStep = (situation: Situation, surroundings: Surroundings | null): Step[] =>
  stoppedWork(situation, placesIn(situation, surroundings)).map((still) => ({ kind: 'launch', ...still }));

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
    const asks = merges.length > FEW_MERGES ? ({ asks: true } as const) : {};
    return [...before, { kind: 'merge', why, command: 'merge completed branches', isPressing, ...asks }];
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
  const taking = back.length === 0 ? '' : ` taking back ${mostOf(back, MOST_BACK)},`;
  const why = `${counted(commits, 'commit')} merged,${taking} to deliver to ${branch}`;
  return [
    { kind: 'deliver', why, command: `merge completed branches ${saidOption('to', branch)}`, isPressing, asks: true },
  ];
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

const hasOpen = ({ running, queued, ready, held, waiting }: TaskGroups): boolean =>
  running.length + queued.length + ready.length + held.length + waiting.length > 0;

/** Whether there is something to be done still, so that no plan is proposed. */
export const hasOpenTasks = (state: State): boolean => hasOpen(groupTasks(state));

const planStep = ({ state, present, groups }: Situation, surroundings: Surroundings | null): Step[] => {
  const create: Step = { kind: 'create', why: '', command: 'create task "…"', isPressing: false };
  if (hasOpen(groups)) return [create];
  if (surroundings?.isDeliveryAsked) return [];
  const [command] = openPlans(state, surroundings);
  if (command !== undefined) {
    // Where something was done already, what else lies here may be meant for nobody.
    const isPressing = Object.keys(state.tasks).length === 0;
    return [{ kind: 'import', why: 'A plan is here', command, isPressing }, create];
  }
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
  const launches = [...restartStep(situation, surroundings), ...launchStep(situation, surroundings)];
  return [
    ...resumeStep(situation, surroundings),
    ...runStep(situation, surroundings),
    ...assignStep(situation, surroundings),
    ...launches,
    ...pretenceSteps(situation, surroundings),
    ...chooseStep(situation),
    ...finishSteps(situation, finished, surroundings),
    ...strandedStep(situation),
    ...heldStep(situation),
    ...(launches.length === 0 ? moreStep(situation, surroundings) : []),
    ...planStep(situation, surroundings),
  ];
};
