import { setTimeout as pause } from 'node:timers/promises';
import { saidId } from '../../protocol/say.ts';
import { openReplica, type Replica } from '../../client/replica.ts';
import type { PredictedConflict } from '../../state/conflicts.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { awaitsReview } from '../../state/reviews.ts';
import type { Task } from '../../state/tasks.ts';
import { isReady } from '../../tasks/select.ts';
import { conflictText } from '../../text/conflict-text.ts';
import { moneyText, tokensText } from '../../text/cost-rows.ts';
import { plural } from '../../text/wording.ts';
import { totalTokens } from '../../state/usage.ts';
import { ANSWER } from './demo-script.ts';
import { conflictsText } from './met-conflicts.ts';
import type { Scratch } from './scratch.ts';
import { untilState } from './until.ts';

/** Where the story is told. */
export type Stage = {
  /** Says what the story has come to. */
  readonly tell: (title: string, text: string) => void;
  /** Presses keys, one after the other, as long as nobody else does; does nothing where nobody looks at a screen. */
  readonly press: (...keys: readonly string[]) => Promise<void>;
  /** Whether somebody has pressed a key: then the screen is theirs. */
  readonly isTaken: () => boolean;
  /** Time to read what was told. */
  readonly beat: (times?: number) => Promise<void>;
};

/** What came up, and may be over when it is its turn to be told. */
type Seen = { crash: Instance | undefined; pair: PredictedConflict | undefined };
type Told = { questions: number; crashes: number; foreseen: number; approved: number };
type Scene = {
  readonly say: Scratch['say'];
  readonly stage: Stage;
  readonly told: Told;
  readonly seen: Seen;
  readonly state: () => State;
  /** Resolves when nobody should wait any longer for what may not come. */
  readonly giveUp: (ms: number) => Promise<void>;
  readonly until: (holds: (state: State) => boolean) => Promise<State>;
};

const ESCAPE = '\u001B';
const HELP = '\u0007';
/** How many beats a person has to answer before the demo does. */
const PATIENCE = 25;
/** How long a conflict may take to be seen, and what was sent back to come again: much longer than on any machine. */
const LOOK_MS = 10_000;
const LONGEST_MS = 60_000;

const isQuiet = ({ tasks }: State): boolean =>
  Object.values(tasks).every(
    (task) => !['assigned', 'running', 'verifying'].includes(task.state) && !(task.requested && isReady(task, tasks)),
  );

const waiting = ({ instances }: State) => Object.values(instances).find(({ state }) => state.kind === 'waiting');
const crashed = ({ instances }: State) => Object.values(instances).find(({ recovery }) => recovery !== null);
const isWaiting = (state: State, id: string): boolean => state.instances[id]?.state.kind === 'waiting';

const unmerged = (state: State): readonly Task[] =>
  Object.values(state.tasks).filter(
    ({ state: is, run, batch }) => is === 'done' && run?.result != null && batch === null,
  );

/** Whether anything that was begun may still be merged. */
const isUnderWay = ({ tasks }: State): boolean =>
  Object.values(tasks).some(
    ({ batch, run, requested, state }) =>
      batch === null && (run !== null || requested) && !['failed', 'blocked', 'cancelled'].includes(state),
  );

const toApprove = (state: State): readonly Task[] =>
  unmerged(state).filter((task) => awaitsReview(state.reviews, task));

const question = async ({ until, state, say, stage, told }: Scene): Promise<void> => {
  const asking = waiting(await until((now) => waiting(now) !== undefined || isQuiet(now)));
  if (!asking) return;
  const { instance_id: id } = asking;
  stage.tell(
    `${id} asks: ${asking.question ?? '?'}`,
    'Only this agent waits. Press r (Ctrl-G in the command line) and answer it.',
  );
  await stage.beat(4);
  await stage.press(HELP);
  await stage.beat();
  if (isWaiting(state(), id)) await stage.press(...ANSWER, '\r');
  const answered = until((now) => !isWaiting(now, id));
  await Promise.race([answered, stage.beat(stage.isTaken() ? PATIENCE : 1)]);
  // Nobody answered. Somebody who does it in this very moment is faster, and right.
  if (isWaiting(state(), id)) await say(`answer ${saidId(id)} "${ANSWER}"`).catch(() => undefined);
  await answered;
  told.questions += 1;
};

