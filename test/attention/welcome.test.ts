import { expect, test } from 'vitest';
import { attentionOf, offeredTo } from '../../src/attention/attention.ts';
import type { Surroundings } from '../../src/attention/step.ts';
import { welcomeOf } from '../../src/attention/welcome.ts';
import type { EventDraft } from '../../src/state/index.ts';
import { forecast } from '../../src/tui/prompt/prompt-forecast.ts';
import { language, settings } from '../fixtures/signatures.ts';
import { begin, created, imported, instance, started, unchecked, verified } from '../tasks/journal.ts';

const HERE: Surroundings = {
  agent: { name: 'claude', title: 'Claude Code', takesPlans: true },
  isUsual: true,
  plans: [],
  isSetUp: true,
};
const REHEARSAL = { name: 'rehearsal', title: 'Rehearsal', takesPlans: false };

const welcome = (around: Partial<Surroundings>, ...drafts: readonly EventDraft[]) => {
  const surroundings = { ...HERE, ...around };
  const state = begin(...drafts);
  const { title, offers } = welcomeOf(state, attentionOf(state, surroundings), surroundings);
  const said = offers.filter(({ isForShell }) => !isForShell).flatMap(({ commands }) => commands);
  // Whatever is offered is understood and allowed as things stand.
  for (const command of said)
    expect([command, forecast(command.replace('…', 'x'), { state, settings }, language).kind]).toEqual([command, 'ok']);
  return { title, said, shell: offers.flatMap(({ isForShell, commands }) => (isForShell ? commands : [])) };
};

test('[SEC-1] whoever may only look is offered what can be said in a shell, and to look', () => {
  const maySay = (line: string): boolean => /^(?:list|review) /u.test(line);
  const offered = (around: Partial<Surroundings>, ...drafts: readonly EventDraft[]) => {
    const state = begin(...drafts);
    const surroundings = { ...HERE, ...around };
    const attention = offeredTo(attentionOf(state, surroundings), maySay);
    return welcomeOf(state, attention, surroundings).offers.flatMap(({ commands }) => commands);
  };
  expect(offered({ plans: ['import spec specs/login'] })).toEqual(['drover demo']);
  expect(offered({}, created('1'))).toEqual([]);
  expect(offered({ agent: null }, created('1'))).toEqual(['drover doctor', 'list tasks']);
  expect(offered({}, ...done('1'))).toEqual(['review task 1']);
});

const done = (id: string): EventDraft[] => [created(id), started(id, 'a-1'), verified(id)];
const merged: EventDraft[] = [
  { type: 'batch.started', data: { id: 'b-1', target: 'i', base_commit: 'c', tasks: ['1'] } },
  { type: 'batch.merged', data: { id: 'b-1', task: '1', branch: 'feature/1', commit: 'c1' } },
  { type: 'batch.finished', data: { id: 'b-1' } },
];
const TRIAL = 'launch 3 instances agent=rehearsal';
const CREATE = 'create task "…"';
const LAUNCH = 'launch 1 instance';

test('without anything it offers a task, a trial, and where nothing is configured the setup', () => {
  expect(welcome({})).toEqual({ title: 'No agent yet.', said: [CREATE, LAUNCH, TRIAL], shell: ['drover demo'] });
  expect(welcome({ isSetUp: false }).shell).toEqual(['drover init', 'drover demo']);
});

test('the agent that is configured can be started before there is a task', () => {
  expect(welcome({}).said).toEqual([CREATE, LAUNCH, TRIAL]);
  expect(welcome({ isUsual: false }).said).toEqual([CREATE, 'launch 1 instance agent=claude', TRIAL]);
  expect(welcome({ isSetUp: false }).said).toEqual([CREATE, TRIAL]);
  expect(welcome({ agent: REHEARSAL }).said).toEqual([CREATE, TRIAL]);
});

