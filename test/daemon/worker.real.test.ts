import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openPipedTarget } from '../../src/target/piped.ts';
import { WORKER } from '../contract/target-kinds.ts';
import { openSwarm, shipped, type testRepository } from '../helpers/swarm.ts';
import { until } from './until.ts';

type Repository = ReturnType<typeof testRepository>;

/** Where everything of the worker lies: nothing of it is where the daemon would look on its own machine. */
const placeOf = ({ root }: Pick<Repository, 'root'>) => join(root, '..', 'worker');

const environmentOf = (repository: Pick<Repository, 'root' | 'env'>): Record<string, string> => {
  const folder = placeOf(repository);
  return { ...repository.env, HOME: folder, TMUX_TMPDIR: folder, XDG_DATA_HOME: join(folder, 'data') };
};

const openWorker = (repository: Repository) => {
  const folder = placeOf(repository);
  mkdirSync(folder, { recursive: true });
  const { root, key, commonDir } = repository.paths;
  const at = (name: string) => join(folder, name);
  const paths = {
    ...{ root, key, commonDir, logs: at('logs'), spool: at('spool'), instances: at('instances') },
    ...{ bin: at('bin'), guard: at('guard'), worktrees: at('worktrees'), sandboxes: at('sandboxes') },
    ...{ home: folder, data: at('data'), socket: at('drover.sock') },
  };
  return openPipedTarget({
    argv: [process.execPath, WORKER],
    env: environmentOf(repository),
    place: { host: 'worker', paths, shipped },
  });
};

const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** Says something to the worker's tmux server; the empty text when there is none. */
const workerTmux = (repository: Pick<Repository, 'root' | 'env'>, ...args: readonly string[]): string => {
  try {
    return execFileSync('tmux', args, { env: environmentOf(repository), encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return '';
  }
};

test('agents on another machine are launched, ask, work, are verified and merged, and leave no trace on the daemon’s own', async () => {
  await using swarm = await openSwarm({ openWorker });
  using _server = { [Symbol.dispose]: () => void workerTmux(swarm, 'kill-server') };
  const launched = await swarm.say('launch 2 instances');
  expect([launched.exit, launched.message]).toMatchObject([0, expect.any(String)]);
  const folder = placeOf(swarm);
  expect(Object.values((await swarm.state()).instances)).toMatchObject([
    { host: 'worker', workspace_path: join(folder, 'worktrees/rehearsal-1') },
    { host: 'worker', workspace_path: join(folder, 'worktrees/rehearsal-2') },
  ]);
  expect(workerTmux(swarm, 'list-sessions', '-F', '#{session_name}').split('\n')).toEqual([
    'r-rehearsal-1',
    'r-rehearsal-2',
  ]);

  await swarm.say('create task "Ask" description="rehearse: ask Go on?" check="test -d rehearsal" id=t1');
  await swarm.say('create task "Say hello" check="test -d rehearsal" id=t2');
  await swarm.say('run task t1');
  await swarm.say('run task t2');
  const asking = await until(swarm, ({ tasks, instances }) => {
    const id = tasks['t1']?.run?.instance;
    return id !== undefined && instances[id]?.state.kind === 'waiting';
  });
  await swarm.say(`answer ${asking.tasks['t1']!.run!.instance} "yes"`);
  const done = await until(swarm, ({ tasks }) => ['t1', 't2'].every((id) => tasks[id]!.state === 'done'));
  expect(done.tasks['t1']).toMatchObject({ attempts: 1, run: { result: { commits: 1 } } });
  expect((await swarm.say('list logs rehearsal-1')).exit).toBe(0);

  const merged = await swarm.say('merge completed branches');
  expect([merged.exit, merged.message]).toMatchObject([0, expect.any(String)]);
  expect(swarm.git('log', '--format=%s', '--merges', 'drover/integration').split('\n')).toHaveLength(2);

  const { paths } = swarm;
  expect([paths.logs, paths.spool, paths.instances].map(namesIn)).toEqual([[], ['tmux'], ['integration']]);
  expect(namesIn(paths.worktrees)).toEqual(['integration']);
  expect(swarm.tmux('list-sessions')).toBe('');

  await swarm.say('pause instance rehearsal-1');
  expect((await swarm.state()).instances['rehearsal-1']!.hold).toBe('frozen');
  await swarm.say('resume instance rehearsal-1');
  const stopped = await swarm.say('stop all instances');
  expect(stopped.exit).toBe(0);
  expect(workerTmux(swarm, 'list-sessions')).toBe('');
});

test('a daemon that starts again finds its agents on the other machine as it left them', async () => {
  await using swarm = await openSwarm({ openWorker });
  using _server = { [Symbol.dispose]: () => void workerTmux(swarm, 'kill-server') };
  await swarm.say('launch 1 instances');
  const before = (await swarm.state()).instances['rehearsal-1']!;
  await swarm.reopen();
  const after = (await swarm.state()).instances['rehearsal-1']!;
  expect([after.pid, after.pane, after.state.kind]).toEqual([before.pid, before.pane, before.state.kind]);
  await swarm.say('create task "Say hello" check="test -d rehearsal" id=t1');
  const reply = await swarm.say('run task t1 wait=true');
  expect([reply.exit, reply.message]).toEqual([0, '1 task done.']);
});
