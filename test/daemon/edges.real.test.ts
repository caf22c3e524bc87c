import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../../src/client/request.ts';
import { openDaemon } from '../../src/daemon/open.ts';
import { strayPath } from '../../src/daemon/signals/contamination.ts';
import type { Instance } from '../../src/state/instances.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { servicesWith } from '../helpers/services.ts';
import { openSwarm, type Swarm, shipped, testRepository } from '../helpers/swarm.ts';
import { servicesOn } from '../helpers/target.ts';
import { sayAs } from './process.ts';
import { until } from './until.ts';

const quick = { DROVER_REHEARSAL_TASK_MS: '20' };

const hanging = async (swarm: Swarm) => {
  await swarm.say('create task "Long rehearse: hang" id=t1');
  await swarm.say('run task t1');
  const state = await until(swarm, ({ tasks }) => (tasks['t1']?.run?.progress ?? 0) > 0);
  return state.instances['rehearsal-1']!;
};

test('agents are looked up where the daemon finds its programs, and one that is not there cannot be launched', async () => {
  const agents = {
    here: { command: ['/bin/sh', '-c', 'x'] },
    folder: { command: ['/tmp'] },
    nowhere: { command: ['drover-no-such-program'] },
  };
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', agents } });
  const { data } = await swarm.say('list adapters');
  const found = new Map((data as { agent: string; found: boolean }[]).map((one) => [one.agent, one.found]));
  expect([found.get('here'), found.get('folder'), found.get('nowhere'), found.get('rehearsal')]).toEqual([
    ...[true, false, false, true],
  ]);
  const reply = await swarm.say('launch 1 instances agent=nowhere');
  expect([reply.exit, reply.message]).toEqual([
    ...[3, 'The program of nowhere, "drover-no-such-program", is not in PATH.'],
  ]);
  expect((await swarm.state()).instances).toEqual({});
});

test('an instance whose place is taken fails with the reason and the way out, and nothing of that place is touched', async () => {
  await using swarm = await openSwarm();
  const place = join(swarm.paths.worktrees, 'rehearsal-1');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'mine.txt'), 'mine');
  const reply = await swarm.say('launch 1 instances');
  expect(reply.exit).toBe(1);
  const { alerts } = await swarm.state();
  expect(alerts['instance:rehearsal-1']).toMatchObject({ suggestion: 'restart instance rehearsal-1' });
  expect(alerts['instance:rehearsal-1']!.text).toContain('rehearsal-1 could not be started');
  expect(readFileSync(join(place, 'mine.txt'), 'utf8')).toBe('mine');
  rmSync(place, { recursive: true });
  expect((await swarm.say('restart instance rehearsal-1')).exit).toBe(0);
});

test('a task whose brief cannot be written is blocked and told of, and is done by a retry', async () => {
  await using swarm = await openSwarm({ env: quick });
  await swarm.say('launch 1 instances');
  const home = join(swarm.paths.instances, 'rehearsal-1');
  renameSync(home, `${home}.away`);
  await swarm.say('create task "Work" id=t1');
  expect((await swarm.say('run task t1 wait=true')).exit).toBe(1);
  const { tasks, alerts } = await swarm.state();
  expect(tasks['t1']).toMatchObject({ state: 'blocked', blocked_by: expect.stringContaining('ENOENT') });
  expect(alerts['failed:t1']?.suggestion).toBe('retry task t1');
  renameSync(`${home}.away`, home);
  await swarm.say('retry task t1');
  const after = await until(swarm, (state) => state.tasks['t1']!.state === 'done');
  expect(after.alerts).toEqual({});
});

test('a claim that cannot be looked into has failed by us, and its instance gets nothing more', async () => {
  await using swarm = await openSwarm({ env: quick });
  const { workspace_path } = await hanging(swarm);
  rmSync(join(workspace_path, '.git'));
  await swarm.say('report result "done" id=t1');
  const state = await until(swarm, ({ tasks }) => tasks['t1']!.state === 'failed');
  expect(state.tasks['t1']!.run!.failure!.class).toBe('drover');
  expect(state.instances['rehearsal-1']!.state.kind).toBe('lost');
  expect(swarm.log.join('\n')).toContain('verify t1');
});

