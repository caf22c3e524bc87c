import { expect, test } from 'vitest';
import { planSpec } from '../../../src/commands/plans/plan-spec.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created, imported, instance } from '../../tasks/journal.ts';

/** The file of the plan is gone, so that nothing is said of other policies. */
const gone = { readFile: async () => null };

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
