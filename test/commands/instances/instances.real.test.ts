import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, instanceIs, taskIs, until } from '../stage.ts';

test('an instance that cannot be removed is not said to be', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  swarm.git('worktree', 'lock', `${swarm.paths.worktrees}/rehearsal-1`);
  const reply = await swarm.say('remove instance rehearsal-1');
  expect([reply.exit, reply.message]).toEqual([1, expect.stringMatching(/^Not removed: rehearsal-1 \(.*is locked/)]);
  expect(reply.sideEffects).toEqual([]);
  swarm.git('worktree', 'unlock', `${swarm.paths.worktrees}/rehearsal-1`);
  expect((await swarm.say('remove instance rehearsal-1')).exit).toBe(0);
});

test('[INS-5] "stop all running threads" stops those at work after one question with their number, and no idle one', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 3 instances');
  for (const id of ['h1', 'h2']) await swarm.say(hang(id));
  await swarm.say('run tasks h1, h2');
  const busy = await until(
    swarm,
    (state) => Object.values(state.instances).filter((one) => one.state.kind === 'working').length === 2,
  );
  const idle = Object.values(busy.instances).find((one) => one.state.kind === 'idle')!.instance_id;
  const asked = await swarm.propose('halt all active processes');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('2 instances')]);
  expect(asked.message).toContain('2 task runs end unfinished (h1, h2)');
  const done = await swarm.say('stop all running threads');
  expect([done.exit, done.message]).toEqual([0, expect.stringMatching(/^Stopped 2 instances: /)]);
  const after = await swarm.state();
  expect(after.instances[idle]!.state.kind).toBe('idle');
  expect(Object.values(after.instances).filter((one) => one.state.kind === 'stopped').length).toBe(2);
});

test('one idle instance stops without a question, all of them or one by force only with it', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 3 instances');
  expect((await swarm.propose('stop instance rehearsal-1')).message).toBe('Stopped 1 instance: rehearsal-1.');
  expect((await swarm.propose('stop instance rehearsal-1')).message).toBe('Nothing was running.');
  expect((await swarm.propose('kill rehearsal-2')).message).toContain('uncommitted files stay in the worktrees');
  expect((await swarm.propose('stop all instances')).exit).toBe(5);
  expect((await swarm.say('stop all instances except rehearsal-2')).message).toBe('Stopped 1 instance: rehearsal-3.');
  expect((await swarm.propose('stop the last instance')).message).toBe('Nothing was running.');
  const odd = await swarm.say('stop instances state=constructor');
  expect([odd.exit, odd.message]).toEqual([2, '"constructor" is no state of an instance.']);
  expect((await swarm.say('stop other instances')).exit).toBe(2);
  expect((await swarm.state()).instances['rehearsal-2']!.state.kind).toBe('idle');
  expect(swarm.git('worktree', 'list').split('\n').length).toBe(4);
});

test('an instance that is removed loses its worktree after a question, and its commits stay', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  const asked = await swarm.propose('remove instance rehearsal-1');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('ignored files are lost')]);
  const reply = await swarm.say('remove instance rehearsal-1');
  expect([reply.exit, reply.message]).toEqual([0, 'Removed 1 instance: rehearsal-1.']);
  expect(reply.sideEffects).toEqual(['session of rehearsal-1 ended', 'worktree of rehearsal-1 removed']);
  expect(Object.keys((await swarm.state()).instances)).toEqual(['rehearsal-2']);
  expect(swarm.git('branch', '--list', 'drover/rehearsal-1')).not.toBe('');
  expect((await swarm.say('launch 1 instance')).message).toContain('rehearsal-3');
});

test('a restarted instance keeps worktree, branch, colour and task, and takes the task up again', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await swarm.say(hang('h1'));
  await swarm.say('run task h1');
  const before = (await taskIs(swarm, 'h1', 'running')).instances['rehearsal-1']!;
  const asked = await swarm.propose('restart instance rehearsal-1');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('1 run in progress is interrupted')]);
  const reply = await swarm.say('restart instance rehearsal-1');
  expect([reply.exit, reply.message]).toEqual([0, expect.stringMatching(/^Restarted 1 instance: rehearsal-1/)]);
  const state = await until(swarm, (now) => now.tasks['h1']!.attempts === 2 && now.tasks['h1']!.state === 'running');
  const after = state.instances['rehearsal-1']!;
  expect(after.pid).not.toBe(before.pid);
  expect(after).toMatchObject({
    workspace_path: before.workspace_path,
    peacock_theme: before.peacock_theme,
    conversation: before.conversation,
    task_assignments: ['h1'],
  });
});

test('what an instance is told is typed into it; nobody is told anything where nobody listens', async () => {
  await using swarm = await openSwarm();
  expect((await swarm.say('tell all instances "hello"')).exit).toBe(3);
  await swarm.say('launch 2 instances');
  const told = await swarm.propose('tell rehearsal-1 "use the new API"');
  expect([told.exit, told.data]).toEqual([0, { delivered: ['rehearsal-1'] }]);
  await until(swarm, (state) => state.seq > 0);
  expect((await swarm.propose('tell all agents "hi"')).message).toBe(
    'This types into 2 agents (rehearsal-1, rehearsal-2).',
  );
  expect((await swarm.say('tell rehearsal-1 " "')).exit).toBe(2);
  await swarm.say('stop instance rehearsal-2');
  const dead = await swarm.say('tell rehearsal-2 "hi"');
  expect([dead.exit, dead.hint]).toEqual([6, 'Say "restart instance rehearsal-2" first.']);
  expect((await swarm.say('tell all agents "hi"')).data).toEqual({ delivered: ['rehearsal-1'] });
  const calm = await swarm.say('answer rehearsal-1 "yes"');
  expect([calm.exit, calm.message]).toEqual([6, 'rehearsal-1 is idle; it asks nothing.']);
});

test('a question of an agent is answered by its words', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task "Ask" description="rehearse: ask Which database?" id=q1');
  await swarm.say('run task q1');
  await instanceIs(swarm, 'rehearsal-1', 'waiting');
  expect((await swarm.say('status swarm')).message).toContain('Needs attention');
  const reply = await swarm.say('answer rehearsal-1 "sqlite"');
  const answered = { instance: 'rehearsal-1', question: 'Which database?', answer: 'sqlite', confirmed: true };
  expect([reply.exit, reply.data]).toEqual([0, answered]);
  await taskIs(swarm, 'q1', 'done');
  expect((await swarm.say('answer rehearsal-1, rehearsal-2 "yes"')).exit).toBe(2);
});

test('attaching needs a living session, and says how to do it by hand', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  expect((await swarm.say('attach rehearsal-1')).message).toBe('tmux attach -t =r-rehearsal-1');
  await swarm.say('stop instance rehearsal-1');
  const reply = await swarm.say('attach rehearsal-1');
  expect([reply.exit, reply.hint]).toEqual([6, 'Say "restart instance rehearsal-1" first.']);
  const unknown = await swarm.say('attach rehearsal-9');
  expect([unknown.exit, unknown.hint]).toEqual([3, 'Did you mean rehearsal-1? Known: rehearsal-1.']);
});
