import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { ask } from '../../src/client/request.ts';
import type { Reply } from '../../src/ports/swarm.ts';
import type { State } from '../../src/state/index.ts';
import type { Instance } from '../../src/state/instances.ts';
import { daemonRepository } from '../helpers/daemon.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { runMain } from '../helpers/io.ts';
import { openSwarm } from '../helpers/swarm.ts';
import { until } from './until.ts';

const env = { DROVER_REHEARSAL_TASK_MS: '60' };

/** What is the same before and after. */
const own = ({ instance_id, branch_name, workspace_path, peacock_theme, session, conversation, ...one }: Instance) => ({
  ...{ instance_id, branch_name, workspace_path, peacock_theme, session, conversation },
  tasks: one.task_assignments,
});

/** Everybody is lost, and the run is kept. */
const isLost = ({ instances, tasks }: State): boolean =>
  Object.values(instances).every((one) => one.state.kind === 'lost') && tasks['t1']!.state === 'running';

test('[TMX-8] after the loss of the tmux server one word brings all agents back, at the tasks that were theirs', async () => {
  await using swarm = await openSwarm({ env });
  await swarm.say('launch 3 instances');
  await swarm.say('create task "Ask" description="rehearse: ask Go on?" id=t1');
  await swarm.say('run task t1');
  const before = await until(swarm, ({ instances }) =>
    Object.values(instances).some((one) => one.state.kind === 'waiting'),
  );
  const worker = before.instances[before.tasks['t1']!.assignee!]!;
  writeFileSync(`${worker.workspace_path}/half.txt`, 'half\n');
  swarm.tmux('kill-server');
  const lost = await until(swarm, isLost);
  expect(lost.alerts['server']).toMatchObject({
    severity: 'error',
    text: 'the tmux server is gone, and with it 3 instances; worktrees, branches and tasks are as they were',
    suggestion: 'resume all instances',
  });
  expect((await swarm.say('status swarm health')).text).toMatch(
    /3 lost.*needs? you: the tmux server is gone.* → resume all instances/u,
  );
  const asked = await runMain(['resume', '--all'], { cwd: swarm.root, env: swarm.env });
  expect([asked.exit, asked.stderr + asked.stdout]).toEqual([
    5,
    expect.stringContaining('they go on with their conversations and tasks, and nothing is lost'),
  ]);
  const reply = await runMain(['resume', '--all', '--yes'], { cwd: swarm.root, env: swarm.env });
  expect([reply.exit, reply.stdout.trim()]).toEqual([0, '3 instances go on: rehearsal-1, rehearsal-2, rehearsal-3.']);
  const back = await until(swarm, ({ instances }) => instances[worker.instance_id]!.state.kind === 'waiting');
  expect(Object.values(back.instances).map(own)).toEqual(Object.values(before.instances).map(own));
  for (const { argv, conversation } of Object.values(back.instances))
    expect(argv.slice(-2)).toEqual(['--resume', conversation]);
  expect(back.alerts['server']).toBeUndefined();
  expect(readFileSync(`${worker.workspace_path}/half.txt`, 'utf8')).toBe('half\n');
  expect(swarm.tmux('list-sessions', '-F', '#{session_name}').split('\n')).toEqual(
    Object.values(before.instances).map((one) => one.session),
  );
  await swarm.say(`answer ${worker.instance_id} "yes"`);
  const done = await until(
    swarm,
    ({ tasks }) => tasks['t1']!.state !== 'running' && tasks['t1']!.state !== 'verifying',
  );
  // What it had left uncommitted is still for its agent to decide about.
  expect(done.tasks['t1']).toMatchObject({ attempts: 1, run: { restarts: 1, failure: { class: 'dirty' } } });
});

test('[TMX-8] that another tmux server listens by now starts nobody by itself, and one word brings all back', async () => {
  await using swarm = await openSwarm({ env });
  await swarm.say('launch 2 instances');
  await swarm.say('create task "Ask" description="rehearse: ask Go on?" id=t1');
  await swarm.say('run task t1');
  await until(swarm, ({ instances }) => Object.values(instances).some((one) => one.state.kind === 'waiting'));
  await swarm.close();
  swarm.tmux('kill-server');
  // A terminal that opens in tmux, or another swarm that is up first.
  await vi.waitUntil(() => {
    swarm.tmux('new-session', '-d', '-s', 'mine');
    return swarm.tmux('list-sessions', '-F', '#{session_name}') === 'mine';
  });
  await swarm.reopen();
  const lost = await until(swarm, isLost);
  expect(lost.alerts['server']).toMatchObject({ suggestion: 'resume all instances' });
  expect((await swarm.say('status swarm health')).text).not.toContain('started again by itself');
  expect(swarm.tmux('list-sessions', '-F', '#{session_name}')).toBe('mine');
  expect(await swarm.say('resume all instances')).toMatchObject({ exit: 0 });
});

