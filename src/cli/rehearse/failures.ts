import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { pidOfDaemon } from '../../client/gone.ts';
import { openReplica, type Replica } from '../../client/replica.ts';
import { defineError } from '../../lib/errors.ts';
import { spoolFolderOf } from '../../lib/paths.ts';
import type { State } from '../../state/index.ts';
import {
  type AgentHarm,
  type FailureTrial,
  isAgentHarm,
  type TriedFailure,
  trialText,
} from '../../text/failure-trial.ts';
import { withCleanEnd } from '../interrupt.ts';
import type { Flags, Io } from '../io.ts';
import { printLine } from '../print.ts';
import { bundledPlan, openScratch, type Scratch } from './scratch.ts';
import { untilState } from './until.ts';

const unknownFailure = defineError('rehearse/unknown-failure', 2, (p: { failure: string }) => ({
  message: `There is no failure "${p.failure}" to rehearse.`,
  hint: `Choose one of: ${Object.keys(TRIALS).join(', ')}.`,
}));

const noLimits = defineError('rehearse/no-limits', 1, () => ({
  message: 'A disk cannot be made full for one process here: the program prlimit is missing.',
  hint: 'It comes with util-linux, on Linux alone.',
}));

/** An agent without a sign of life for so long hangs; usually it is five minutes. */
const IDLE_MS = 3000;
/** How often a folder is looked at for what cannot be waited for otherwise, in milliseconds. */
const LOOK_MS = 20;

const SETTINGS = {
  agent: 'rehearsal',
  recovery: { backoff_ms: 200 },
  timeouts: { idle_ms: IDLE_MS },
  integration: { send_back: true },
};

type Stage = Scratch & { readonly replica: Replica; readonly limitMs: number };
/** Makes it fail and waits until all is well again; gives what was seen to happen. The clock runs from the failure on. */
type Trial = (stage: Stage, fails: () => void) => Promise<string>;

const until = ({ replica, closing }: Stage, holds: (state: State) => boolean): Promise<State> =>
  untilState(replica, closing, holds);

const isDone =
  (id: string) =>
  ({ tasks }: State) =>
    tasks[id]?.state === 'done';

/** Has one of two agents work on a task, and gives which. The other keeps the tmux server alive when it loses its session. */
const begin = async (stage: Stage, words: string): Promise<string> => {
  await stage.say('launch 2 instances');
  await stage.say(['create', 'task', words, 'id=t1']);
  await stage.say('run task t1');
  const { tasks } = await until(stage, (state) => (state.tasks['t1']?.run?.progress ?? 0) > 0);
  return tasks['t1']!.run!.instance;
};

const hang: Trial = async (stage, fails) => {
  await begin(stage, 'Long. rehearse: hang 1');
  fails();
  await until(stage, isDone('t1'));
  return 'its program was started again and the task is done, in the same run';
};

const harmAgent =
  (failure: AgentHarm): Trial =>
  async (stage, fails) => {
    const id = await begin(stage, 'Long. rehearse: hang 1');
    fails();
    const said = `test failure simulate ${failure} id=${id} allow-chaos recovery-time=${stage.limitMs}ms`;
    const { data } = await stage.say(said, [1]);
    if (!(data as FailureTrial).recovered) return stage.closing.aborted ? '' : new Promise<never>(() => undefined);
    await until(stage, isDone('t1'));
    return 'its program was started again and the task is done, in the same run';
  };

/** The message that a turn has ended, among those that nobody has read yet. */
const endOfTurn = async ({ paths, closing }: Stage, id: string): Promise<string> => {
  const folder = spoolFolderOf(paths, id);
  for (;;) {
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    const found = names.find((name) => readFileSync(join(folder, name), 'utf8').includes('"hook_event_name":"Stop"'));
    if (found !== undefined) return join(folder, found);
    await pause(LOOK_MS, undefined, { signal: closing });
  }
};

