import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askOver } from '../../../src/client/request.ts';
import { tryConnect } from '../../../src/client/start.ts';
import type { Reply } from '../../../src/ports/swarm.ts';
import type { AppEvent } from '../../../src/state/index.ts';
import { openStore } from '../../../src/state/store/open.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { created } from '../../tasks/journal.ts';
import { forgetEnd } from '../forget-end.ts';
import { sayAs } from '../process.ts';
import { until } from '../until.ts';

test('[CLI-8] the same request is known after two hundred others, and by the daemon after that', async () => {
  await using swarm = await openSwarm();
  const first = await sayAs(swarm.paths, 'same', 'create task "Once"');
  const others = Array.from({ length: 210 }, (_, i) => sayAs(swarm.paths, `other-${i}`, 'set task t1 priority=high'));
  await Promise.all(others);
  expect((await sayAs(swarm.paths, 'same', 'create task "Once"'))?.message).toBe(first?.message);
  await swarm.reopen();
  expect((await sayAs(swarm.paths, 'same', 'create task "Once"'))?.message).toBe(first?.message);
  expect(Object.keys((await swarm.state()).tasks)).toEqual(['t1']);
});

test('a repeated request gets the whole answer, and another one of the same words is a new one', async () => {
  await using swarm = await openSwarm();
  const [first, again] = [
    await sayAs(swarm.paths, 'same', 'create task "Once"'),
    await sayAs(swarm.paths, 'same', 'create task "Once"'),
  ];
  expect(again).toEqual(first);
  expect(again?.data).toMatchObject({ id: 't1', title: 'Once' });
  expect((await sayAs(swarm.paths, 'other', 'create task "Once"'))?.data).toMatchObject({ id: 't2' });
});

test('a command leaves its facts and one record of its end, under one correlation id', async () => {
  await using swarm = await openSwarm();
  const reply = await sayAs(swarm.paths, 'one', 'create task "Once"');
  const events = (await swarm.say('list events')).data as readonly { type: string; corr: string }[];
  expect(events.filter(({ corr }) => corr === reply?.correlation).map(({ type }) => type)).toEqual([
    'task.created',
    'command.finished',
  ]);
});

test.each([
  ['when it was said', {}],
  ['what its client knew', { knew: 1 }],
])(
  '[CLI-8] who wanted to wait for a task is not told that it is done by the next daemon, which goes by %s',
  async (_what, more) => {
    await using swarm = await openSwarm();
    await swarm.say('launch 1 instance');
    await swarm.say('create task "Slow" description="rehearse: ask Go on?" id=t1');
    const waiting = sayAs(swarm.paths, 'wait', 'run task t1 wait=true');
    await until(swarm, ({ instances }) => instances['rehearsal-1']?.state.kind === 'waiting');
    await swarm.close();
    expect(await waiting).toBeUndefined();
    await swarm.reopen();
    const again = await sayAs(swarm.paths, 'wait', 'run task t1 wait=true', more);
    // Said once more it is not looked for again.
    expect((await sayAs(swarm.paths, 'wait', 'run task t1 wait=true', more))?.message).toBe(again?.message);
    expect([again?.exit, again?.message]).toEqual([124, expect.stringContaining('nobody waited for its end')]);
    const records = (await swarm.say('list audit')).data as readonly { corr: string; exit: number; result: string }[];
    expect(records.find(({ corr }) => corr === again?.correlation)).toMatchObject({
      exit: 124,
      result: again?.message,
    });
  },
);

/** An approval of what a person has committed, of which the daemon dies while that is verified. */
const approveCutOff = async (swarm: Swarm) => {
  await swarm.say('launch 1 instance');
  await swarm.say('create task "Once. rehearse: write once.txt" id=t1');
  await swarm.say('run task t1 wait=true');
  const { path } = (await swarm.say('takeover task t1')).data as { path: string };
  swarm.git('-C', path, 'commit', '-q', '--allow-empty', '-m', 'by hand');
  const gate = join(swarm.root, '..', 'gate');
  execFileSync('mkfifo', [gate]);
  await swarm.say(`set task t1 check="cat ${gate}"`);
  const waiting = sayAs(swarm.paths, 'same', 'approve task t1');
  await until(swarm, ({ tasks }) => tasks['t1']?.state === 'verifying');
  await swarm.close();
  expect(await waiting).toBeUndefined();
  await swarm.reopen();
  return {
    approve: () => sayAs(swarm.paths, 'same', 'approve task t1'),
    open: () => writeFile(gate, 'good\n'),
    expectApproved: async (reply: Reply | undefined) => {
      expect(reply).toMatchObject({ exit: 0, message: expect.stringContaining('t1 is approved at') });
      const { reviews, tasks } = await swarm.state();
      expect(reviews['t1']?.decisions.map(({ kind, commit }) => [kind, commit])).toEqual([
        ['taken-over', expect.any(String)],
        ['approved', tasks['t1']?.run?.result?.head_commit],
      ]);
    },
  };
};

