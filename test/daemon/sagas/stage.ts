import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Reply } from '../../../src/ports/swarm.ts';
import type { State } from '../../../src/state/index.ts';
import { testRepository } from '../../helpers/swarm.ts';
import { BUILT, sayAs, startDaemon } from '../process.ts';
import { halvesIn } from './halves.ts';
import { linesOf } from './once.ts';

const FIXTURE = fileURLToPath(new URL('../../fixtures/kill-at-step.mjs', import.meta.url));
const PATIENCE_MS = 120_000;
/** What a living daemon is writing is half for so long at most. */
const PASSING_MS = 20_000;
const LOOK_MS = 25;

/**
 * When the daemon dies: before a step, by its number since a fact or by how its name begins, or so many milliseconds after
 * it has ordered it. With `withAll` whatever it has started dies in the same moment, and then tmux with all agents.
 */
type Death = {
  readonly from: string | undefined;
  readonly step?: number;
  readonly at?: string;
  readonly afterMs?: number;
  readonly withAll?: boolean;
};

/** What an operation comes to in any case, where that is more than that nothing is under way. */
export type Goal = {
  readonly isReached?: ((state: State) => boolean) | undefined;
  /** What whoever asked is answered, as an exit code. */
  readonly exit?: number | undefined;
  /** How often each task was begun by then. */
  readonly attempts?: number | undefined;
};

/** What is not at its end yet. A task that hangs on purpose stays where it is. */
const underWay = ({ instances, tasks, batches }: State): string[] => [
  ...Object.values(instances).flatMap(({ instance_id: id, state: { kind }, hold }) =>
    [kind, hold].flatMap((one) =>
      ['creating', 'starting', 'stopping', 'pausing', 'resuming'].includes(one ?? '') ? [`${id} is ${one}`] : [],
    ),
  ),
  ...Object.values(tasks).flatMap(({ id, state, run }) =>
    ['assigned', 'verifying'].includes(state) ||
    (state === 'running' && (!id.startsWith('hang') || run?.progress === 0))
      ? [`${id} is ${state}`]
      : [],
  ),
  ...Object.values(batches).flatMap(({ id, state }) =>
    ['running', 'rolling-back'].includes(state) ? [`${id} is ${state}`] : [],
  ),
];

const notOver = (state: State, { isReached = () => true }: Goal): string[] => [
  ...underWay(state),
  ...(isReached(state) ? [] : ['it does not come to its end']),
];

/** A swarm whose daemon dies at steps, and is started again. */
export const openStage = (options: Parameters<typeof testRepository>[0] = {}) => {
  const repository = testRepository(options);
  const file = join(repository.root, '..', 'step');
  const env = {
    ...repository.env,
    TMPDIR: join(repository.root, '..'),
    KILL_STEP: file,
    NODE_OPTIONS: `--import=${FIXTURE}`,
  };
  let said = 0;
  let daemon: Awaited<ReturnType<typeof startDaemon>> | undefined;
  let before: ReadonlySet<string> = new Set();

  const say = (text: string, id?: string): Promise<Reply | undefined> => {
    said += 1;
    return sayAs(repository.paths, id ?? `s${said}`, text).catch(() => undefined);
  };
  const need = async (text: string, id?: string): Promise<Reply> => {
    const reply = await say(text, id);
    if (reply?.exit !== 0) throw new Error(`"${text}": ${reply?.exit} ${reply?.message} ${daemon?.log()}`);
    return reply;
  };
  /** The state; undefined when there is no daemon. */
  const known = async (): Promise<State | undefined> =>
    ((await say('status swarm detailed'))?.data as { state: State } | undefined)?.state;
  const state = async (): Promise<State> => {
    const now = await known();
    if (!now) throw new Error(`the daemon does not answer: ${daemon?.log()}`);
    return now;
  };
  /** Kills the tmux server, and the agents in it, as where a machine stops. */
  const killTmux = (): void => {
    const pids = repository.tmux('display-message', '-p', '#{pid}', ';', 'list-panes', '-a', '-F', '#{pane_pid}');
    for (const pid of linesOf(pids))
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It has ended with the server.
      }
  };
  return {
    ...repository,
    say,
    need,
    state,
    /** Resolves when the daemon has ended, whatever ended it. */
    ended: async (): Promise<void> => void (await daemon!.exited),
    start: async (): Promise<void> => {
      daemon = await startDaemon({ paths: repository.paths, env }, ':', BUILT);
    },
    /** Waits until nothing is under way any more, and tells what is half of something then and was not before. */
    halves: async (goal: Goal = {}): Promise<readonly string[]> => {
      for (let end = Date.now() + PATIENCE_MS; ; await pause(LOOK_MS)) {
        const now = await state();
        const still = notOver(now, goal);
        if (still.length > 0 && Date.now() < end) continue;
        const all = [...still, ...halvesIn(repository, now, goal.attempts ?? 1)];
        const news = all.filter((one) => !before.has(one));
        end = Math.min(end, Date.now() + PASSING_MS);
        if (news.length > 0 && Date.now() < end) continue;
        before = new Set(all);
        return news;
      }
    },
    /** Says a command of which the daemon dies; the steps that it has come to, and whether it did die and has answered. */
    sayDying: async (
      text: string,
      death: Death,
      { id, goal = {} }: { readonly id?: string; readonly goal?: Goal } = {},
    ): Promise<{ steps: readonly string[]; died: boolean; answered: boolean }> => {
      writeFileSync(file, JSON.stringify(death));
      const reply = await say(text, id);
      // Of what is refused no step is seen, and nothing would be half.
      if (reply && reply.exit !== (goal.exit ?? 0)) throw new Error(`"${text}": ${reply.exit} ${reply.message}`);
      // Some operations go on behind their answer.
      const end = Date.now() + PATIENCE_MS;
      for (let now = reply && (await known()); now && notOver(now, goal).length > 0; now = await known()) {
        if (Date.now() > end) throw new Error(`"${text}": ${notOver(now, goal).join(', ')}`);
        await pause(LOOK_MS);
      }
      rmSync(file);
      const steps = existsSync(`${file}.steps`) ? readFileSync(`${file}.steps`, 'utf8').trim().split('\n') : [];
      rmSync(`${file}.steps`, { force: true });
      const isLast =
        steps.length >= (death.step ?? Infinity) ||
        (death.at !== undefined && steps.at(-1)?.startsWith(death.at) === true);
      // It may have answered before.
      const died = reply === undefined || isLast;
      if (died) await daemon!.exited;
      if (died && death.withAll) killTmux();
      return { steps, died, answered: reply !== undefined };
    },
    worktree: (id: string): string =>
      join(repository.paths.worktrees, readdirSync(repository.paths.worktrees).find((name) => basename(name) === id)!),
    [Symbol.asyncDispose]: async () => {
      await daemon?.kill();
      repository[Symbol.dispose]();
    },
  };
};

export type Stage = ReturnType<typeof openStage>;
