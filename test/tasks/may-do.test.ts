import { expect, test } from 'vitest';
import { attentionOf } from '../../src/attention/attention.ts';
import type { EventDraft } from '../../src/state/index.ts';
import { isPretence, mayDo, trialCommand } from '../../src/tasks/may-do.ts';
import { plan } from '../../src/tasks/plan.ts';
import { AT, begin, created, instance, requested } from './journal.ts';

const pretender = (id: string): EventDraft[] =>
  instance(id).map((fact) =>
    fact.type === 'instance.created' ? { ...fact, data: { ...fact.data, takes_plans: false } } : fact,
  );

test('an agent that only pretends to work gets tasks made by hand, and none of a plan', () => {
  const state = begin(...pretender('a-1'), created('1', { spec: 'web' }), created('t1'), requested('1', 't1'));
  const [one] = Object.values(state.instances);
  expect(Object.values(state.tasks).map((task) => [task.id, isPretence(task, one!), mayDo(task, one!)])).toEqual([
    ['1', true, false],
    ['t1', false, true],
  ]);
  const handedOut = plan(state, { now: AT }).filter(({ kind }) => kind === 'assign');
  expect(handedOut).toMatchObject([{ task: 't1', instance: 'a-1' }]);
});

test('without that fact, as older journals have it, any agent gets any task', () => {
  const state = begin(...instance('a-1'), created('1', { spec: 'web' }), requested('1'));
  expect(plan(state, { now: AT })).toMatchObject([{ kind: 'assign', task: '1', instance: 'a-1' }, {}]);
});

test('what is proposed for a plan is an agent that works, else a trial of the plan in a copy', () => {
  const state = begin(...pretender('a-1'), created('1', { spec: 'web' }), created('2', { spec: 'web' }));
  const stepsWith = (name: string, takesPlans: boolean) =>
    attentionOf(state, { agent: { name, title: name, takesPlans }, isUsual: true, plans: [] }).work;
  expect(stepsWith('claude', true)[0]).toMatchObject({ kind: 'launch', command: 'launch 2 instances' });
  expect(stepsWith('rehearsal', false).map(({ kind }) => kind)).toEqual(['try', 'create']);
  expect(stepsWith('rehearsal', false)[0]!.command).toBe('test swarm launch tasks="web"');
  expect(trialCommand({ web: { source: '/a "b"' } as never }, 'web')).toBe('test swarm launch tasks="/a \\"b\\""');
});