test('[CLI-8] an approval whose daemon ends while it verifies is recorded by the next one, which waits for the verdict', async () => {
  await using swarm = await openSwarm();
  const { approve, open, expectApproved } = await approveCutOff(swarm);
  const again = approve();
  await open();
  await expectApproved(await again);
});

test('[CLI-8] an approval whose daemon ends while it verifies is recorded by the next one, which has the verdict', async () => {
  await using swarm = await openSwarm();
  const { approve, open, expectApproved } = await approveCutOff(swarm);
  await open();
  await until(swarm, ({ tasks }) => tasks['t1']?.state === 'done');
  await expectApproved(await approve());
});

test('[CLI-8] what was typed into an agent is not typed again when its daemon was killed before it answered', async () => {
  using folder = temporaryFolder('input');
  const log = join(folder.path, 'input.log');
  await using swarm = await openSwarm({ env: { DROVER_REHEARSAL_INPUT_LOG: log } });
  const heard = (): string[] => (existsSync(log) ? readFileSync(log, 'utf8') : '').split('\n').filter(Boolean);
  await swarm.say('launch 1 instance');
  const told = await sayAs(swarm.paths, 'same', 'tell rehearsal-1 "use the new API"');
  await swarm.close();
  forgetEnd(swarm, 'same');
  await swarm.reopen();
  const again = await sayAs(swarm.paths, 'same', 'tell rehearsal-1 "use the new API"');
  expect([again?.exit, again?.message]).toEqual([0, told?.message]);
  await swarm.say('tell rehearsal-1 "more"');
  await until(swarm, () => heard().includes('more'));
  expect(heard()).toEqual(['use the new API', 'more']);
});

test('[CLI-8] a request that was made hours ago, and waited until its daemon died, is gone on with and not made again', async () => {
  await using swarm = await openSwarm();
  await swarm.close();
  const said_at = new Date(Date.now() - 3 * 3_600_000).toISOString();
  {
    await using store = await openStore({ paths: swarm.paths, now: () => said_at });
    await store.append([created('t1', { title: 'Once' })], { actor: 'cli', corr: 'c-long' });
  }
  await swarm.reopen();
  const connection = (await tryConnect(swarm.paths))!;
  const view = { columns: 80, color: false };
  const frame = { v: 1, kind: 'run', id: 'long', text: 'create task "Once"', yes: true, actor: 'cli', view } as const;
  const reply = await askOver(connection, { ...frame, said_at });
  connection.close();
  expect([reply?.exit, reply?.message]).toEqual([0, 'Created t1: Once.']);
  const events = (await swarm.say('list events')).data as readonly AppEvent[];
  expect(events.filter(({ corr }) => corr === 'c-long').map(({ type }) => type)).toEqual([
    'task.created',
    'command.finished',
  ]);
});

/** A swarm whose daemon died after it had recorded what somebody asked for, and before it answered. */
const openBegun = async (by: string, security: object) => {
  const swarm = await openSwarm({ settings: { security } });
  await swarm.close();
  {
    await using store = await openStore({ paths: swarm.paths, now: () => new Date().toISOString() });
    await store.append([created('t1', { title: 'Once' })], { actor: by, corr: 'c-begun' });
  }
  await swarm.reopen();
  return swarm;
};

test('[CLI-8] who was not known to the daemon that began a request is not refused by the next one, which knows them', async () => {
  await using swarm = await openBegun('unknown', {});
  expect(await sayAs(swarm.paths, 'begun', 'create task "Once"')).toMatchObject({ message: 'Created t1: Once.' });
  expect(Object.keys((await swarm.state()).tasks)).toEqual(['t1']);
});

test('[CLI-8] who may do less than whoever began a request neither ends it nor takes its answer', async () => {
  await using swarm = await openBegun('unknown', { localRole: 'viewer' });
  expect(await sayAs(swarm.paths, 'begun', 'create task "Once"')).toMatchObject({ exit: 4 });
  expect(await sayAs(swarm.paths, 'begun', 'create task "Once"')).toMatchObject({ exit: 4 });
});

