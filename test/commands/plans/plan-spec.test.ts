import { expect, test } from 'vitest';
import { planSpec } from '../../../src/commands/plans/plan-spec.ts';
import type { PlanData } from '../../../src/text/plan-data.ts';
import { openDesk } from '../../helpers/desk.ts';
import { assigned, created, failed, imported, instance, started } from '../../tasks/journal.ts';

/** The file of the plan is gone, so that nothing is said of other policies. */
const gone = { readFile: async () => null, obstacle: async () => 'there is no such file' };

const plan = [
  imported('demo', ['1', '2']),
  created('1', { spec: 'demo' }),
  created('2', { spec: 'demo', dependencies: ['1'] }),
  created('other'),
];

test('the plan of one spec has its waves and its longest chain, and no task of another', async () => {
  const { message, data } = await openDesk(planSpec, plan, gone).say('plan spec demo');
  expect(message).toBe('2 open tasks in 2 waves: 1/1; longest chain 1 → 2. No instance is there to do it.');
  expect(data).toMatchObject({ waves: [['1'], ['2']], critical_path: ['1', '2'], applied: [] });
  expect(data).not.toHaveProperty('policies');
});

test('who only pretends to work is in the plan of no real one', async () => {
  const pretender = instance('r-1').map((fact) =>
    fact.type === 'instance.created' ? { ...fact, data: { ...fact.data, takes_plans: false } } : fact,
  );
  const facts = [...plan, ...pretender, ...instance('c-1')];
  const { data } = await openDesk(planSpec, facts, gone).say('plan spec demo');
  expect((data as PlanData).instances).toEqual(['c-1']);
  expect((data as PlanData).tasks.map((task) => task.instance)).toEqual(['c-1', 'c-1']);
});

test('a plan is handed out after a question only, and a spec that is not there is an error', async () => {
  const desk = openDesk(planSpec, [...plan, ...instance('c-1')], gone);
  expect(await desk.propose('plan spec demo apply')).toMatchObject({
    exit: 5,
    message: expect.stringContaining('2 open tasks'),
  });
  expect((await desk.say('plan spec dmeo')).exit).toBe(3);
  expect(desk.recorded()).toEqual([]);
  expect((await desk.say('plan spec demo apply')).data).toMatchObject({ applied: ['1', '2'] });
});

test('a task that failed has no time until it is tried again, nor has what waits for it; all are handed out all the same', async () => {
  const timed = (id: string, dependencies: string[] = []) =>
    created(id, { spec: 'demo', dependencies, estimated_duration: 60_000 });
  const facts = [imported('demo', ['1', '2', '3']), timed('1'), timed('2', ['1']), timed('3'), ...instance('c-1')];
  const desk = openDesk(planSpec, [...facts, started('1', 'c-1'), failed('1')], gone);
  const { message, data } = await desk.say('plan spec demo');
  expect(message).toMatch(/longest chain 1 → 2\. With 1 instance about 1m for 1 of them, at best 1m\.$/u);
  const times = (planned: unknown) =>
    (planned as PlanData).tasks.map(({ id, instance, end }) => `${id} ${instance} ${end}`);
  expect(times(data)).toEqual(['1 c-1 null', '3 c-1 60000', '2 c-1 null']);
  expect((await desk.say('plan spec demo apply')).data).toMatchObject({ applied: ['3', '2'] });
  const alone = openDesk(
    planSpec,
    [imported('demo', ['1']), timed('1'), ...instance('c-1'), started('1', 'c-1'), failed('1')],
    gone,
  );
  expect((await alone.say('plan spec demo')).message).toContain('When it is done cannot be told');
});

test('nothing is foretold of what stands behind a task that takes far longer than its estimate', async () => {
  const timed = (id: string, dependencies: string[] = []) =>
    created(id, { spec: 'demo', dependencies, estimated_duration: 12_000 });
  const facts = [imported('demo', ['1', '2']), timed('1'), timed('2', ['1']), ...instance('c-1', 'working')];
  const at = (now: string) =>
    openDesk(planSpec, [...facts, assigned('1', 'c-1'), started('1', 'c-1')], { ...gone, now: () => now });
  expect((await at('2026-01-01T00:00:04.000Z').say('plan spec demo')).message).toContain('about 20s, at best 20s.');
  const { message, data } = await at('2026-01-01T00:04:40.000Z').say('plan spec demo');
  expect(message).toContain('When it is done cannot be told');
  expect(data).toMatchObject({ length: null, tasks: [{ end: null }, { end: null }] });
});

test('what waits for a task that was given up is said to begin by nobody', async () => {
  const facts = [...plan, { type: 'task.cancelled', data: { id: '1' } } as const];
  const { message } = await openDesk(planSpec, facts, gone).say('plan spec demo');
  expect(message).toBe(
    '0 open tasks in 0 waves: 0; longest chain none. In no wave, since nobody begins it as it is: 2 waits for 1, which was cancelled, see: show task 2.',
  );
});
