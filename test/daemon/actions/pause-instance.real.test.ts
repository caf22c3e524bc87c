import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../helpers/folder.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { below, sizeOf, statesOf, TICKING, tickingTask, withWords } from '../tree.ts';
import { until } from '../until.ts';

const files = { 'ticking.sh': TICKING };
const ID = 'rehearsal-1';
const instanceOf = async (swarm: Swarm) => (await swarm.state()).instances[ID]!;
const wait = (holds: () => boolean) => vi.waitUntil(holds, { timeout: 30_000, interval: 10 });

/** An instance whose agent runs a program that writes all the time; `go` lets that program end. */
const ticking = async (swarm: Swarm) => {
  const folder = join(swarm.root, '..');
  await swarm.say('launch 1 instance');
  await tickingTask(swarm, 't1', folder);
  await swarm.say('run task t1');
  const ticks = join(folder, 'ticks');
  await wait(() => sizeOf(ticks) > 20);
  const instance = await instanceOf(swarm);
  return { instance, ticks, program: `ticking.sh ${folder}`, go: () => writeFileSync(join(folder, 'go'), '') };
};

test('[INS-6] a paused agent and all that it runs is frozen, and goes on where it was with everything that was its own', async () => {
  await using swarm = await openSwarm({ files });
  const { instance: before, ticks, program, go } = await ticking(swarm);
  const reply = await swarm.propose(`pause instance ${ID}`);
  expect(reply).toMatchObject({ exit: 0, message: `Paused 1 instance: ${ID}.`, sideEffects: [`${ID} is paused`] });
  expect(reply.data).toEqual([{ id: ID, outcome: 'paused', why: null }]);
  const frozen = below(before.pid!);
  expect([statesOf(frozen), frozen.some((one) => one.args.includes(program))]).toEqual(['T', true]);
  // What waits for it is not frozen, else tmux would let it go on, and nobody would notice its end.
  expect(withWords(`/${ID}/launch.sh`).find((one) => one.pid === before.pid)?.state).toBe('S');
  const written = sizeOf(ticks);
  const { pid, workspace_path, branch_name, task_assignments, peacock_theme, conversation, session } = before;
  const own = { pid, workspace_path, branch_name, task_assignments, peacock_theme, conversation, session };
  expect(await instanceOf(swarm)).toMatchObject({ ...own, hold: 'frozen', state: { kind: 'paused' } });
  expect((await swarm.say(`pause instance ${ID}`)).data).toEqual([{ id: ID, outcome: 'already paused', why: null }]);
  expect((await swarm.say('list instances')).text).toContain('‖ paused');
  expect([sizeOf(ticks), statesOf(below(before.pid!))]).toEqual([written, 'T']);
  const on = await swarm.say(`resume instance ${ID}`);
  expect([on.exit, on.message]).toEqual([0, `1 instance goes on: ${ID}.`]);
  expect(await instanceOf(swarm)).toMatchObject({ ...own, hold: null, paused_from: null, state: { kind: 'working' } });
  await wait(() => sizeOf(ticks) > written);
  go();
  const { tasks } = await until(swarm, (state) => state.tasks['t1']!.state === 'done');
  expect(tasks['t1']!.run).toMatchObject({ attempt: 1, instance: ID });
  expect(existsSync(`${swarm.paths.instances}/${ID}/frozen.json`)).toBe(false);
});