test('[TMX-8] who lives on another tmux server than the one that is asked is told of, and nobody takes its place', async () => {
  using elsewhere = temporaryFolder('elsewhere');
  await using swarm = await openSwarm({ env });
  await swarm.say('launch 1 instance');
  await swarm.say('create task "Ask" description="rehearse: ask Go on?" id=t1');
  await swarm.say('run task t1');
  const kind = ({ instances }: State) => instances['rehearsal-1']!.state.kind;
  const before = await until(swarm, (state) => kind(state) === 'waiting');
  const usual = swarm.env['TMUX_TMPDIR']!;
  await swarm.close();
  // As from a shell, or by a unit, that says something else of tmux.
  swarm.env['TMUX_TMPDIR'] = elsewhere.path;
  swarm.tmux('new-session', '-d', '-s', 'mine');
  await swarm.reopen();
  const { pid } = before.instances['rehearsal-1']!;
  const told = await until(swarm, ({ alerts }) => alerts['elsewhere:rehearsal-1'] !== undefined);
  expect(told.alerts['elsewhere:rehearsal-1']).toMatchObject({
    severity: 'error',
    text: expect.stringContaining(`rehearsal-1 goes on as process ${pid}, but the tmux server that the daemon asks`),
  });
  expect(told.tasks['t1']).toMatchObject({ state: 'running', attempts: 1 });
  expect(swarm.tmux('list-sessions', '-F', '#{session_name}')).toBe('mine');
  await swarm.close();
  swarm.tmux('kill-server');
  swarm.env['TMUX_TMPDIR'] = usual;
  await swarm.reopen();
  const back = await until(swarm, ({ alerts }) => alerts['elsewhere:rehearsal-1'] === undefined);
  expect(back.instances['rehearsal-1']!.pid).toBe(pid);
  expect(kind(back)).toBe('waiting');
  expect(await swarm.say('answer rehearsal-1 "yes"')).toMatchObject({ exit: 0 });
  await until(swarm, ({ tasks }) => ['done', 'failed'].includes(tasks['t1']!.state));
});

test('[TMX-8] after a reboot, with the daemon gone as well, an instance that is named goes on alone', async () => {
  await using repository = daemonRepository({ env });
  const { paths } = repository;
  const view = { columns: 80, color: false };
  const say = (text: string): Promise<Reply> => ask(paths, repository.env, { text, yes: true, actor: 'cli', view });
  const state = async () => ((await say('status swarm detailed')).data as { state: State }).state;
  await say('launch 2 instances');
  await say('create task "Ask" description="rehearse: ask Go on?" id=t1');
  await say('run task t1');
  const before = await until({ state }, ({ instances }) =>
    Object.values(instances).some((one) => one.state.kind === 'waiting'),
  );
  const id = before.tasks['t1']!.assignee!;
  const crashed = repository.crash();
  repository.tmux('kill-server');
  await crashed;
  const reply = await say(`resume ${id}`);
  expect([reply.exit, reply.message]).toEqual([0, `1 instance goes on: ${id}.`]);
  const back = await until({ state }, ({ instances }) => instances[id]!.state.kind === 'waiting');
  expect(own(back.instances[id]!)).toEqual(own(before.instances[id]!));
  expect(back.instances[id]!.argv.slice(-2)).toEqual(['--resume', before.instances[id]!.conversation]);
  expect(
    Object.values(back.instances)
      .map((one) => one.state.kind)
      .toSorted(),
  ).toEqual(['lost', 'waiting']);
  await say(`answer ${id} "yes"`);
  const { tasks } = await until({ state }, (now) => now.tasks['t1']!.state === 'done');
  expect(tasks['t1']).toMatchObject({ attempts: 1, run: { restarts: 1 } });
});
