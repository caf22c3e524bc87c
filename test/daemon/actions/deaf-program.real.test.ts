import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { isRunning } from '../../../src/process/is-running.ts';
import { livingIn } from '../../../src/process/living-in.ts';
import { noSandbox } from '../../helpers/sandbox.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { until } from '../until.ts';

/**
 * It hears no hangup, no end and no interrupt, and writes down who it is; a second one beside it says so. What it runs in the
 * terminal is deaf as well.
 */
const DEAF = `
  trap '' HUP TERM INT QUIT
  test ! -e ../deaf.pid || case $(ps -o stat= -p "$(cat ../deaf.pid)") in '' | Z*) ;; *) echo both > ../both ;; esac
  echo $$ > ../deaf.pid
  echo deaf
  while :; do sleep 0.2; done`;

const settings = {
  agent: 'deaf',
  agents: { deaf: { command: ['sh', '-c', DEAF], ready: '^deaf' } },
  timeouts: { stop_ms: 200 },
};

/** A swarm with a deaf program, and the process that it is. Whatever becomes of the test, that ends. */
const withDeaf = async (work: (swarm: Swarm, pid: number, folder: string) => Promise<void>): Promise<void> => {
  await using swarm = await openSwarm({ settings });
  expect((await swarm.say('launch 1 instances')).exit).toBe(0);
  const state = await until(swarm, ({ instances }) => instances['deaf-1']?.state.kind === 'idle');
  const folder = join(state.instances['deaf-1']!.workspace_path, '..');
  const pidNow = (): number => Number(readFileSync(join(folder, 'deaf.pid'), 'utf8'));
  const pid = pidNow();
  try {
    expect(isRunning(pid)).toBe(true);
    await work(swarm, pid, folder);
  } finally {
    for (const one of new Set([pid, pidNow()])) if (isRunning(one)) process.kill(one, 'SIGKILL');
  }
};

test.each(['stop instance deaf-1 force', 'stop instance deaf-1', 'remove instance deaf-1 force'])(
  'a program that does not hear that its terminal is gone has ended by the answer: %s',
  (line) =>
    withDeaf(async (swarm, pid) => {
      expect((await swarm.say(line)).exit).toBe(0);
      expect(isRunning(pid)).toBe(false);
    }),
);

test('the next program of an instance is not started beside a deaf one', () =>
  withDeaf(async (swarm, pid, folder) => {
    expect((await swarm.say('restart instance deaf-1')).exit).toBe(0);
    const { instances } = await until(swarm, (state) => state.instances['deaf-1']!.state.kind === 'idle');
    expect(instances['deaf-1']!.restarts).toBe(1);
    await vi.waitUntil(() => Number(readFileSync(join(folder, 'deaf.pid'), 'utf8')) !== pid);
    expect([existsSync(join(folder, 'both')), isRunning(pid)]).toEqual([false, false]);
  }));

test('nor beside one that has outlived the tmux server', () =>
  withDeaf(async (swarm, pid, folder) => {
    swarm.tmux('kill-server');
    await until(swarm, ({ instances }) => instances['deaf-1']!.state.kind === 'lost');
    expect(isRunning(pid)).toBe(true);
    expect((await swarm.say('restart instance deaf-1')).exit).toBe(0);
    await vi.waitUntil(() => Number(readFileSync(join(folder, 'deaf.pid'), 'utf8')) !== pid);
    expect([existsSync(join(folder, 'both')), isRunning(pid)]).toEqual([false, false]);
  }));

/** The same from within walls, with one that it leaves behind: there nothing outlives it. */
const WALLED = `trap '' HUP TERM INT QUIT; (exec setsid sleep 60) </dev/null & echo deaf; while :; do sleep 0.2; done`;

describe.skipIf(noSandbox !== undefined)(`a deaf program in a sandbox (${noSandbox ?? 'there is one'})`, () => {
  test('it has ended by the answer, with all that it has left behind', async () => {
    const agents = { deaf: { command: ['sh', '-c', WALLED], ready: '^deaf' } };
    const sandbox = { mode: 'worktree', need: 'required' };
    await using swarm = await openSwarm({ settings: { agent: 'deaf', agents, sandbox } });
    await swarm.say('launch 1 instances');
    const { instances } = await until(swarm, (state) => state.instances['deaf-1']?.state.kind === 'idle');
    const { workspace_path: worktree, sandbox: walls } = instances['deaf-1']!;
    const isLeftBehind = async () => (await livingIn(worktree)).some(({ argv }) => argv.join(' ') === 'sleep 60');
    expect([walls, await isLeftBehind()]).toEqual(['worktree', true]);
    expect((await swarm.say('stop instance deaf-1 force')).exit).toBe(0);
    expect(await livingIn(worktree)).toEqual([]);
  });
});