test('[INS-6] a restart gives a new process to the same worktree, branch, task and colour, and the agent its resume argument', async () => {
  await using swarm = await openSwarm({ files });
  const { instance: before, ticks, program, go } = await ticking(swarm);
  await swarm.say(`pause instance ${ID}`);
  expect((await swarm.say(`restart instance ${ID}`)).exit).toBe(0);
  const state = await until(swarm, (now) => now.tasks['t1']!.run?.restarts === 1);
  expect(state.tasks['t1']).toMatchObject({ state: 'running', attempts: 1, run: { branch: before.branch_name } });
  const after = state.instances[ID]!;
  const { workspace_path, branch_name, peacock_theme, task_assignments, conversation } = before;
  const kept = { workspace_path, branch_name, peacock_theme, task_assignments, conversation };
  expect(after).toMatchObject({ ...kept, hold: null });
  expect(after.pid).not.toBe(before.pid);
  expect(below(after.pid!).some((one) => one.args.includes(`--resume ${before.conversation}`))).toBe(true);
  // Nothing of the one before is left, frozen least of all.
  const written = sizeOf(ticks);
  await wait(() => sizeOf(ticks) > written && withWords(program).every((one) => one.state !== 'T'));
  go();
  await until(swarm, (now) => now.tasks['t1']!.state === 'done');
});

test('an instance stays paused when the daemon is restarted, and nobody takes it for stuck', async () => {
  await using swarm = await openSwarm({ files, settings: { agent: 'rehearsal', timeouts: { idle_ms: 8000 } } });
  const { instance, go } = await ticking(swarm);
  await swarm.say(`pause instance ${ID}`);
  await swarm.reopen();
  await swarm.say('launch 1 instance');
  await swarm.say('create task "Hang" description="rehearse: hang" id=h1');
  await swarm.say('run task h1 on=rehearsal-2');
  // The other one has been silent for a shorter time.
  const state = await until(swarm, (now) => now.instances['rehearsal-2']!.state.kind === 'stuck');
  expect(state.instances[ID]).toMatchObject({ state: { kind: 'paused' }, hold: 'frozen', pid: instance.pid });
  expect(Object.keys(state.alerts)).toEqual(['stuck:rehearsal-2']);
  expect(statesOf(below(instance.pid!))).toBe('T');
  go();
  expect((await swarm.say('resume all paused instances')).exit).toBe(0);
  await until(swarm, (now) => now.tasks['t1']!.state === 'done');
});

/** Leaves a message of its hook as the agent does. */
const hook = (swarm: Swarm, event: string, details: object = {}): void => {
  const token = readFileSync(`${swarm.paths.instances}/${ID}/token`, 'utf8');
  const spool = `${swarm.paths.spool}/${ID}`;
  const draft = `${spool}/late.tmp`;
  const body = { hook_event_name: event, ...details };
  writeFileSync(draft, `${JSON.stringify({ instance: ID, source: 'hook', token })}\n${JSON.stringify(body)}\n`);
  renameSync(draft, `${spool}/${ID}-late.json`);
};

test('what was on its way when it was frozen counts, and does not move it out of its pause', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task "Hang" description="rehearse: hang" id=h1');
  await swarm.say('run task h1');
  await until(swarm, (state) => state.tasks['h1']!.run?.progress === 10);
  await swarm.say(`pause instance ${ID}`);
  hook(swarm, 'Stop', { last_assistant_message: 'all of it' });
  // The claim is looked at while it is frozen: there is no commit.
  const state = await until(swarm, (now) => now.tasks['h1']!.state === 'failed');
  expect(state.tasks['h1']!.run).toMatchObject({ summary: 'all of it', failure: { class: 'no-commit' } });
  expect(state.instances[ID]).toMatchObject({ state: { kind: 'paused' }, paused_from: { kind: 'idle' } });
  hook(swarm, 'UserPromptSubmit');
  await until(swarm, (now) => now.instances[ID]!.paused_from?.kind === 'working');
  expect((await instanceOf(swarm)).state.kind).toBe('paused');
  await swarm.say(`resume instance ${ID}`);
  expect((await instanceOf(swarm)).state.kind).toBe('working');
});