const loseMessage: Trial = async (stage, fails) => {
  const { paths } = stage;
  const id = await begin(stage, 'Short. rehearse: slow');
  const daemon = await pidOfDaemon(paths);
  if (daemon === undefined) return 'there is no daemon';
  // While the daemon stands still nobody reads what the agent says: one of its messages is taken away.
  process.kill(daemon, 'SIGSTOP');
  try {
    rmSync(await endOfTurn(stage, id));
  } finally {
    process.kill(daemon, 'SIGCONT');
  }
  fails();
  await until(stage, isDone('t1'));
  return 'the agent seemed to hang, was started again, and the task is done';
};

const fillDisk: Trial = async (stage, fails) => {
  const { say, paths, replica } = stage;
  await say('create task "Before" id=before');
  const daemon = await pidOfDaemon(paths);
  const limit = ['--pid', String(daemon), '--fsize=0:'];
  const { exitCode } = await execa('prlimit', limit, { reject: false });
  if (exitCode !== 0) throw noLimits();
  fails();
  await say('create task "Refused" id=refused').catch(() => undefined);
  // Another daemon has no such limit: whoever says something next starts it.
  for (;;) {
    const reply = await replica.run('create task "After" id=after').catch(() => undefined);
    if (reply?.exit === 0 || reply?.exit === 6) break;
    await pause(LOOK_MS, undefined, { signal: stage.closing });
  }
  await until(stage, ({ tasks }) => tasks['before'] !== undefined && tasks['after'] !== undefined);
  return 'what could not be written was refused, the next daemon went on, and nothing that was acknowledged is gone';
};

const makeConflict: Trial = async (stage, fails) => {
  const { say } = stage;
  await say('launch 2 instances');
  for (const id of ['t1', 't2']) await say(['create', 'task', `Both. rehearse: conflict shared.txt`, `id=${id}`]);
  await say('run all tasks wait=true');
  await say('merge branch t1');
  fails();
  await say('merge branch t2', [6]);
  await until(stage, ({ tasks }) => tasks['t2']?.state === 'done' && tasks['t2'].batch !== null);
  return 'the second task was set aside, went back to its agent, and is merged';
};

const TRIALS: Readonly<Record<TriedFailure, Trial>> = {
  'instance-crash': harmAgent('instance-crash'),
  'agent-hang': hang,
  'session-lost': harmAgent('session-lost'),
  'message-loss': loseMessage,
  'disk-full': fillDisk,
  'merge-conflict': makeConflict,
};

/** Runs a trial until it is well again or its time is over. */
const measure = async (scratch: Scratch, failure: TriedFailure, limitMs: number): Promise<FailureTrial> => {
  const { paths, env } = scratch;
  const replica = await openReplica({ paths, env, view: () => ({ columns: 120, color: false }), actor: 'cli' });
  const over = Promise.withResolvers<undefined>();
  let began = 0;
  let timer: NodeJS.Timeout | undefined;
  const fails = (): void => {
    began = performance.now();
    timer = setTimeout(() => over.resolve(undefined), limitMs);
  };
  try {
    const trial = TRIALS[failure]({ ...scratch, replica, limitMs }, fails);
    const how = await Promise.race([trial, over.promise]);
    const seconds = how === undefined ? null : Math.round(performance.now() - began) / 1000;
    const base = { failure, on: 'a rehearsal', limit_s: limitMs / 1000, seconds };
    return { ...base, recovered: how !== undefined, how: how ?? 'what it waited for did not come' };
  } finally {
    clearTimeout(timer);
    replica.close();
  }
};

/** `drover rehearse --failure KIND MILLISECONDS`: a failure made on purpose, in a repository that is thrown away. */
export const rehearseFailure = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const [failure = '', ms = ''] = argv;
  if (!Object.hasOwn(TRIALS, failure)) throw unknownFailure({ failure });
  const env = {
    ...io.env,
    DROVER_REHEARSAL_TASK_MS: isAgentHarm(failure) || failure === 'agent-hang' ? '20..40' : '300..400',
  };
  const trial = await withCleanEnd(
    io,
    () => openScratch({ spec: bundledPlan(), settings: SETTINGS, env }),
    (scratch) => measure(scratch, failure as TriedFailure, Number(ms)),
  );
  printLine(io.stdout, flags.json ? JSON.stringify(trial) : trialText(trial));
  return trial.recovered ? 0 : 1;
};