test('[CLI-8] an answer to several of which the daemon dies after the first is given to the others by the next one', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  for (const id of ['t1', 't2']) {
    await swarm.say(`create task "Ask" description="rehearse: ask Shall I go on?" id=${id}`);
    await swarm.say(`run task ${id}`);
  }
  const ids = ['rehearsal-1', 'rehearsal-2'];
  await until(swarm, ({ instances }) => ids.every((id) => instances[id]?.state.kind === 'waiting'));
  const asked = (await swarm.state()).instances;
  const places = Object.fromEntries(ids.map((id) => [id, `${asked[id]!.state.since} ${asked[id]!.question}`]));
  await swarm.say('approve rehearsal-1');
  await until(swarm, ({ instances }) => instances['rehearsal-1']?.state.kind !== 'waiting');
  await swarm.close();
  {
    await using store = await openStore({ paths: swarm.paths, now: () => new Date().toISOString() });
    const data = {
      instance_id: 'rehearsal-1',
      tool: 'question',
      subject: 'Go on?',
      decision: 'allow',
      rule: null,
    } as const;
    const origin = { actor: 'cli', corr: 'c-same' };
    await store.append([{ type: 'command.begun', data: { places } }], origin);
    await store.append([{ type: 'instance.answered', data }], origin);
  }
  await swarm.reopen();
  const again = await sayAs(swarm.paths, 'same', 'approve rehearsal-1,rehearsal-2');
  expect([again?.exit, again?.message]).toEqual([0, 'Approved what rehearsal-1, rehearsal-2 asked']);
  await until(swarm, ({ tasks }) => ['t1', 't2'].every((id) => tasks[id]?.state === 'done'));
});

// The second answer is one key, as soon as that is pressed.
const KEYS = `
  stty -icanon
  printf 'First? [y/N]\\n'
  head -c 2 > "$HOME/first"
  until test -e "$HOME/go"; do sleep 0.05; done
  printf 'Second? [y/N]\\n'
  head -c 1 > "$HOME/second"
  read -r last`;

test('[CLI-8] a yes whose daemon is killed before it has written that down is no yes to what is asked next', async () => {
  const keys = { command: ['sh', '-c', KEYS], question: '^(?:First|Second)\\? \\[y/N\\]$' };
  await using swarm = await openSwarm({ settings: { agent: 'keys', agents: { keys } } });
  const home = swarm.env['HOME']!;
  await swarm.say('launch 1 instance');
  await until(swarm, ({ instances }) => instances['keys-1']?.question?.startsWith('First?') === true);
  const approve = () => sayAs(swarm.paths, 'same', 'approve keys-1');
  expect((await approve())?.exit).toBe(0);
  await until(swarm, () => readFileSync(join(home, 'first'), 'utf8') === 'y\n');
  await swarm.close();
  forgetEnd(swarm, 'same', 'instance.answered');
  await writeFile(join(home, 'go'), '');
  await swarm.reopen();
  await until(swarm, ({ instances }) => instances['keys-1']?.question?.startsWith('Second?') === true);
  expect(await approve()).toMatchObject({
    exit: 0,
    message: expect.stringContaining('Approved what keys-1 asked: First?'),
  });
  expect(existsSync(join(home, 'second')) ? readFileSync(join(home, 'second'), 'utf8') : '').toBe('');
  const { instances } = await swarm.state();
  expect(instances['keys-1']?.answers).toMatchObject([
    { subject: expect.stringContaining('First?'), decision: 'allow' },
  ]);
});

test('[CLI-8] of several who are told something nobody is told twice, whatever they hear meanwhile, and nobody is left out', async () => {
  using folder = temporaryFolder('input');
  const log = (id: string): string => join(folder.path, id);
  const program = ['sh', '-c', `exec cat > "${folder.path}/$DROVER_INSTANCE"`];
  await using swarm = await openSwarm({ settings: { agent: 'ear', agents: { ear: { command: program } } } });
  const heard = (id: string): string[] =>
    (existsSync(log(id)) ? readFileSync(log(id), 'utf8') : '').split('\n').filter(Boolean);
  await swarm.say('launch 2 instances');
  const ids = ['ear-1', 'ear-2'];
  await until(swarm, ({ instances }) => ids.every((id) => existsSync(log(id)) && instances[id]?.pane != null));
  const panes = Object.values((await swarm.state()).instances).map((one) => [one.instance_id, one.pane!]);
  const long = 'word '.repeat(700).trim();
  for (const [n, text] of ['short', long].entries()) {
    const id = `same${n}`;
    await sayAs(swarm.paths, id, `tell ear-1 "${text}"`);
    await swarm.say(`tell ear-1 "between ${n}"`);
    await swarm.close();
    // Of two who were to be told one had been.
    forgetEnd(swarm, id, 'command.begun');
    {
      await using store = await openStore({ paths: swarm.paths, now: () => new Date().toISOString() });
      const places = Object.fromEntries(panes);
      await store.append([{ type: 'command.begun', data: { places } }], { actor: 'cli', corr: `c-${id}` });
    }
    await swarm.reopen();
    const again = await sayAs(swarm.paths, id, `tell ear-1,ear-2 "${text}"`);
    expect([again?.exit, again?.message]).toEqual([0, 'Told ear-1, ear-2.']);
    await swarm.say(`tell ear-1,ear-2 "after ${n}"`);
    await until(swarm, () => ids.every((one) => heard(one).includes(`after ${n}`)));
  }
  expect(heard('ear-1')).toEqual(['short', 'between 0', 'after 0', long, 'between 1', 'after 1']);
  expect(heard('ear-2')).toEqual(['short', 'after 0', long, 'after 1']);
});
