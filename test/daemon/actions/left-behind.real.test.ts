import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { isRunning } from '../../../src/process/is-running.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { until } from '../until.ts';

/** It starts a server once, which goes on without it: with its own session and no terminal, as one that is left on purpose. */
const SERVING = `
  test -e ../server.pid || setsid sh -c 'echo $$ > ../server.pid; exec sleep 600' </dev/null >/dev/null 2>&1 &
  until test -s ../server.pid; do sleep 0.05; done
  echo serving; exec cat`;

const settings = { agent: 'serving', agents: { serving: { command: ['sh', '-c', SERVING], ready: '^serving' } } };
const ALERT = 'behind:serving-1';

/** A swarm whose agent has started a server in its worktree; whatever becomes of the test, that ends. */
const withServer = async (work: (swarm: Swarm, server: number, worktree: string) => Promise<void>): Promise<void> => {
  await using swarm = await openSwarm({ settings });
  await swarm.say('launch 1 instances');
  const { instances } = await until(swarm, (state) => state.instances['serving-1']?.state.kind === 'idle');
  const { workspace_path: worktree } = instances['serving-1']!;
  const server = Number(readFileSync(join(worktree, '../server.pid'), 'utf8'));
  try {
    await work(swarm, server, worktree);
  } finally {
    if (isRunning(server)) process.kill(server, 'SIGKILL');
  }
};

const restarted = async (swarm: Swarm, times: number) => {
  expect((await swarm.say('restart instance serving-1')).exit).toBe(0);
  return until(
    swarm,
    ({ instances }) => instances['serving-1']!.restarts === times && instances['serving-1']!.state.kind === 'idle',
  );
};

const told = (server: number, where: string) => ({
  severity: 'info',
  text: `What serving-1 has started goes on without it ${where}: process ${server} (sleep 600). End it with "kill ${server}", or leave it where that is meant: what it changes or commits there is taken for work of the next task.`,
  suggestion: null,
});

test.runIf(process.platform === 'linux')(
  'a program that an agent has left running in its worktree is told of once it ends, is not ended, and no person’s is named',
  () =>
    withServer(async (swarm, server, worktree) => {
      const persons = spawn('sleep', ['700'], { cwd: worktree, stdio: 'ignore' });
      using _ended = { [Symbol.dispose]: () => persons.kill('SIGKILL') };
      await once(persons, 'spawn');
      expect((await swarm.say('stop instance serving-1 force')).exit).toBe(0);
      expect((await swarm.state()).alerts[ALERT]).toMatchObject(told(server, 'in its worktree'));
      expect(isRunning(server)).toBe(true);
      // Told of once, and not again at each start.
      expect((await swarm.say(`dismiss alert ${ALERT}`)).exit).toBe(0);
      expect((await restarted(swarm, 1)).alerts[ALERT]).toBeUndefined();
    }),
);

test.runIf(process.platform === 'linux')(
  'what runs there when a program is started again is told of until the next start without it',
  () =>
    withServer(async (swarm, server) => {
      await restarted(swarm, 1);
      const { alerts } = await until(swarm, (state) => state.alerts[ALERT] !== undefined);
      expect(alerts[ALERT]).toMatchObject(told(server, 'in its worktree'));
      process.kill(server, 'SIGKILL');
      await vi.waitUntil(() => !isRunning(server));
      await restarted(swarm, 2);
      await until(swarm, (state) => state.alerts[ALERT] === undefined);
    }),
);

test.runIf(process.platform === 'linux')('of a worktree that is removed it is told what still runs there', () =>
  withServer(async (swarm, server) => {
    expect((await swarm.say('remove instance serving-1 force')).exit).toBe(0);
    const { alerts, instances } = await swarm.state();
    expect([instances, isRunning(server)]).toEqual([{}, true]);
    expect(alerts[ALERT]).toMatchObject({
      severity: 'info',
      text: `What serving-1 has started goes on without it in the folder of its removed worktree: process ${server} (sleep 600). End it with "kill ${server}", or leave it where that is meant.`,
    });
  }),
);