test('a run that is taken from a frozen agent is given up by it when it goes on', async () => {
  await using swarm = await openSwarm({ files });
  const { go } = await ticking(swarm);
  await swarm.say(`pause instance ${ID}`);
  expect((await swarm.say('stop task t1')).exit).toBe(0);
  expect(await instanceOf(swarm)).toMatchObject({ state: { kind: 'paused' }, task_assignments: [] });
  await swarm.say(`resume instance ${ID}`);
  const { instances } = await until(swarm, (state) => state.instances[ID]!.state.kind === 'idle');
  expect(instances[ID]!.hold).toBe(null);
  go();
  await swarm.say('run task t1');
  await until(swarm, (state) => state.tasks['t1']!.state === 'done' && state.tasks['t1']!.attempts === 2);
});

test('a program that starts others all the time is frozen with every one of them', async () => {
  const command = ['sh', '-c', 'while :; do (sleep 0.02 & sleep 0.01); done'];
  await using swarm = await openSwarm({ settings: { agent: 'busy', agents: { busy: { command } } } });
  await swarm.say('launch 1 instance');
  const { pid } = (await swarm.state()).instances['busy-1']!;
  for (const _time of [1, 2, 3]) {
    expect((await swarm.say('pause instance busy-1')).exit).toBe(0);
    const first = below(pid!);
    expect(statesOf(first)).toBe('T');
    await swarm.say('list instances');
    expect(below(pid!)).toEqual(first);
    expect((await swarm.say('resume instance busy-1')).exit).toBe(0);
    await wait(() => below(pid!).some((one) => first.every((old) => old.pid !== one.pid)));
  }
  expect((await swarm.say('stop instance busy-1 force')).exit).toBe(0);
});

test.each(['graceful', 'force'])('a paused instance that is stopped (%s) ends with all that it ran', async (how) => {
  await using swarm = await openSwarm({ files });
  const { instance, program } = await ticking(swarm);
  await swarm.say(`pause instance ${ID}`);
  writeFileSync(join(instance.workspace_path, 'half.txt'), 'half\n');
  const asked = await swarm.propose(`stop instance ${ID} ${how}`);
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('1 task run ends unfinished (t1)')]);
  expect((await swarm.say(`stop instance ${ID} ${how}`)).exit).toBe(0);
  expect(await instanceOf(swarm)).toMatchObject({ state: { kind: 'stopped' }, hold: null, paused_from: null });
  await wait(() => withWords(program).length === 0);
  expect((await swarm.say(`pause instance ${ID}`)).exit).toBe(6);
});

test('the death of a frozen agent is noticed, and what it left is let go on', async () => {
  await using swarm = await openSwarm({ files });
  const { instance, program, go } = await ticking(swarm);
  await swarm.say(`pause instance ${ID}`);
  const agent = below(instance.pid!).find((one) => one.args.includes('--session-id'))!;
  process.kill(agent.pid, 'SIGKILL');
  const { instances, alerts } = await until(swarm, (state) => state.instances[ID]!.state.kind === 'failed');
  expect(instances[ID]).toMatchObject({ hold: null, paused_from: null, exit: { signal: 'SIGKILL' } });
  expect(alerts[`instance:${ID}`]!.text).toContain('crashed');
  await wait(() => !statesOf(withWords(program)).includes('T'));
  go();
  await wait(() => withWords(program).length === 0);
});

test('what a frozen instance had is let go on when its session was ended while no daemon ran', async () => {
  await using swarm = await openSwarm({ files });
  const { program, go } = await ticking(swarm);
  await swarm.say(`pause instance ${ID}`);
  await swarm.close();
  swarm.tmux('kill-session', '-t', '=r-rehearsal-1');
  await swarm.reopen();
  await until(swarm, (state) => state.instances[ID]!.state.kind === 'lost');
  await wait(() => !statesOf(withWords(program)).includes('T'));
  go();
  await wait(() => withWords(program).length === 0);
});