const crash = async ({ until, stage, told, seen }: Scene): Promise<void> => {
  await until((now) => seen.crash !== undefined || isQuiet(now));
  if (!seen.crash) return;
  const { instance_id: id, recovery } = seen.crash;
  stage.tell(
    `The program of ${id} crashed in the middle of task ${recovery?.task ?? '?'}.`,
    'Drover starts it again: same conversation, same branch, nothing is lost.',
  );
  const isBack = (now: State): boolean => {
    const next = now.instances[id]?.recovery?.next ?? null;
    return next === null && now.instances[id]?.state.kind !== 'failed';
  };
  await Promise.all([until(isBack), stage.beat(3)]);
  stage.tell(`${id} is back, in the same conversation.`, 'Nobody had to do anything.');
  told.crashes += 1;
  await stage.beat(2);
};

const cost = async ({ state, stage }: Scene): Promise<void> => {
  const { swarm } = state().usage;
  stage.tell(
    `So far: ${moneyText(swarm)} and ${tokensText(totalTokens(swarm))} tokens.`,
    'Counted by agent and by task; a budget warns you, or pauses the agents.',
  );
  await stage.press(ESCAPE, '6');
  await stage.beat(3);
  await stage.press('1');
};

const conflict = async ({ until, stage, told, seen, giveUp }: Scene): Promise<void> => {
  const foreseen = until(() => seen.pair !== undefined);
  // The two that change the same file are the last ones; what they changed stays in sight.
  const over = until(isQuiet).then(() => giveUp(LOOK_MS));
  await Promise.race([foreseen, over]);
  const { pair } = seen;
  if (!pair) return;
  told.foreseen += 1;
  stage.tell(
    `A conflict is foreseen: ${conflictText(pair).replace(/ \([^()]*\)$/u, '')}.`,
    'Nothing is merged yet: Drover compares the worktrees while agents write.',
  );
  await stage.press(ESCAPE, '5');
  await stage.beat(4);
};

/** Says yes to all that waits for it, as a person would who has looked at it. */
const approve = async ({ state, say, told }: Scene): Promise<void> => {
  for (const { id } of toApprove(state())) {
    await say(`approve task ${saidId(id)}`);
    told.approved += 1;
  }
};

const review = async (scene: Scene): Promise<void> => {
  const { state, stage } = scene;
  const waits = toApprove(state());
  if (waits.length === 0) return;
  stage.tell(
    `${plural(waits.length, 'task')} done and checked. Look at each change, its check, cost and evidence.`,
    'A approves, S sends back; what nobody approved stays out. The demo approves.',
  );
  await stage.press(ESCAPE, '9');
  await stage.beat(2);
  await stage.press('\r');
  await stage.beat(3);
  await stage.press('A');
  await stage.beat();
  await approve(scene);
};

const merge = async (scene: Scene): Promise<void> => {
  const { until, state, say, stage, giveUp } = scene;
  if (unmerged(state()).length === 0) return;
  stage.tell(
    'The approved work is merged, in an order that keeps conflicts small.',
    'The check runs again before anything is published.',
  );
  await stage.press(ESCAPE, '2');
  await say('merge completed branches', [6]);
  const [aside] = Object.values(state().batches).flatMap((batch) => batch.set_aside);
  if (aside) {
    stage.tell(
      `${aside.task} was set aside: ${aside.message}.`,
      'The others are merged. It goes back to its agent, which makes both fit.',
    );
    await stage.press('1');
    await stage.beat(2);
  }
  while (isUnderWay(state())) {
    const later = until((now) => !isUnderWay(now) || toApprove(now).length > 0);
    await Promise.race([later, giveUp(LONGEST_MS)]);
    if (toApprove(state()).length === 0) return;
    await approve(scene);
  }
};