test('without an agent program it says how to find one, and offers agents that only pretend where nothing is planned', () => {
  expect(welcome({ agent: null })).toEqual({
    title: 'No agent yet.',
    said: [TRIAL],
    shell: ['drover doctor', 'drover demo'],
  });
  expect(welcome({ agent: null }, created('1'))).toMatchObject({ said: ['list tasks'], shell: ['drover doctor'] });
});

test('specs that lie there are offered by their names', () => {
  const plans = ['import spec .kiro/specs/cart', 'import spec specs/login'];
  expect(welcome({ plans }).said).toEqual([...plans, CREATE, TRIAL]);
});

test('agents that were stopped are offered to be started again for tasks, with what that does', () => {
  const drafts = [...instance('a-1', 'stopped'), ...instance('a-2', 'stopped'), created('1'), created('2')];
  const title = '2 tasks ready, 2 agents stopped that may do them.';
  expect(welcome({}, ...drafts)).toEqual({ title, said: ['restart instances a-1, a-2'], shell: [] });
  const state = begin(...drafts);
  const [first] = welcomeOf(state, attentionOf(state, HERE), HERE).offers;
  expect(first).toMatchObject({ why: 'Start again who was stopped:' });
});

test('tasks without agents are for an agent that works, and a plan never for one that pretends', () => {
  expect(welcome({}, created('1'), created('2'))).toEqual({
    title: '2 tasks ready, no agent is here.',
    said: ['launch 2 instances'],
    shell: [],
  });
  const plan = [created('1', { spec: 'cart' }), imported('cart', ['1'])];
  expect(welcome({ agent: REHEARSAL }, ...plan)).toEqual({
    title: '1 task of a plan ready, which rehearsal agents only try in a copy.',
    said: ['test swarm launch tasks="/repo/spec"'],
    shell: [],
  });
});

test('while the swarm is paused it is offered beside what can be done, and not in its place', () => {
  const paused: EventDraft = { type: 'swarm.paused', data: {} as never };
  expect(welcome({}, paused, created('1'), created('2'))).toEqual({
    title: '2 tasks ready, no agent is here.',
    said: ['launch 2 instances', 'resume swarm'],
    shell: [],
  });
  const plans = ['import spec specs/login'];
  expect(welcome({ plans }, paused).said).toEqual([...plans, CREATE, 'resume swarm', TRIAL]);
  expect(welcome({}, paused).said).toEqual([CREATE, 'resume swarm', LAUNCH, TRIAL]);
  expect(welcome({}, paused, ...done('1')).said).toEqual(['review task 1', 'merge completed branches', 'resume swarm']);
});

test('what no check has looked at is told to be unchecked', () => {
  const work = (id: string): EventDraft[] => [created(id), started(id, 'a-1'), unchecked(id)];
  expect(welcome({}, ...work('1')).title).toBe('The task is done (unchecked).');
  expect(welcome({}, ...work('1'), ...done('2')).title).toBe('All 2 tasks are done (1 unchecked).');
});

test('finished work is offered for review and merge, then for delivery, and at last there is nothing but a new task', () => {
  expect(welcome({}, ...done('1'))).toMatchObject({
    title: 'The task is done.',
    said: ['review task 1', 'merge completed branches'],
  });
  const delivery = { branch: 'main', commits: 3, own: 0, integration: 'drover/integration' };
  expect(welcome({ delivery }, ...done('1'), ...merged)).toMatchObject({
    title: 'The task is done. 3 commits merged, to deliver to main.',
    said: ['merge completed branches to=main'],
  });
  expect(welcome({ delivery: { ...delivery, own: 1 } }, ...done('1'), ...merged)).toMatchObject({
    title: 'The task is done. main has 1 commit that drover/integration lacks.',
    said: ['sync branch drover/integration'],
  });
  expect(welcome({}, ...done('1'), ...merged)).toMatchObject({
    title: 'The task is done and merged.',
    said: [CREATE],
  });
});

test('what waits for ever is told of where no agent is, as the status does', () => {
  const facts = [created('1'), created('2', { dependencies: ['1'] })];
  expect(welcome({}, ...facts, { type: 'task.cancelled', data: { id: '1' } }).said).toEqual(['show task 2']);
});
