import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { until } from '../until.ts';

/** Creates and runs one task and gives it as it ended. */
const played = async (swarm: Swarm, id: string, words: string, check = '') => {
  const created = await swarm.say(`create task "${id} ${words}" id=${id}${check === '' ? '' : ` check="${check}"`}`);
  expect(created.message).toContain(id);
  const reply = await swarm.say(`run task ${id} wait=true`);
  const state = await swarm.state();
  return { reply, state, task: state.tasks[id]!, alert: state.alerts[`failed:${id}`] };
};

test('[AGT-4] a claim is verified: lies, leftovers and failing checks are found, and only the rest is done', async () => {
  await using swarm = await openSwarm();

  const lie = await played(swarm, 'lie-1', 'rehearse: lie');
  expect(lie.reply.exit).toBe(1);
  expect(lie.task).toMatchObject({ state: 'failed', run: { failure: { class: 'no-commit' }, result: null } });
  expect(lie.alert).toMatchObject({ severity: 'error', suggestion: 'show failure lie-1' });

  const dirty = await played(swarm, 'dirty-1', 'rehearse: dirty');
  expect(dirty.task.run?.failure).toEqual({ class: 'dirty', message: 'uncommitted: rehearsal/dirty-1.left-over' });

  const failing = await played(swarm, 'check-1', 'rehearse: slow', 'echo looked; echo seven is odd >&2; exit 3');
  expect(failing.task.run?.failure).toMatchObject({
    class: 'check',
    message: expect.stringMatching(/ended with 3: seven is odd$/u),
  });
  // What freed the agent is not told as if the work had been good.
  const evidenceOf = async () => (await swarm.say('show instance rehearsal-1')).text;
  expect(await evidenceOf()).toContain('check-1 failed its check');

  const done = await played(swarm, 'demo-1', 'Say hello', 'test -d rehearsal && echo fine');
  expect(done.reply.exit).toBe(0);
  expect(await evidenceOf()).toContain('demo-1 verified');
  expect(done.task).toMatchObject({
    state: 'done',
    run: { failure: null, result: { commits: 1, files: 1, check_output: expect.stringContaining('fine') } },
  });
  const result = await swarm.say('show result demo-1');
  expect([result.exit, result.text]).toEqual([0, expect.stringContaining('fine')]);
  // One instance did them all and what one left uncommitted did not reach the next one's branch.
  expect(Object.keys(done.state.instances)).toEqual(['rehearsal-1']);
  const files = swarm.git('ls-tree', '-r', '--name-only', done.task.run!.branch).split('\n');
  expect(files.filter((file) => file.startsWith('rehearsal/'))).toEqual(['rehearsal/demo-1.md']);
  // What no check has looked at is not called verified.
  await played(swarm, 'plain-1', 'Say more');
  expect(await evidenceOf()).toContain('plain-1 done, unchecked');
});

test('a task that failed is done by a retry, on a branch of its own, and its alert is gone', async () => {
  await using swarm = await openSwarm();
  const flag = join(swarm.root, '..', 'fixed');
  const first = await played(swarm, 't1', 'Work', `test -e ${flag}`);
  expect(first.alert?.text).toContain('t1 failed (check)');
  await swarm.say(`create task "make it pass" id=t2 check="touch ${flag}"`);
  await swarm.say('run task t2 wait=true');
  const state = await swarm.state();
  expect((await swarm.say('retry task t1')).message).toBe('Retrying t1.');
  await until(swarm, ({ tasks }) => tasks['t1']?.state === 'done');
  const after = await swarm.state();
  expect(after.tasks['t1']!.run).toMatchObject({ attempt: 2, branch: `${state.tasks['t1']!.run!.branch}-2` });
  expect(after.alerts).toEqual({});
});

test('[WTR-3] two agents write the same path and neither sees the other, nor does the user', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal' }, env: { DROVER_REHEARSAL_TASK_MS: '20' } });
  await swarm.say('launch 2 instances');
  for (const id of ['t1', 't2']) await swarm.say(`create task "${id} rehearse: write shared.txt" id=${id}`);
  await swarm.say('assign task t1 to rehearsal-1');
  await swarm.say('assign task t2 to rehearsal-2');
  await until(swarm, ({ tasks }) => Object.values(tasks).every((task) => task.state === 'done'));
  const { instances, alerts } = await swarm.state();
  const written = Object.values(instances).map((one) => readFileSync(join(one.workspace_path, 'shared.txt'), 'utf8'));
  expect(written).toEqual(['Written by task t1.\n', 'Written by task t2.\n']);
  expect(existsSync(join(swarm.root, 'shared.txt'))).toBe(false);
  // That the two will conflict may be foreseen already.
  const contaminated = Object.keys(alerts).filter((id) => !id.startsWith('conflict:'));
  expect(contaminated).toEqual([]);
});

test('[WTR-3] a write into the user’s checkout raises an alert that names the agent and the file', async () => {
  const env: Record<string, string> = { DROVER_REHEARSAL_TASK_MS: '20' };
  await using swarm = await openSwarm({ env });
  // Agents get the environment that the daemon was opened with, and only now the folder has a name.
  Object.assign(swarm.env, { DROVER_REHEARSAL_OUTSIDE: swarm.root });
  await swarm.reopen();
  const { task, state } = await played(swarm, 't1', 'rehearse: outside stray.txt');
  const file = join(swarm.root, 'stray.txt');
  expect(state.alerts['contamination:rehearsal-1']).toMatchObject({
    severity: 'error',
    text: `rehearsal-1 wrote ${file}, which is outside of its worktree`,
    instance: 'rehearsal-1',
    task: 't1',
  });
  expect(task.state).toBe('done');
  expect((await swarm.say('list alerts')).text).toContain(file);
  rmSync(file);
});
