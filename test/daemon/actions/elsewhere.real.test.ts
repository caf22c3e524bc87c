import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { isRunning } from '../../../src/process/is-running.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { until } from '../until.ts';

/** It writes down who it is and, where it is told to end, that it heard so. */
const ENDLESS = `
  trap 'echo heard > ../heard; exit 0' HUP TERM
  echo $$ >> ../pids
  echo ready
  while :; do sleep 0.1; done`;

const settings = {
  agent: 'endless',
  agents: { endless: { command: ['sh', '-c', ENDLESS], ready: '^ready' } },
  timeouts: { stop_ms: 200 },
};

const pidsIn = (folder: string): number[] => readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n').map(Number);

/** A program whose session is on another tmux server than the one that the daemon asks. Whatever becomes of the test, it ends. */
const withElsewhere = async (work: (swarm: Swarm, pid: number, folder: string) => Promise<void>): Promise<void> => {
  using elsewhere = temporaryFolder('elsewhere');
  await using swarm = await openSwarm({ settings });
  expect((await swarm.say('launch 1 instances')).exit).toBe(0);
  const state = await until(swarm, ({ instances }) => instances['endless-1']?.state.kind === 'idle');
  const folder = join(state.instances['endless-1']!.workspace_path, '..');
  const usual = swarm.env['TMUX_TMPDIR']!;
  await swarm.close();
  swarm.env['TMUX_TMPDIR'] = elsewhere.path;
  try {
    await swarm.reopen();
    await until(swarm, ({ alerts }) => alerts['elsewhere:endless-1'] !== undefined);
    await work(swarm, pidsIn(folder)[0]!, folder);
  } finally {
    swarm.tmux('kill-server');
    swarm.env['TMUX_TMPDIR'] = usual;
    for (const one of existsSync(folder) ? pidsIn(folder) : []) if (isRunning(one)) process.kill(one, 'SIGKILL');
  }
};

test.each(['stop instance endless-1', 'stop instance endless-1 force', 'remove instance endless-1'])(
  'a program whose session is on another tmux server has ended by the answer, and was told to: %s',
  (line) =>
    withElsewhere(async (swarm, pid, folder) => {
      expect(isRunning(pid)).toBe(true);
      expect((await swarm.say(line)).exit).toBe(0);
      expect([isRunning(pid), existsSync(join(folder, 'heard'))]).toEqual([false, true]);
      expect((await swarm.state()).alerts['elsewhere:endless-1']).toBeUndefined();
    }),
);

test('the next program of an instance is not started beside one on another tmux server', () =>
  withElsewhere(async (swarm, pid, folder) => {
    expect((await swarm.say('restart instance endless-1')).exit).toBe(0);
    await vi.waitUntil(() => pidsIn(folder).length === 2);
    expect([isRunning(pid), existsSync(join(folder, 'heard'))]).toEqual([false, true]);
    await until(swarm, ({ alerts }) => alerts['elsewhere:endless-1'] === undefined);
  }));
