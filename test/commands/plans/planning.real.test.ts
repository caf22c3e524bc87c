import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { hang, history, taskIs, until } from '../stage.ts';

type Planned = {
  waves: string[][];
  length: number | null;
  least: number;
  unit: string;
  instances: string[];
  applied: string[];
  tasks: { id: string; waits_for: string[]; start: number | null; end: number | null; instance: string | null }[];
};
const planned = async (swarm: Swarm, text: string) => (await swarm.say(text)).data as Planned;
const withSource = async () => {
  const swarm = await openSwarm();
  cpSync(fileURLToPath(new URL('../../fixtures/spec', import.meta.url)), join(swarm.root, 'big'), { recursive: true });
  await swarm.say('import spec ./big policy=siblings barrier=true');
  return swarm;
};

test('[DST-1] with five instances no task of the real plan starts before its prerequisites, and all 31 are placed', async () => {
  await using swarm = await withSource();
  const data = await planned(swarm, 'plan tasks instances=5');
  const end = new Map(data.tasks.map((task) => [task.id, task.end!]));
  expect(data.tasks).toHaveLength(31);
  for (const task of data.tasks)
    for (const before of task.waits_for) expect(task.start!).toBeGreaterThanOrEqual(end.get(before)!);
  expect(new Set(data.tasks.map((task) => task.instance)).size).toBe(5);
  expect([data.unit, data.waves.map((wave) => wave.length)]).toEqual(['points', [13, 12, 1, 1, 2, 2]]);
  expect(data.length).toBeGreaterThanOrEqual(data.least);
  const said = await swarm.say('plan tasks instances=5');
  expect(said.message).toMatch(
    /^31 open tasks in 6 waves: 13\/12\/1\/1\/2\/2; longest chain 3\.1 → .*With 5 instances \(assumed\) about \d+ points/,
  );
  expect((await swarm.say('plan tasks')).message).toContain('No instance is there to do it.');
});

test('what if: other policies, another order, and as many instances as are worth it', async () => {
  await using swarm = await withSource();
  const before = await history(swarm);
  expect((await planned(swarm, 'plan spec big strategy=none instances=40')).waves.map((wave) => wave.length)).toEqual([
    27, 4,
  ]);
  const strict = await planned(swarm, 'plan tasks strategy=strict instances=3');
  expect(strict.waves).toHaveLength(31);
  expect(strict.tasks[1]!.waits_for).toEqual([strict.tasks[0]!.id]);
  const fifo = await planned(swarm, 'plan tasks strategy=fifo instances=5');
  const critical = await planned(swarm, 'plan tasks strategy=critical-path instances=5');
  expect(fifo.length).toBeGreaterThan(critical.length!);
  const auto = await planned(swarm, 'plan tasks auto');
  const fewer = await planned(swarm, `plan tasks instances=${auto.instances.length - 1}`);
  expect([auto.length! < fewer.length!, auto.length]).toEqual([
    true,
    (await planned(swarm, 'plan tasks instances=10')).length,
  ]);
  expect((await swarm.say('plan tasks auto instances=3')).exit).toBe(2);
  expect((await swarm.say('plan spec nope')).exit).toBe(3);
  expect((await swarm.say('plan tasks strategy=magic')).exit).toBe(2);
  expect(await history(swarm)).toEqual(before);
});

test('[DST-6] strategies and workflows are configuration: they change the order, and what belongs to each task', async () => {
  await using swarm = await withSource();
  const order = async (text: string) =>
    (await planned(swarm, text)).tasks.toSorted((a, b) => (a.start ?? 0) - (b.start ?? 0)).map(({ id }) => id);
  const critical = await order('plan --strategy critical-path --instances 3');
  expect(await order('plan --strategy fifo --instances 3')).not.toEqual(critical);
  for (const strategy of ['load-balance', 'spread-groups'])
    expect((await order(`plan --strategy ${strategy} --instances 3`)).toSorted()).toEqual(critical.toSorted());
  const manual = await planned(swarm, 'plan --strategy manual --instances 3');
  expect(new Set(manual.tasks.map(({ instance }) => instance))).toEqual(new Set([null]));
  expect((await planned(swarm, 'plan tasks')).tasks.some((task) => 'steps' in task)).toBe(false);
  for (const [workflow, step] of Object.entries({ pr: 'pull request', tdd: 'failing test', trunk: 'newest base' })) {
    expect(await swarm.say(`set config plan.workflow ${workflow}`)).toMatchObject({ exit: 0 });
    const { tasks } = (await swarm.say('plan tasks')).data as { tasks: { steps: string[] }[] };
    expect([tasks.length, new Set(tasks.map(({ steps }) => steps.join()))]).toEqual([31, new Set([step])]);
  }
  await swarm.say('set task 3.1 workflow=tdd');
  const { tasks } = (await swarm.say('plan tasks')).data as { tasks: { id: string; steps: string[] }[] };
  const steps = tasks.map((task) => [task.id, task.steps.join()]);
  expect(steps.filter(([, step]) => step !== 'newest base')).toEqual([['3.1', 'failing test']]);
});

