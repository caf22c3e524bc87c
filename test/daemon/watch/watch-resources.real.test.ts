import { expect, test } from 'vitest';
import { instanceIs, until } from '../../commands/stage.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { below, processes } from '../tree.ts';

type Row = { instance_id: string; cpu_percent: number | null; memory_mb: number; processes: number };

const top = async (swarm: Swarm): Promise<Row[]> => (await swarm.say('top instances')).data as Row[];

test('[INS-8] an agent that takes 300 MB with a limit of 200 MB is told of and paused; what each takes is shown', async () => {
  const resources = { memory_mb: 200, action: 'pause' };
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', resources } });
  await swarm.say('launch 2 instances');
  await swarm.say('create task "Leak rehearse: spend 1; allocate 300MB; hang" id=l1');
  await swarm.say('run task l1 on=rehearsal-1');
  const paused = await instanceIs(swarm, 'rehearsal-1', 'paused');
  const alert = paused.alerts['memory:rehearsal-1']!;
  expect(alert).toMatchObject({
    severity: 'error',
    text: expect.stringMatching(
      /^rehearsal-1 takes [2-9]\d\d MB of memory, more than its limit of 200 MB; it is paused$/,
    ),
    suggestion: 'resume instance rehearsal-1',
  });
  expect(paused.alerts).not.toHaveProperty(['memory:rehearsal-2']);
  expect(paused.instances['rehearsal-2']!.hold).toBeNull();
  const taken = (await swarm.say('list events')).data as { type: string; seq: number; data: { id?: string } }[];
  // It says something when it is about to take it.
  const took = taken.find(({ type }) => type === 'usage.measured')!;
  const told = taken.find(({ type, data }) => type === 'alert.raised' && data.id === 'memory:rehearsal-1')!;
  expect(told.seq).toBeGreaterThan(took.seq);
  const rows = await top(swarm);
  expect(rows.map((row) => row.instance_id).toSorted()).toEqual(['rehearsal-1', 'rehearsal-2']);
  expect(rows.find((row) => row.instance_id === 'rehearsal-1')!.memory_mb).toBeGreaterThan(200);
  const shown = await swarm.say('show instance rehearsal-1');
  expect(shown.data).toMatchObject({ resource_allocation: { memory_limit_mb: 200, processes: expect.any(Number) } });
  expect(shown.text).toMatch(/^resources: .*MB in \d+ processes$/mu);
  expect((await swarm.say('status swarm detailed')).text).toMatch(/^INSTANCE +CPU/mu);
  expect(JSON.stringify(taken)).not.toContain('memory_mb');
});

test('[INS-8] an agent that keeps one core busy is paused at its limit', async () => {
  const resources = { cpu_percent: 10, cpu_ms: 2000, action: 'pause' };
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', resources } });
  await swarm.say('create task "Busy rehearse: burn 60s" id=b1');
  await swarm.say('run task b1');
  const state = await instanceIs(swarm, 'rehearsal-1', 'paused');
  expect(state.alerts['cpu:rehearsal-1']!.text).toMatch(
    /% of a core over 2s, more than its limit of 10 %; it is paused$/,
  );
});

test('an agent beyond its limit is stopped where the configuration says so, and its alert stays', async () => {
  const resources = { memory_mb: 200, action: 'stop' };
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', resources } });
  await swarm.say('create task "Leak rehearse: allocate 300MB; hang" id=l1');
  await swarm.say('run task l1');
  const state = await instanceIs(swarm, 'rehearsal-1', 'stopped');
  expect(state.alerts['memory:rehearsal-1']).toMatchObject({ suggestion: 'restart instance rehearsal-1' });
  await swarm.say('restart instance rehearsal-1');
  await until(swarm, ({ alerts }) => !('memory:rehearsal-1' in alerts));
});

test('a program that somebody stops is known as paused with its proof, and goes on by the suggested command or theirs', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task "Long rehearse: hang" id=h1');
  await swarm.say('run task h1');
  const { instances } = await until(swarm, ({ tasks }) => (tasks['h1']?.run?.progress ?? 0) > 0);
  const [program] = below(instances['rehearsal-1']!.pid!);
  process.kill(program!.pid, 'SIGSTOP');
  const stopped = await instanceIs(swarm, 'rehearsal-1', 'paused');
  const evidence = `its process ${program!.pid} was stopped by a signal, and not by Drover`;
  expect(stopped.instances['rehearsal-1']).toMatchObject({
    state: { kind: 'paused', evidence },
    paused_from: { kind: 'working' },
  });
  const { text, suggestion } = stopped.alerts['frozen:rehearsal-1']!;
  expect([text, suggestion]).toEqual([`rehearsal-1 does nothing: ${evidence}`, 'resume instance rehearsal-1']);
  const reply = await swarm.say(suggestion!);
  expect([reply.exit, reply.message]).toEqual([0, '1 instance goes on: rehearsal-1.']);
  const after = await swarm.state();
  expect([after.instances['rehearsal-1']!.state.kind, Object.keys(after.alerts)]).toEqual(['working', []]);
  expect(processes().find(({ pid }) => pid === program!.pid)!.state).not.toBe('T');

  process.kill(program!.pid, 'SIGSTOP');
  await instanceIs(swarm, 'rehearsal-1', 'paused');
  process.kill(program!.pid, 'SIGCONT');
  const back = await instanceIs(swarm, 'rehearsal-1', 'working');
  expect(back.alerts).toEqual({});
});
