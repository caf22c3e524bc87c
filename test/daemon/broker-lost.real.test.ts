import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openSwarm } from '../helpers/swarm.ts';

/** The helper process that runs the programs of the daemon in this process. */
const broker = (): number => {
  const table = execFileSync('ps', ['-A', '-ww', '-o', 'ppid=,pid=,args='], { encoding: 'utf8' });
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/u));
  const row = rows.find(
    ([parent, , ...args]) => Number(parent) === process.pid && args.join(' ').includes('broker-main'),
  );
  return Number(row?.[1]);
};

test('[QUA-6] a task goes on when the helper that runs programs is killed in the middle of its check', async () => {
  // The agent's own call ends at once, that of the daemon waits until it is let go.
  const gate =
    '[ -e "$1/first" ] || { : > "$1/first"; exit 0; }\n: > "$1/waits"\nuntil [ -e "$1/go" ]; do sleep 0.02; done\n';
  const env = { DROVER_REHEARSAL_TASK_MS: '20' };
  await using swarm = await openSwarm({ env, files: { 'gate.sh': gate } });
  const folder = join(swarm.root, '..');
  await swarm.say(`create task "One" id=t1 check="sh gate.sh ${folder}"`);
  const ran = swarm.say('run task t1 wait=true');
  await vi.waitUntil(() => existsSync(join(folder, 'waits')));
  process.kill(broker(), 'SIGKILL');
  writeFileSync(join(folder, 'go'), '');
  expect((await ran).exit).toBe(0);
  const { tasks, alerts } = await swarm.state();
  expect([tasks['t1'], alerts]).toMatchObject([{ state: 'done', attempts: 1, history: [] }, {}]);
});

test('[QUA-6] a batch is delivered when the helper that runs programs is killed while the branch of the person moves', async () => {
  await using swarm = await openSwarm({ env: { DROVER_REHEARSAL_TASK_MS: '20' } });
  const folder = join(swarm.root, '..');
  await swarm.say('create task "One" id=t1');
  await swarm.say('run task t1 wait=true');
  writeFileSync(join(swarm.root, '.git/info/attributes'), '* filter=slow\n');
  const waits = `: > '${folder}/waits'; until [ -e '${folder}/go' ]; do sleep 0.02; done`;
  swarm.git('config', 'filter.slow.smudge', `if [ "$PWD" = '${swarm.root}' ]; then ${waits}; fi; cat`);
  const merged = swarm.say('merge completed branches to=main');
  await vi.waitUntil(() => existsSync(join(folder, 'waits')));
  process.kill(broker(), 'SIGKILL');
  writeFileSync(join(folder, 'go'), '');
  expect((await merged).exit).toBe(0);
  const { batches, alerts } = await swarm.state();
  expect([batches['batch-1'], alerts]).toMatchObject([
    { state: 'finished', merged: [{ task: 't1' }], set_aside: [], delivery: { state: 'delivered' } },
    {},
  ]);
  expect(swarm.git('rev-parse', 'main')).toBe(swarm.git('rev-parse', 'drover/integration'));
  expect(swarm.git('status', '--porcelain')).toBe('');
});
