import { expect, test } from 'vitest';
import { needsOf } from '../../src/attention/needs.ts';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';
import { until } from './until.ts';

const quick = { DROVER_REHEARSAL_TASK_MS: '20' };

/** Commands of each kind that have nothing to do with what is missing. */
const OTHERS = [
  'status swarm',
  'status daemon',
  'list instances',
  'list adapters',
  'create task "Something else"',
  'list tasks',
  'plan tasks',
  'list alerts',
  'show config limits',
  'broadcast "go on"',
  'verify audit',
];

const failed = async (swarm: Swarm): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const text of OTHERS) {
    const { exit, message } = await swarm.say(text);
    if (exit !== 0) found.push(`${text}: ${exit} ${message}`);
  }
  return found;
};

test('[REC-5] an agent without its program is told with those that are there, and everything else goes on', async () => {
  const agents = { here: { command: ['/bin/sh', '-c', 'cat'] }, gone: { command: ['drover-no-such-program'] } };
  await using swarm = await openSwarm({ env: quick, settings: { agent: 'gone', agents } });
  const missing = { exit: 3, message: 'The program of gone, "drover-no-such-program", is not in PATH.' };
  const reply = await swarm.say('launch 1 instance');
  expect(reply).toMatchObject(missing);
  expect(reply.hint).toMatch(/; or start one that is there, (?:agent=\w+, )*agent=here(?:,|$)/u);
  expect(reply.hint).not.toContain('agent=gone');
  await swarm.say('create task "rehearse: write src/a.ts" id=t1');
  expect(await swarm.say('run task t1')).toMatchObject(missing);
  expect(await swarm.say('launch 1 instance agent=here')).toMatchObject({ exit: 0 });
  expect(await swarm.say('launch 1 instance agent=rehearsal')).toMatchObject({ exit: 0 });
  expect(await failed(swarm)).toEqual([]);
});

test('[REC-5] where memory is short nothing is launched, what runs goes on, and it is told before the kernel ends a program', async () => {
  await using swarm = await openSwarm({ env: quick });
  await swarm.say('launch 1 instance');
  expect(await swarm.say('set config limits.memory_mb 1000000000')).toMatchObject({ exit: 0 });
  const text =
    /^Launching instances is stopped until there is memory: \d+ MB of memory are available, and limits\.memory_mb is 1000000000\.$/u;
  for (const line of ['launch 1 instance', 'scale up instances 3'])
    expect(await swarm.say(line)).toMatchObject({ exit: 6, message: expect.stringMatching(text) });
  const low = await until(swarm, ({ alerts }) => alerts['memory:low'] !== undefined);
  expect(needsOf(low).needs[0]).toMatchObject({ text: expect.stringMatching(text), help: 'top instances' });
  expect(await swarm.say(low.alerts['memory:low']!.suggestion!)).toMatchObject({ exit: 0 });
  await swarm.say('create task "rehearse: write src/a.ts" id=t1');
  expect(await swarm.say('run task t1 wait=true')).toMatchObject({ exit: 0 });
  await swarm.say('set config limits.memory_mb 0');
  expect(await swarm.say('launch 1 instance')).toMatchObject({ exit: 0 });
  await until(swarm, ({ alerts }) => alerts['memory:low'] === undefined);
});

test('[REC-5] a disk that is nearly full stops launches and nothing else, is told, and is over by itself', async () => {
  await using swarm = await openSwarm({ env: quick });
  await swarm.say('launch 2 instances');
  expect(await swarm.say('remove instance rehearsal-2')).toMatchObject({ exit: 0 });
  expect(await swarm.say('set config limits.disk_mb 1000000000')).toMatchObject({ exit: 0 });
  for (const text of ['launch 1 instance', 'scale up instances 3']) {
    const { exit, message } = await swarm.say(text);
    expect([exit, message]).toEqual([
      6,
      expect.stringMatching(/^Launching instances is stopped until there is room: \d+ MB are free on the disk of /u),
    ]);
  }
  const low = await until(swarm, ({ alerts }) => alerts['disk:low'] !== undefined);
  expect(needsOf(low).needs[0]).toMatchObject({
    text: expect.stringMatching(/^Launching instances is stopped until there is room: \d+ MB are free/u),
    help: 'clean worktrees force',
  });
  // What lies in the trash takes its room until it is deleted.
  expect(await swarm.say(low.alerts['disk:low']!.suggestion!)).toMatchObject({
    exit: 0,
    data: { trash: [{ worktree: 'rehearsal-2' }] },
  });
  expect(await failed(swarm)).toEqual([]);
  await swarm.say('create task "rehearse: write src/a.ts" id=t1');
  expect(await swarm.say('run task t1 wait=true')).toMatchObject({ exit: 0 });
  expect(await swarm.say('merge branch t1')).toMatchObject({ exit: 0 });
  expect(await swarm.say('restart instance rehearsal-1')).toMatchObject({ exit: 0 });
  await swarm.say('set config limits.disk_mb 0');
  expect(await swarm.say('launch 1 instance')).toMatchObject({ exit: 0 });
  await until(swarm, ({ alerts }) => alerts['disk:low'] === undefined);
});