test('an agent speaks by its token, of its own task alone, and is not free before its turn has ended', async () => {
  await using swarm = await openSwarm({ env: quick });
  await hanging(swarm);
  const token = readFileSync(join(swarm.paths.instances, 'rehearsal-1', 'token'), 'utf8');
  const view = { columns: 80, color: false };
  const say = (text: string, actor = 'rehearsal-1', proof = token) =>
    ask(swarm.paths, swarm.env, { text, actor, token: proof, view });
  expect((await say('report progress 55 "half"')).exit).toBe(0);
  expect((await say('report progress 55', 'rehearsal-1', 'wrong')).exit).toBe(4);
  expect((await say('report progress 55', 'rehearsal-9')).exit).toBe(4);
  expect((await say('stop swarm')).exit).toBe(4);
  expect((await say('report result "it is done"')).exit).toBe(0);
  const state = await until(swarm, ({ tasks }) => tasks['t1']!.state === 'failed');
  expect(state.tasks['t1']!.run).toMatchObject({ progress: 55, failure: { class: 'no-commit' } });
  expect(state.instances['rehearsal-1']!.state).toMatchObject({
    kind: 'working',
    evidence: 't1 failed, its turn goes on',
  });
});

test('the same request twice has one effect and one answer', async () => {
  await using swarm = await openSwarm();
  const [first, second] = [
    await sayAs(swarm.paths, 'same', 'create task "Once"'),
    await sayAs(swarm.paths, 'same', 'create task "Once"'),
  ];
  expect(second?.message).toBe(first?.message);
  expect(Object.keys((await swarm.state()).tasks)).toEqual(['t1']);
  const both = await Promise.all(['x', 'y'].map((id) => sayAs(swarm.paths, id, 'create task "Two"')));
  expect(both.map((reply) => reply?.exit)).toEqual([0, 0]);
  // The log makes nobody wait for it.
  const communication = () => readFileSync(swarm.paths.communicationLog, 'utf8');
  await expect.poll(communication).toContain(`cli ${first!.correlation} ← ok: `);
  expect(communication()).toContain(`cli ${first!.correlation} → create task "Once"`);
});

test('a spec that is no text, or not there, is refused, and what is said in the log is one line', async () => {
  await using swarm = await openSwarm({ files: { 'bad/tasks.md': 'x' } });
  writeFileSync(join(swarm.root, 'bad', 'tasks.md'), Buffer.from([0xff, 0xfe, 0x00]));
  for (const path of ['bad', 'nowhere']) expect((await swarm.say(`import spec ${path}`)).exit).toBe(3);
});

test('a second daemon of the same repository, or one with wrong settings, does not open and leaves nothing behind', async () => {
  using repository = testRepository({ settings: { agnt: 'x' } });
  const { paths, env } = repository;
  const options = { paths, env, version: '0', shipped, log: () => undefined };
  await expect(openDaemon(options)).rejects.toMatchObject({ code: 'config/invalid' });
  writeFileSync(paths.config, '{}');
  const first = await openDaemon(options);
  await expect(openDaemon(options)).rejects.toMatchObject({ code: 'store/locked' });
  await first.close();
});

test('a path counts as the agent’s own by where it really leads', async () => {
  using folder = temporaryFolder('stray');
  const at = (...parts: string[]) => join(folder.path, ...parts);
  for (const name of ['work', 'other', 'home/claude-1']) mkdirSync(at(name), { recursive: true });
  symlinkSync(at('other'), at('work', 'link'));
  symlinkSync(at('work'), at('alias'));
  const services = servicesWith(servicesOn({ paths: { instances: at('home') } }));
  const instance = { instance_id: 'claude-1', workspace_path: at('alias') } as unknown as Instance;
  const stray = (path: string) => strayPath(services, instance, path);
  for (const own of ['a.ts', 'not/yet/there.ts', at('work/x'), at('alias/y'), at('home/claude-1/brief.md')])
    expect([own, await stray(own)]).toEqual([own, undefined]);
  expect(await stray('link/x.ts')).toBe(at('other/x.ts'));
  expect(await stray('../other/gone/x.ts')).toBe(at('other/gone/x.ts'));
  expect(await stray(at('home/claude-10/x'))).toBe(at('home/claude-10/x'));
  expect(await stray(at('work-2'))).toBe(at('work-2'));
});