test('a plan is applied after a question: tasks go into the queues that it says, and are done in its order', async () => {
  await using swarm = await openSwarm({
    files: { 'demo/tasks.md': '- [ ] 1. A\n- [ ] 2. B\n- [ ] 3. C\n- [ ] 4. D\n' },
  });
  await swarm.say('import spec demo');
  const none = await swarm.say('plan spec demo apply');
  expect([none.exit, none.message, none.hint]).toEqual([
    6,
    'The plan takes 1 instance, and there are 0.',
    'Say "launch 1 instance" first, or leave the number out.',
  ]);
  await swarm.say('launch 2 instances');
  await until(swarm, (state) => Object.values(state.instances).every((one) => one.state.kind === 'idle'));
  expect((await swarm.say('plan spec demo apply instances=9')).message).toBe(
    'The plan takes 9 instances, and there are 2.',
  );
  const asked = await swarm.propose('plan spec demo strategy=strict apply');
  expect([asked.exit, asked.message]).toEqual([
    5,
    expect.stringContaining('This hands 4 open tasks out to 2 instances'),
  ]);
  expect((await swarm.propose('plan spec demo strategy=strict apply dry-run')).data).toMatchObject({ applied: [] });
  const applied = await swarm.say('plan spec demo strategy=strict apply');
  expect(applied.message).toMatch(/Handed 4 tasks out to rehearsal-1 \(\w+\), rehearsal-2 \(\w+\)\.$/);
  const state = await taskIs(swarm, '4', 'done');
  expect(state.specs['demo']).toMatchObject({ policy: 'strict' });
  expect(['1', '2', '3', '4'].map((id) => state.tasks[id]!.dependencies)).toEqual([[], ['1'], ['2'], ['3']]);
  expect(state.swarm.commands.at(-1)).toMatchObject({ verb: 'plan', exit: 0 });
  await swarm.say('create task Five estimate=30m');
  const after = await swarm.say('plan tasks');
  expect([after.data, after.message]).toEqual([
    expect.objectContaining({ unit: 'ms', length: 1_800_000 }),
    expect.stringContaining('With 2 instances about 30m, at best 30m.'),
  ]);
});

test('applying leaves alone what runs and what is pinned', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  await swarm.say(hang('h'));
  await swarm.say('assign task h to rehearsal-1');
  await taskIs(swarm, 'h', 'running');
  await swarm.say(hang('i'));
  await swarm.say('assign task i to rehearsal-1');
  await swarm.say('create task Two id=bee');
  await swarm.say('create task Three id=cat deps=h');
  const data = await planned(swarm, 'plan tasks apply');
  expect(data.applied.toSorted()).toEqual(['bee', 'cat']);
  const state = await taskIs(swarm, 'bee', 'done');
  expect(state.tasks).toMatchObject({
    h: { state: 'running' },
    i: { assignee: 'rehearsal-1', pinned: true },
    cat: { state: 'assigned' },
  });
  expect((await planned(swarm, 'plan tasks apply')).applied).toEqual([]);
});

test('a viewer may look at a plan, and not hand it out', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', security: { localRole: 'viewer' } } });
  expect((await swarm.say('plan tasks')).exit).toBe(0);
  const denied = await swarm.say('plan tasks apply');
  expect([denied.exit, denied.hint]).toEqual([4, expect.stringMatching(/^It takes the role operator\. /u)]);
});
