import { expect, test } from 'vitest';
import type { Context } from '../../../src/commands/define.ts';
import { testFailure } from '../../../src/commands/swarm/test-failure.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import type { FailureTrial } from '../../../src/text/failure-trial.ts';
import { openDesk } from '../../helpers/desk.ts';
import { personOf, readOnlyStore } from '../../helpers/context.ts';
import { begin, instance, moved } from '../../tasks/journal.ts';

const trial: FailureTrial = {
  ...{ failure: 'instance-crash', on: 'a rehearsal', recovered: true, seconds: 1.5, limit_s: 30 },
  how: 'its program was started again and the task is done, in the same run',
};

const rehearsing = (result: FailureTrial) => {
  const said: (readonly string[])[] = [];
  const rehearse = async (argv: readonly string[]) => {
    said.push(argv);
    return result;
  };
  return { said, desk: openDesk(testFailure, [], { rehearse }) };
};

test('[QUA-4] a failure is made in a rehearsal, the seconds until it is well again are told, and a bare recovery-time is 30 s', async () => {
  const { said, desk } = rehearsing(trial);
  const reply = await desk.say('test failure simulate instance-crash recovery-time');
  expect([reply.exit, reply.message]).toEqual([
    0,
    'instance-crash on a rehearsal: well again after 1.5 s, 30 s were allowed; its program was started again and the task is done, in the same run.',
  ]);
  await desk.say('test failure simulate merge conflict recovery-time=2m');
  await desk.say('test failure simulate disk-full');
  expect(said.map(([, , ...argv]) => argv)).toEqual([
    ['instance-crash', '30000', '--json'],
    ['merge-conflict', '120000', '--json'],
    ['disk-full', '30000', '--json'],
  ]);
});

test('[QUA-4] what is not well again in time is exit 1, and what Drover has no part for is said in a sentence', async () => {
  const { said, desk } = rehearsing({
    ...trial,
    recovered: false,
    seconds: null,
    how: 'what it waited for did not come',
  });
  expect(await desk.say('test failure simulate instance-crash')).toMatchObject({
    exit: 1,
    message: 'instance-crash on a rehearsal: not well again within 30 s; what it waited for did not come.',
  });
  expect(await desk.say('test failure simulate bus-down')).toMatchObject({
    exit: 3,
    message:
      'bus-down cannot be made to happen: there is no bus: the daemon and its agents speak over files and a socket of this machine.',
  });
  expect(await desk.say('test failure simulate network-partition')).toMatchObject({ exit: 3 });
  expect(await desk.say('test failure simulate earthquake')).toMatchObject({ exit: 2 });
  expect(await desk.say('test failure simulate instance-crash recovery-time=soon')).toMatchObject({ exit: 2 });
  expect(said).toHaveLength(1);
});

const atWork = instance('rehearsal-1', 'working');
const place = { instance_id: 'rehearsal-1', session: 'r-rehearsal-1', pane: '%9', pid: 4711 };
const startedAgain: readonly EventDraft[] = [{ type: 'instance.started', data: place }, moved('rehearsal-1', 'idle')];

/** What is done to agents. */
const harming = () => {
  const done: string[] = [];
  const harmAgent: Context['harmAgent'] = async ({ instance_id: id }, harm) => void done.push(`${harm} ${id}`);
  return { done, harmAgent };
};

test('[QUA-4] harm to an instance of the swarm takes an admin, the word allow-chaos and a yes', async () => {
  const { done, harmAgent } = harming();
  const desk = openDesk(testFailure, atWork, { harmAgent, reacting: () => startedAgain });
  const line = 'test failure simulate instance-crash id=rehearsal-1';
  expect(await desk.say(line)).toMatchObject({ exit: 4 });
  expect(await desk.sayBy(personOf('cli', 'operator'), `${line} allow-chaos`)).toMatchObject({ exit: 4 });
  expect(await desk.propose(`${line} allow-chaos`)).toMatchObject({ exit: 5 });
  expect(await desk.say('test failure simulate disk-full id=rehearsal-1 allow-chaos')).toMatchObject({ exit: 6 });
  expect(await desk.say(`${line.replace('-1', '-9')} allow-chaos`)).toMatchObject({ exit: 3 });
  expect(done).toEqual([]);
  expect(await desk.say(`${line} allow-chaos`)).toMatchObject({
    exit: 0,
    data: { on: 'rehearsal-1', recovered: true },
  });
  expect(done).toEqual(['instance-crash rehearsal-1']);
});

test('[QUA-4] an instance that is not at work is left alone, and one that does not come back in time is exit 1', async () => {
  const { done, harmAgent } = harming();
  const line = 'test failure simulate session-lost id=rehearsal-1 allow-chaos';
  expect(await openDesk(testFailure, instance('rehearsal-1'), { harmAgent }).say(line)).toMatchObject({ exit: 6 });
  const until: Context['store']['until'] = (_holds, signal) =>
    new Promise((_resolve, reject) => signal!.addEventListener('abort', () => reject(signal!.reason)));
  const store = { ...readOnlyStore(begin(...atWork)), until };
  const desk = openDesk(testFailure, atWork, { harmAgent, store });
  expect(await desk.say(`${line} recovery-time=20ms`)).toMatchObject({
    exit: 1,
    message: 'session-lost on rehearsal-1: not well again within 0.02 s; it is working.',
  });
  expect(done).toEqual(['session-lost rehearsal-1']);
});

test('[CLI-8] harm that a daemon was killed over is not done again when it is said again, and no time is made up', async () => {
  const { done, harmAgent } = harming();
  const places = { 'rehearsal-1': 'instance-crash' };
  const begun = { seq: 99, at: '2026-01-01T00:00:00.000Z', actor: 'cli', corr: 'c-1', type: 'command.begun' } as const;
  const desk = openDesk(testFailure, atWork, { harmAgent, earlier: [{ ...begun, data: { places } }] });
  expect(await desk.say('test failure simulate instance-crash id=rehearsal-1 allow-chaos')).toMatchObject({
    exit: 1,
    message: 'Whether rehearsal-1 got over instance-crash is not known: the daemon ended in the middle of that.',
  });
  expect(done).toEqual([]);
});
