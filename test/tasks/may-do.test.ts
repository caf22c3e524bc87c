import { expect, test } from 'vitest';
import { attentionOf } from '../../src/attention/attention.ts';
import type { Surroundings } from '../../src/attention/step.ts';
import type { EventDraft } from '../../src/state/index.ts';
import { itemFacts } from '../../src/tasks/items/import-items.ts';
import { isPretence, mayDo, trialCommand } from '../../src/tasks/may-do.ts';
import { plan } from '../../src/tasks/plan.ts';
import { AT, after, begin, created, instance, requested } from './journal.ts';

const REHEARSAL = { name: 'rehearsal', title: 'Rehearsal', takesPlans: false };

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

test('what a file brought is real work as well, which an agent that only pretends does not take', () => {
  const made = begin(...pretender('a-1'), created('t1'));
  const items = [{ title: 'Add a login page', line: 1 }];
  const state = begin(...pretender('a-1'), created('t1'), ...itemFacts(made, items).drafts);
  const [one] = Object.values(state.instances);
  expect(Object.values(state.tasks).map((task) => [task.id, isPretence(task, one!)])).toEqual([
    ['t1', false],
    ['t2', true],
  ]);
  const [step] = attentionOf(begin(...pretender('a-1'), ...itemFacts(begin(), items).drafts), {
    agent: { name: 'rehearsal', title: 'rehearsal', takesPlans: false },
    isUsual: true,
    plans: [],
  }).work;
  expect(step).toMatchObject({
    kind: 'look',
    why: '1 imported task ready, which rehearsal agents do not take',
    command: 'show task t1',
  });
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
  // Another one that works is here: it is proposed where those that are here do none of it.
  const stepsIn = (around: Partial<Surroundings>, ...more: readonly EventDraft[]) =>
    attentionOf(after(state, ...more), { agent: REHEARSAL, isUsual: true, plans: [], ...around }).work;
  const [launch, trial] = stepsIn({ worker: 'codex' });
  expect(launch).toMatchObject({
    ...{ kind: 'launch', command: 'launch 2 instances agent=codex', isPressing: true },
    why: '2 tasks of a plan ready, which wait for an agent that may do them',
  });
  expect(trial).toMatchObject({ kind: 'try', isPressing: false });
  expect(stepsIn({ worker: 'codex', maxInstances: 1 })[0]).toMatchObject({ kind: 'try', isPressing: true });
  expect(stepsIn({ worker: 'codex' }, requested('1'))[0]!.why).toMatch(/^2 tasks of a plan to do, /u);
  // Another agent does nothing of what was asked for with one that pretends.
  const wished = requested('1', '2') as EventDraft & { data: object };
  const own = { ...wished, data: { ...wished.data, agent: 'rehearsal' } } as EventDraft;
  expect(stepsIn({ worker: 'codex' }, own)[0]).toMatchObject({ kind: 'try', isPressing: true });
  // Also where no program of an agent that works is here.
  expect(stepsIn({ agent: null })[0]).toMatchObject({ kind: 'try', isPressing: true });
  expect(trialCommand({ web: { source: '/a "b"' } as never }, 'web')).toBe('test swarm launch tasks="/a \\"b\\""');
});
