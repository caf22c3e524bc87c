import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openReplica } from '../../src/client/replica.ts';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';
import { taskIs, until } from './stage.ts';

// One swarm in which something has gone wrong in every way, for all that only look.
let swarm: Swarm;

beforeAll(async () => {
  const oneshot = { command: ['no-such-program'], prompt: 'argument' };
  const seen = { command: ['sh', '-c', 'cat'], idle: '^done$' };
  swarm = await openSwarm({ settings: { agent: 'rehearsal', agents: { oneshot, seen }, recovery: { tries: 0 } } });
  writeFileSync(
    join(swarm.root, 'tasks.md'),
    '- [ ] 1. One\n  - rehearse: conflict same.txt\n- [ ] 2. Two\n  - rehearse: conflict same.txt\n',
  );
  await swarm.say('import spec tasks.md policy=none');
  await swarm.say('launch 2 instances');
  await swarm.say('run tasks 1, 2 wait=true');
  await swarm.say('merge completed branches');
  await swarm.say('create task "Bad" id=b1 check=false');
  await swarm.say('run task b1 wait=true');
  await swarm.say('create task "Dies" id=c1 description="rehearse: crash"');
  await swarm.say('run task c1');
  await taskIs(swarm, 'c1', 'failed');
});

afterAll(() => swarm[Symbol.asyncDispose]());

type Failure = { id: string; class: string; kind: string; task: string | null; instance: string | null; open: boolean };

const failures = async (text = 'list failures') => (await swarm.say(text)).data as Failure[];

test('failures are listed with class, task, instance and time, and one that was mended is not open any more', async () => {
  const state = await until(swarm, ({ instances }) =>
    Object.values(instances).some((one) => one.state.kind === 'failed'),
  );
  const crashed = Object.values(state.instances).find((one) => one.state.kind === 'failed')!.instance_id;
  const all = await failures();
  expect(all).toMatchObject([
    { kind: 'run', class: 'check', task: 'b1', attempt: 1, open: true },
    { kind: 'run', class: 'crash', task: 'c1', instance: crashed, open: true },
    { kind: 'instance', class: 'crash', task: null, instance: crashed, open: true },
  ]);
  expect((await swarm.say('list failures')).text).toMatch(/f-\d+ +check +b1 \(attempt 1\) +rehearsal-\d/);
  expect(await failures('list failures limit=1')).toEqual(all.slice(-1));
  const [check, , broken] = all;
  const shown = await swarm.say(`show failure ${check!.id}`);
  expect(shown.data).toMatchObject({ title: 'Bad', branch: 'feature/b1-bad', next: 'retry task b1' });
  expect(shown.text).toMatch(/^ {2}retry task b1 +let an agent try it once more, from the beginning$/mu);
  expect((await swarm.say(`show failure ${broken!.id}`)).data).toMatchObject({ next: `restart instance ${crashed}` });
  expect(await swarm.say('show failure f-1')).toMatchObject({ exit: 3, data: { code: 'target/not-found' } });
  await swarm.say('remove task b1');
  expect((await failures('list open failures')).map(({ id }) => id)).toEqual(all.slice(1).map(({ id }) => id));
  const over = await swarm.say(`show failure ${check!.id}`);
  expect(over.text).toContain('state:     over');
  expect(over.text).toContain('b1 (removed), attempt 1');
});

test('a run that a person stopped is no failure', async () => {
  await swarm.say('create task "Hang" id=h9 description="rehearse: hang"');
  await swarm.say('run task h9');
  await taskIs(swarm, 'h9', 'running');
  await swarm.say('stop task h9');
  expect((await failures()).filter(({ task }) => task === 'h9')).toEqual([]);
});

test('conflicts are listed with their files, in batches and beside them', async () => {
  const { data, text } = await swarm.say('list conflicts');
  // The worktrees of the two still hold what did not merge, so that it is foreseen as well.
  const all = data as { id: string; kind: string; files: string[]; batch: string; open: boolean }[];
  const [one, ...others] = all.filter(({ kind }) => kind !== 'predicted');
  expect(others).toEqual([]);
  expect(one).toMatchObject({ kind: 'merge', files: ['same.txt'], batch: 'batch-1', open: true });
  expect(text).toContain('same.txt');
  const shown = await swarm.say(`show conflict ${one!.id}`);
  expect(shown.message).toMatch(/^batch-1\/[12]: conflict with [12] in same\.txt \(1 line\)\n/);
  expect((await swarm.say('list open conflicts limit=5')).data).toContainEqual(one);
  expect((await swarm.say('show conflict batch-1/9')).exit).toBe(3);
});