test('an agent that ends while it is asked to pause is not called paused', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  const { pid } = await instanceOf(swarm);
  process.kill(below(pid!)[0]!.pid, 'SIGKILL');
  const reply = await swarm.say(`pause instance ${ID}`);
  expect([reply.exit, reply.message]).toEqual([6, expect.stringMatching(/^rehearsal-1 is failed/u)]);
  expect(await instanceOf(swarm)).toMatchObject({ state: { kind: 'failed' }, hold: null });
});

test('an instance is paused while it starts, and comes up when it goes on', async () => {
  await using swarm = await openSwarm();
  const launched = swarm.say('launch 1 instance');
  await until(swarm, (state) => state.instances[ID] !== undefined);
  expect((await swarm.say('pause instance rehearsal-1')).exit).toBe(0);
  await launched;
  expect((await instanceOf(swarm)).state.kind).toBe('paused');
  await swarm.say(`resume instance ${ID}`);
  await until(swarm, (state) => state.instances[ID]!.state.kind === 'idle');
});

test('an agent that runs once a task is paused between two tasks as well, and during one', async () => {
  const command = ['sh', '-c', 'sleep 60 & wait'];
  await using swarm = await openSwarm({
    settings: { agent: 'once', agents: { once: { command, prompt: 'argument' } }, recovery: { tries: 0 } },
  });
  await swarm.say('launch 1 instance');
  expect((await swarm.say('pause instance once-1')).exit).toBe(0);
  await swarm.say('create task "Wait" id=w1');
  await swarm.say('run task w1');
  expect((await swarm.state()).tasks['w1']!.state).toBe('open');
  await swarm.say('resume instance once-1');
  const state = await until(swarm, ({ instances }) => {
    const { kind, source } = instances['once-1']!.state;
    return kind === 'working' && source === 'terminal';
  });
  expect((await swarm.say('pause task w1')).data).toEqual([{ id: 'w1', outcome: 'paused', why: null }]);
  expect(statesOf(below(state.instances['once-1']!.pid!))).toBe('T');
  process.kill(below(state.instances['once-1']!.pid!)[0]!.pid, 'SIGKILL');
  await until(swarm, (now) => now.tasks['w1']!.state === 'failed');
  // Its program has ended; it is held all the same.
  expect((await swarm.state()).instances['once-1']).toMatchObject({ state: { kind: 'paused' } });
  expect((await swarm.say('resume instance once-1')).exit).toBe(0);
  expect((await swarm.state()).instances['once-1']!.state.kind).toBe('idle');
  expect((await swarm.say('pause instance once-1')).exit).toBe(0);
});

test('where processes cannot be listed nothing is said to be paused, and an alert says why', async () => {
  using folder = temporaryFolder('ps');
  const broken = join(folder.path, 'broken');
  writeFileSync(
    join(folder.path, 'ps'),
    `#!/bin/sh\n[ -e '${broken}' ] || exec /bin/ps "$@"\necho 'no such option' >&2\nexit 2\n`,
    { mode: 0o755 },
  );
  await using swarm = await openSwarm({ env: { PATH: `${folder.path}:${process.env['PATH']}` } });
  await swarm.say('launch 1 instance');
  writeFileSync(broken, '');
  const reply = await swarm.say(`pause instance ${ID}`);
  expect([reply.exit, reply.message]).toEqual([
    1,
    `${ID} could not be frozen: The processes of this machine cannot be listed: no such option.`,
  ]);
  const state = await swarm.state();
  expect(state.instances[ID]).toMatchObject({ state: { kind: 'idle' }, hold: null });
  expect(state.alerts[`pause:${ID}`]!.text).toContain('Pausing needs the program "ps"');
  rmSync(broken);
  expect((await swarm.say(`pause instance ${ID}`)).exit).toBe(0);
  expect((await swarm.state()).alerts).toEqual({});
  writeFileSync(broken, '');
  expect((await swarm.say(`resume instance ${ID}`)).exit).toBe(0);
  expect(statesOf(below(state.instances[ID]!.pid!))).not.toContain('T');
});