const importPlan = async (say: Scratch['say'], spec: string, instances: number): Promise<void> => {
  await say(['import', 'spec', spec, 'policy=none', 'barrier=true']);
  await say(['launch', String(instances), 'instances']);
};

/** What the story came to, as it is said at its end. */
export type Ending = {
  readonly isGood: boolean;
  readonly headline: string;
  readonly lines: readonly [string, string, ...string[]];
};

const endingOf = (state: State, told: Told, ms: number): Ending => {
  const tasks = Object.values(state.tasks);
  const open = tasks.filter(({ state: is, run }) => is !== 'done' || run !== null);
  const done = open.filter(({ state: is }) => is === 'done').length;
  const merged = open.filter(({ batch }) => batch !== null).length;
  const failed = open.filter(({ state: is }) => is === 'failed').length;
  const isGood = merged === open.length;
  const batches = Object.values(state.batches).map(({ id, target, merged: own, set_aside }) => {
    const aside = set_aside.map(({ task, message }) => `, ${task} set aside (${message})`).join('');
    return `${id}: ${own.length === 1 ? '1 branch' : `${own.length} branches`} merged into ${target}${aside}.`;
  });
  const [mark, time] = [isGood ? '✔' : '✖', `${Math.round(ms / 1000)} s`];
  const money = moneyText(state.usage.swarm);
  return {
    isGood,
    // Beside it stands the head of the screen, which counts what was done before as well.
    headline: `${mark} ${done + tasks.length - open.length} of ${tasks.length} tasks done, ${merged} reviewed and merged in ${time}, for ${money} play money.`,
    lines: [
      `${mark} ${done} of ${open.length} open tasks done and verified, ${failed} failed; ${merged} reviewed and merged in ${time}, for ${money} play money.`,
      `${plural(told.questions, 'question')} answered, ${plural(told.crashes, 'crash')} recovered, ${conflictsText(state, told.foreseen)}.`,
      ...batches,
    ],
  };
};

/** Plays the story from the plan to the last merge. What of it does not happen is left out. */
export const tellStory = async (scratch: Scratch, instances: number, stage: Stage): Promise<Ending> => {
  const { closing, env, paths, say, spec } = scratch;
  const began = performance.now();
  const replica: Replica = await openReplica({
    paths,
    env,
    view: () => ({ columns: 120, color: false }),
    actor: 'cli',
  });
  const told = { questions: 0, crashes: 0, foreseen: 0, approved: 0 };
  const seen: Seen = { crash: undefined, pair: undefined };
  const look = (): void => {
    seen.crash ??= crashed(replica.state);
    seen.pair ??= Object.values(replica.state.predicted).find(({ files }) => files.length > 0);
  };
  const stop = replica.subscribe(look);
  const scene: Scene = {
    ...{ say, stage, told, seen },
    state: () => replica.state,
    giveUp: (ms) => pause(ms, undefined, { signal: closing }),
    until: (holds) => untilState(replica, closing, holds),
  };
  try {
    stage.tell(
      `A plan of 12 tasks, one of them done, and ${plural(instances, 'agent')}, each with a session and worktree.`,
      'They only rehearse and cost nothing; all else is real. Any key takes over.',
    );
    await importPlan(say, spec, instances);
    await stage.beat(2);
    await say('run all tasks');
    await question(scene);
    await crash(scene);
    await cost(scene);
    await conflict(scene);
    await scene.until(isQuiet);
    await review(scene);
    await merge(scene);
    return endingOf(replica.state, told, performance.now() - began);
  } finally {
    stop();
    replica.close();
  }
};
