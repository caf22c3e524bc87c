import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { ask } from '../../src/client/request.ts';
import type { Reply } from '../../src/ports/swarm.ts';
import type { State } from '../../src/state/index.ts';
import type { Instance } from '../../src/state/instances.ts';
import type { Run, Task } from '../../src/state/tasks.ts';
import { runMain } from '../helpers/io.ts';
import type { Swarm } from '../helpers/swarm.ts';

/** Says a command as the agent of an instance does, with its token. */
export const sayAs = (swarm: Swarm, instance: string, text: string): Promise<Reply> => {
  const token = readFileSync(`${swarm.paths.instances}/${instance}/token`, 'utf8');
  return ask(swarm.paths, swarm.env, { text, yes: true, actor: instance, token, view: { columns: 80, color: false } });
};

/** The types of all events so far that somebody's word has brought about, not what the daemon saw by itself. */
export const history = async (swarm: Swarm): Promise<string[]> =>
  ((await swarm.say('list events')).data as { type: string; actor: string; data: { verb?: string } }[])
    // A command that was begun is told once more when it has ended: the end counts.
    .filter((event) => event.actor !== 'daemon' && event.data.verb !== '')
    .map((event) => event.type);

/** Waits until the state is so. */
export const until = (swarm: Swarm, holds: (state: State) => boolean, timeout = 90_000): Promise<State> =>
  vi.waitUntil(
    async () => {
      const state = await swarm.state();
      return holds(state) ? state : undefined;
    },
    { timeout, interval: 20 },
  ) as Promise<State>;

export const taskIs = (swarm: Swarm, id: string, kind: Task['state']): Promise<State> =>
  until(swarm, (state) => state.tasks[id]?.state === kind);

export const instanceIs = (swarm: Swarm, id: string, kind: Instance['state']['kind']): Promise<State> =>
  until(swarm, (state) => state.instances[id]?.state.kind === kind);

/** Waits until the agent of a task that hangs has said its last word. */
export const hangs = (swarm: Swarm, id: string): Promise<State> =>
  until(swarm, (state) => state.tasks[id]?.run?.progress === 10);

/** A task that never ends by itself. */
export const hang = (id: string): string => `create task "Hang ${id}" description="rehearse: hang" id=${id}`;

/** Agents that take no time over a task. */
export const QUICK = { DROVER_REHEARSAL_TASK_MS: '20' };

/** Settings in which beast mode is allowed. */
export const BEAST = { agent: 'rehearsal', modes: { beast: { enabled: true } } };

/** Says the words of a shell as `drover` does. */
export const shell = (swarm: Swarm, argv: readonly string[]) => runMain(argv, { cwd: swarm.root, env: swarm.env });

export const instanceNamed = async (swarm: Swarm, id = 'rehearsal-1'): Promise<Instance> =>
  (await swarm.state()).instances[id]!;

export const runOf = async (swarm: Swarm, id: string): Promise<Run> => (await swarm.state()).tasks[id]!.run!;

export const eventsOf = async (swarm: Swarm, type: string) =>
  ((await swarm.say('list events limit=500')).data as { type: string; data: Record<string, unknown> }[]).filter(
    (event) => event.type === type,
  );

/** How often the programs of instances were started. */
export const startsOf = async (swarm: Swarm): Promise<number> => (await eventsOf(swarm, 'instance.started')).length;

/** The folder of a worktree of the swarm. */
export const worktreeAt = (swarm: Swarm, name: string): string => join(swarm.paths.worktrees, name);

/** The data that a command answers with. */
export const answerOf = async <T>(swarm: Swarm, text: string): Promise<T> => (await swarm.say(text)).data as T;