test('plans are listed with how far they are, and shown with their tasks', async () => {
  const listed = await swarm.say('list plans');
  const [plan] = listed.data as { name: string; total: number; done: number }[];
  expect(plan).toMatchObject({ total: 2, done: 2, failed: 0, open: 0, running: 0 });
  expect(listed.text).toMatch(/2\/2/);
  const shown = await swarm.say(`show plan "${plan!.name}"`);
  expect(shown.message).toBe(`${plan!.name}: 2 of 2 done (2 unchecked).`);
  expect(shown.text).toMatch(/1 +(?:merged|done)/);
  expect((await swarm.say('show plan nope')).exit).toBe(3);
});

test('one alert, event, adapter and colour is shown by its name', async () => {
  const crashed = Object.values((await swarm.state()).alerts).find(({ id }) => id.startsWith('instance:'))!;
  const { text, data } = await swarm.say(`show alert ${crashed.id}`);
  expect(text).toMatch(
    /^Needs you, raised \d+s ago \(\d\d:\d\d\): rehearsal-\d crashed[^\n]*\nSuggested: restart instance rehearsal-\d$/,
  );
  expect(data).toEqual({ ...crashed, suggestions: [{ command: crashed.suggestion, what: null }] });
  expect((await swarm.say('show event 1')).message).toMatch(
    /^Event 1\nwho: +daemon\nwhen: .*\nkind: +daemon started \(daemon\.started\)\n/u,
  );
  expect(await swarm.say('show event 999999')).toMatchObject({ exit: 3, hint: expect.stringMatching(/1 to \d+/) });
  expect(await swarm.say('show event abc')).toMatchObject({ exit: 2, data: { code: 'command/bad-parameter' } });
  expect((await swarm.say('show adapter rehearsal')).data).toMatchObject({
    prompt: 'typed',
    follows: 'hooks',
    found: true,
  });
  expect((await swarm.say('show adapter kiro')).message).toContain('it tells by itself');
  expect((await swarm.say('show adapter oneshot')).message).toMatch(/not installed: .*given as an argument.*its exit/s);
  expect((await swarm.say('show adapter seen')).message).toContain('its screen is read');
  expect((await swarm.say('show adapter seen')).data).toMatchObject({ follows: 'screen', found: true });
  expect((await swarm.say('show adapter nope')).exit).toBe(3);
  const color = await swarm.say('show color azure');
  expect(color.data).toMatchObject({ color_name: 'azure', instance_id: 'rehearsal-1' });
  expect((await swarm.say('show color rehearsal-2')).message).toContain('orange (#c76a00) is rehearsal-2');
  expect((await swarm.say('show color none-such')).exit).toBe(3);
});

test('the transport says its address, who is connected and what waits', async () => {
  const status = await swarm.say('status protocol');
  expect(status.data).toMatchObject({
    ...{
      protocol: 'unix',
      address: swarm.paths.socket,
      in_use: true,
      clients: 1,
      followers: 0,
      requests: 1,
      spooled: expect.any(Number),
    },
  });
  expect(status.message).toContain('1 client, 1 request being carried out, ');
  const { paths, env } = swarm;
  const view = () => ({ columns: 80, color: false });
  const replica = await openReplica({ paths, env, view, actor: 'tui' });
  expect((await swarm.say('show protocol')).data).toMatchObject({ clients: 2, followers: 1, waiting_bytes: 0 });
  replica.close();
  expect((await swarm.say('list protocols')).text).toMatch(/unix +in use +\d/);
});

test('the swarm and the logs are shown in the other words too', async () => {
  expect((await swarm.say('show swarm')).message).toMatch(/^Instances: .*Tasks: /);
  const logs = await swarm.say('list logs');
  expect(logs.data).toMatchObject([{ instance: 'rehearsal-1' }, { instance: 'rehearsal-2' }]);
  expect(logs.text).toContain(`${swarm.paths.logs}/rehearsal-1`);
});
