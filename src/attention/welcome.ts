import type { State } from '../state/index.ts';
import { doneCount, doneInWords, uncheckedNote } from '../tasks/done-count.ts';
import { groupTasks } from '../tasks/task-groups.ts';
import type { Attention } from './attention.ts';
import { launchCommand } from './launches.ts';
import type { Step, Surroundings } from './step.ts';
import { openPlans } from './spec-places.ts';

/** A way on: what it is good for, and what to say. */
type Offer = {
  readonly why: string;
  readonly commands: readonly string[];
  /** Whether it is said in a shell, and not here. */
  readonly isForShell: boolean;
};

/** What stands where the agents will be while there is none: how things are, and how to go on. */
type Welcome = { readonly title: string; readonly offers: readonly Offer[] };

/** How many plans are named. */
const PLANS = 4;

const here = (why: string, ...commands: readonly string[]): Offer => ({ why, commands, isForShell: false });
const shell = (why: string, command: string): Offer => ({ why, commands: [command], isForShell: true });

const CREATE = 'create task "…"';

/** A trial costs nothing, but a plan of the repository is not for it: agents that only pretend would tick it. */
const TRIALS: readonly Offer[] = [
  shell('To see first how it works, in a scratch repository, in a shell:', 'drover demo'),
  here('or here, with agents that do no work:', 'launch 3 instances agent=rehearsal'),
];

/** What a step does that a command alone does not tell. */
const noteOf = ({ kind, why, command }: Step, surroundings: Surroundings | null): string => {
  const { agent } = surroundings ?? {};
  if (kind === 'launch' && command.startsWith('restart ')) return 'Start again who was stopped:';
  if (kind === 'launch') return agent ? `It starts ${agent.title}:` : 'Start agents:';
  if (kind === 'try') return 'In a copy that is thrown away:';
  if (kind === 'review') return 'Look at the first:';
  if (kind === 'merge') return 'Merge what is done:';
  if (kind === 'catch-up') return 'Bring them in:';
  if (kind === 'deliver') return 'Bring it there:';
  return STILL.includes(kind) ? `${why}:` : '';
};

/** Steps without which something stands still for ever, though no agent is here. */
const STILL: readonly Step['kind'][] = ['look', 'resume', 'choose'];

/** The steps that finished work takes. */
const FINISHING: readonly Step['kind'][] = ['review', 'merge', 'catch-up', 'deliver'];

const countTasks = (n: number): string => (n === 1 ? 'The task is' : `All ${n} tasks are`);

/** How the tasks stand where nothing is to be launched for them. */
const headOf = (state: State, work: readonly Step[]): string => {
  const groups = groupTasks(state);
  const count = doneCount(groups);
  const { done, total, unchecked } = count;
  if (total === 0) return 'No agent yet.';
  if (done < total) return `No agent is here; ${doneInWords(count, 'tasks')}.`;
  const note = total === 1 && unchecked === 1 ? ' (unchecked)' : uncheckedNote(unchecked);
  const [first] = work;
  const isMerged = groups.done.every(({ batch, run }) => batch !== null || run === null);
  if (first?.kind === 'deliver' || first?.kind === 'catch-up') return `${countTasks(total)} done${note}. ${first.why}.`;
  return `${countTasks(total)} done${note}${isMerged ? ' and merged' : ''}.`;
};

const planOffers = (plans: readonly string[]): readonly Offer[] =>
  plans.length === 0
    ? []
    : [here(plans.length === 1 ? 'A plan is here:' : 'Plans are here:', ...plans.slice(0, PLANS))];

/** The agent that is configured, or found, where it works: it may be started before there is a task. */
const ownOffer = (surroundings: Surroundings | null): readonly Offer[] => {
  const { agent, isSetUp, plans = [] } = surroundings ?? {};
  // What is to be set up, or planned, comes before that.
  if (!agent?.takesPlans || isSetUp === false || plans.length > 0) return [];
  return [
    here(
      `or start ${agent.title} already, which then waits for a task:`,
      launchCommand(1, { run_agent: null, run_group: null }, surroundings),
    ),
  ];
};

/** Where no agent can be launched, it says how to get one first. */
const withoutProgram = (state: State): Welcome => ({
  title: 'No agent yet.',
  offers: [
    shell('No agent program is here. Install one; in a shell, this says which ones Drover knows:', 'drover doctor'),
    ...(Object.keys(state.tasks).length > 0 ? [here('The tasks wait meanwhile:', 'list tasks')] : TRIALS),
  ],
});

/** What is offered where no agent is, to somebody who may say all of it. */
const welcomeAll = (state: State, work: Attention['work'], surroundings: Surroundings | null): Welcome => {
  if (surroundings?.agent === null) return withoutProgram(state);
  // That the swarm is paused keeps nobody from what can be done before agents begin.
  const isBeside = ({ kind, isPressing }: Step): boolean => state.swarm.paused && kind === 'resume' && !isPressing;
  const others = work.filter((step) => !isBeside(step));
  const resumes = work.filter(isBeside).map((step) => here(noteOf(step, surroundings), step.command));
  const [next] = others;
  if (next?.kind === 'launch' || next?.kind === 'try')
    return { title: `${next.why}.`, offers: [here(noteOf(next, surroundings), next.command), ...resumes] };
  const setUp =
    surroundings?.isSetUp === false
      ? [shell('To choose the agent and the check of this repository first, in a shell:', 'drover init')]
      : [];
  const plans = planOffers(next?.kind === 'import' ? openPlans(state, surroundings) : []);
  const steps = others
    .filter(({ kind }) => FINISHING.includes(kind) || STILL.includes(kind))
    .map((step) => here(noteOf(step, surroundings), step.command));
  const isNew = Object.keys(state.tasks).length === 0;
  const create = here(isNew && plans.length === 0 ? 'Say what is to be done:' : 'or say what is to be done:', CREATE);
  return {
    title: headOf(state, others),
    offers: [
      ...setUp,
      ...plans,
      ...steps,
      ...(steps.length > 0 ? [] : [create]),
      ...resumes,
      ...(isNew ? [...ownOffer(surroundings), ...TRIALS] : []),
    ],
  };
};

/** What is offered where no agent is: by what there is of a configuration, agent programs, plans and tasks, and who reads it. */
export const welcomeOf = (
  state: State,
  { work, maySay }: Pick<Attention, 'work' | 'maySay'>,
  surroundings: Surroundings | null,
): Welcome => {
  const { title, offers } = welcomeAll(state, work, surroundings);
  const possible = offers.map((one) => ({
    ...one,
    commands: one.commands.filter((line) => one.isForShell || maySay(line)),
  }));
  return { title, offers: possible.filter(({ commands }) => commands.length > 0) };
};
