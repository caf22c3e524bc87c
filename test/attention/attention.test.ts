import { expect, test } from 'vitest';
import {
  attentionOf,
  needInView,
  offeredTo,
  stepBesides,
  stepNow,
  waitingAgents,
  whileReviewing,
} from '../../src/attention/attention.ts';
import { blockedOf } from '../../src/attention/blocked.ts';
import { lookAt } from '../../src/attention/needs.ts';
import { toldIn } from '../../src/attention/told.ts';
import type { Surroundings } from '../../src/attention/step.ts';
import { instanceAlert, taskAlert } from '../../src/daemon/signals/alert-facts.ts';
import { parse } from '../../src/protocol/parse.ts';
import { type AppEvent, type EventDraft, reduce } from '../../src/state/index.ts';
import type { FailureClass } from '../../src/state/tasks.ts';
import { language } from '../fixtures/signatures.ts';
import { imported, begin, created, instance, moved, requested, started, verified } from '../tasks/journal.ts';

const fail = (id: string, kind: FailureClass, message = 'it broke'): EventDraft[] => [
  { type: 'run.failed', data: { id, failure: { class: kind, message } } },
  taskAlert(id, { class: kind, message }, 'a-1'),
];
const ran = (id: string, kind: FailureClass, message?: string): EventDraft[] => [
  created(id),
  started(id, 'a-1'),
  ...fail(id, kind, message),
];
const of = (...drafts: readonly EventDraft[]) => attentionOf(begin(...drafts));
const besides = (...drafts: readonly EventDraft[]) => stepBesides(of(...drafts), null)?.command;
const now = (...drafts: readonly EventDraft[]) => stepNow(of(...drafts), null)?.command;
const archived = (id: string): EventDraft => ({ type: 'task.archived', data: { id, archived: true } });
const done = (id: string): EventDraft[] => [created(id), started(id, 'a-1'), verified(id)];

test('a question comes before a failure, a failure before a lost agent; one thing counts once', () => {
  const { needs } = of(
    ...instance('a-1'),
    ...instance('a-2', 'waiting'),
    ...instance('a-3', 'lost'),
    instanceAlert('a-3', 'a-3 is lost'),
    ...ran('t1', 'check'),
  );
  expect(needs.map(({ kind, help }) => [kind, help])).toEqual([
    ['question', 'answer a-2 "…"'],
    ['failure', 'show failure t1'],
    ['lost', 'restart instance a-3'],
  ]);
});

test('a failed task needs somebody as long as another one waits for it, whether its alert was dismissed or not', () => {
  const dismissed: EventDraft = { type: 'alert.cleared', data: { id: 'failed:t1', because: 'dismissed' } };
  const failed = [...instance('a-1'), ...ran('t1', 'check')];
  const waits = created('t2', { dependencies: ['t1'] });
  const needs = (...drafts: readonly EventDraft[]) => of(...drafts).needs;
  expect(needs(...failed, waits)).toMatchObject([{ kind: 'failure', alert: 'failed:t1', help: 'show failure t1' }]);
  expect(needs(...failed, dismissed)).toEqual([]);
  const need = {
    ...{ kind: 'failure', key: 'task t1', alert: null, instance: 'a-1', task: 't1', help: 'show failure t1' },
    text: 't1 failed (check): it broke; t2 waits for it',
  };
  expect(needs(...failed, dismissed, waits)).toMatchObject([need]);
  const state = begin(...failed, dismissed, waits);
  expect(toldIn(state, attentionOf(state))).toMatchObject([{ id: 'failed:t1', severity: 'error', need: 'failure' }]);
  // One that cannot begin is no better.
  const blocked: EventDraft = { type: 'task.blocked', data: { id: 't1', reason: 'it conflicts' } };
  expect(needs(created('t1'), blocked, waits)).toMatchObject([
    { text: 't1 cannot start: it conflicts; t2 waits for it' },
  ]);
  // Nobody waits any more, or somebody sees to it.
  for (const over of [
    archived('t2'),
    { type: 'task.cancelled', data: { id: 't2' } },
    archived('t1'),
    { type: 'task.reopened', data: { id: 't1', reason: 'retry' } },
  ] satisfies EventDraft[])
    expect(needs(...failed, dismissed, waits, over)).toEqual([]);
  const taken: EventDraft[] = [
    { type: 'review.taken_over', data: { task: 't1', commit: 'c', by: 'me', worktree: '/w/t1' } },
    { type: 'task.held', data: { id: 't1', held: true } },
  ];
  expect(needs(...failed, dismissed, waits, ...taken)).toEqual([]);
});

test('what waits for a cancelled task is told of, and how it begins after all', () => {
  const after = (id: string, ...dependencies: string[]): EventDraft => created(id, { dependencies });
  const plan = [created('t1'), after('ready', 't1', 't5'), after('t3', 'ready'), created('t5')];
  const cancelled: EventDraft = { type: 'task.cancelled', data: { id: 't1' } };
  const steps = (...drafts: readonly EventDraft[]) => of(...plan, ...drafts).work.filter(({ kind }) => kind === 'look');
  expect(steps()).toEqual([]);
  const why = 'ready waits for t1, which was cancelled, and 1 more like that';
  expect(steps(cancelled)).toEqual([{ kind: 'look', why, command: 'show task "ready"', isPressing: true }]);
  // While others are at work it is offered, and not said aloud.
  expect(steps(...instance('a-1'), started('t5', 'a-1'), cancelled)).toMatchObject([{ isPressing: false }]);
  // What was asked for is waited for: that is said aloud, and what can be done besides is still offered.
  const asked = of(
    ...plan,
    ...instance('a-1'),
    requested('ready', 't3'),
    started('t5', 'a-1'),
    ...done('t6'),
    cancelled,
  );
  expect(stepNow(asked, null)).toMatchObject({
    ...{ why, command: 'show task "ready"' },
  });
  expect(stepBesides(asked, null)).toMatchObject({ kind: 'review' });
  const state = begin(...plan, cancelled);
  expect(blockedOf(state, state.tasks['ready']!)).toEqual({
    text: 'ready waits for t1: t1 was cancelled',
    help: ['retry task t1', 'set task "ready" deps=t5'],
  });
  expect(blockedOf(state, state.tasks['t3']!)?.help).toEqual(['retry task t1']);
  const wide = begin(...plan, cancelled, after('t4', 't1', 'ready', 't5'));
  const command = 'set task t4 deps=ready,t5';
  expect(blockedOf(wide, wide.tasks['t4']!)?.help).toEqual(['retry task t1', command]);
  expect(parse(command, language)).toMatchObject({ meaning: { parameters: { deps: ['ready', 't5'] } } });
  expect(steps(cancelled, archived('ready'), archived('t3'))).toEqual([]);
});

test('what waits for a task that was archived before it was done is told of, with what helps', () => {
  const facts = [created('t1'), archived('t1'), created('t2', { dependencies: ['t1'] }), created('t3')];
  const state = begin(...facts);
  const why = 't2 waits for t1, which is archived';
  expect(attentionOf(state).work).toContainEqual({ kind: 'look', why, command: 'show task t2', isPressing: true });
  expect(blockedOf(state, state.tasks['t2']!)).toEqual({
    text: 't2 waits for t1: t1 is archived',
    help: ['unarchive task t1', 'set task t2 deps=none'],
  });
  // It would not be tried again while it is archived.
  const both = begin(...facts, { type: 'task.cancelled', data: { id: 't1' } });
  expect(blockedOf(both, both.tasks['t2']!)).toEqual({
    text: 't2 waits for t1: t1 was cancelled and archived',
    help: ['unarchive task t1', 'set task t2 deps=none'],
  });
  const done = begin(created('t1', {}, true), archived('t1'), created('t2', { dependencies: ['t1'] }));
  expect(blockedOf(done, done.tasks['t2']!)).toBeNull();
  const blocked = begin(created('t1'), { type: 'task.blocked', data: { id: 't1', reason: 'x' } }, archived('t1'));
  expect(blockedOf(blocked, blocked.tasks['t1']!)?.help).toEqual(['unarchive task t1']);
});

test('finished work needs nobody, and is offered', () => {
  const attention = of(...instance('a-1'), ...done('t1'), ...done('t2'));
  expect(attention.needs).toEqual([]);
  expect([attention.unreviewed, attention.approved, attention.toReview.get('a-1')]).toEqual([2, 0, 2]);
  expect(stepNow(attention, null)).toMatchObject({
    kind: 'review',
    why: '2 tasks done, to review',
    command: 'review task t1',
  });
  expect(stepBesides(attention, null)).toBeNull();
  expect(attention.work[1]).toMatchObject({
    kind: 'merge',
    why: '2 tasks to merge, not reviewed',
    command: 'merge completed branches',
  });
});

test('to whoever has the work of a task open its approval is proposed in place of its review', () => {
  const attention = of(...instance('a-1'), ...done('t1'), ...done('t2'));
  expect(stepNow(whileReviewing(attention, 't1'), null)).toMatchObject({
    kind: 'approve',
    why: '2 tasks done, to review',
    command: 'approve task t1',
  });
  expect(stepNow(whileReviewing(attention, 't2'), null)?.command).toBe('review task t1');
  expect(whileReviewing(attention, 't1')).toBe(whileReviewing(attention, 't1'));
  const looking = whileReviewing(
    offeredTo(attention, (line) => !line.startsWith('approve')),
    't1',
  );
  expect(looking.work.map(({ command }) => command)).not.toContain('approve task t1');
  expect(looking.work.map(({ kind }) => kind)).not.toContain('review');
});

const taken = (task: string): EventDraft[] => [
  { type: 'review.taken_over', data: { task, commit: 'abc', by: 'web:ada', worktree: `/w/${task}-by-hand` } },
  { type: 'task.held', data: { id: task, held: true } },
];

test('a failure that a person has taken over needs nobody else, and who has it is told', () => {
  const facts = [...instance('a-1'), ...ran('t1', 'crash'), ...taken('t1')];
  const attention = of(...facts);
  expect(attention.needs).toEqual([]);
  expect(attention.notices.map(({ text }) => text)).toEqual(['t1 is taken over by ada: /w/t1-by-hand']);
  expect(now(...facts)).toBe('review task t1');
  expect(stepNow(whileReviewing(attention, 't1'), null)).toBeUndefined();
  // An agent has it again.
  const again: EventDraft = { type: 'task.held', data: { id: 't1', held: false } };
  expect(of(...facts, again).needs.map(({ help }) => help)).toEqual(['retry task t1']);
});

test('what a person who has taken it over could not make pass is told without leaving it to an agent', () => {
  const before = begin(...instance('a-1'), ...ran('t1', 'crash'), ...taken('t1'));
  const later = fail('t1', 'check', 'npm test ended with 1').reduce(
    (state, draft) =>
      reduce(state, {
        ...draft,
        seq: state.seq + 1,
        at: '2026-01-01T00:01:00.000Z',
        actor: 'ada',
        corr: 'c',
      } as AppEvent),
    before,
  );
  const { needs, notices } = attentionOf(later);
  expect([needs, notices.map(({ text, suggestion }) => [text, suggestion])]).toEqual([
    [],
    [['t1 failed (check): npm test ended with 1', 'review task t1']],
  ]);
});

test('an old failure does not hide what else can be done', () => {
  const facts = [...instance('a-1'), ...ran('t1', 'check'), created('t2'), created('t3')];
  expect(now(...facts)).toBe('show failure t1');
  expect(stepBesides(of(...facts), null)).toMatchObject({
    why: '1 agent idle, 2 tasks ready',
    command: 'run all ready tasks',
  });
});

test('the work is offered in its order: run, launch, merge, create', () => {
  const free = instance('a-1');
  expect(besides(created('t1'), ...free, ...instance('a-2', 'waiting'))).toBe('run all ready tasks');
  expect(now(created('t1'), requested('t1'))).toBe('launch 1 instance');
  expect(now(created('t1'), created('t2'))).toBe('launch 2 instances');
  expect(now(...free, ...done('t1'), created('t2'))).toBe('run all ready tasks');
  expect(now(...free)).toBeUndefined();
  expect(besides(...free)).toBe('create task "…"');
  expect(now(...instance('a-1', 'working'), created('t1'), requested('t1'))).toBeUndefined();
});

test('a paused swarm is resumed before anything is run', () => {
  const paused: EventDraft = { type: 'swarm.paused', data: {} };
  expect(now(...instance('a-1'), created('t1'), paused)).toBe('resume swarm');
});

test('a paused swarm is resumed while what its agents have begun stands still, and is told of while nothing does', () => {
  const paused: EventDraft = { type: 'swarm.paused', data: {} };
  const frozen: EventDraft = { type: 'instance.paused', data: { instance_id: 'a-1', evidence: 'frozen' } };
  const begun = [...instance('a-1'), created('t1'), started('t1', 'a-1'), moved('a-1', 'working')];
  const stands = of(...begun, paused, frozen);
  expect(stepNow(stands, null)).toMatchObject({
    command: 'resume swarm',
    why: 'The swarm is paused; 1 task stands still in the middle',
  });
  const rests = of(...instance('a-1'), ...done('t1'), paused);
  expect(rests.work[0]).toEqual({
    ...{ kind: 'resume', why: 'The swarm is paused', command: 'resume swarm', isPressing: false },
  });
  expect(now(created('t1'), paused)).toBe('launch 1 instance');
});

test.each([
  ['crash', 'retry task t1'],
  ['hang', 'retry task t1'],
  ['network', 'retry task t1'],
  ['check', 'show failure t1'],
  ['gate', 'show failure t1'],
  ['dependency', 'show failure t1'],
  ['login', 'show failure t1'],
  ['no-commit', 'show failure t1'],
] as const)('after a failure by %s the first help is: %s', (kind, help) => {
  expect(now(...instance('a-1'), ...ran('t1', kind))).toBe(help);
});

test('what failed twice in the same way is never tried again by one key', () => {
  const twice = [...instance('a-1'), ...ran('t1', 'crash'), started('t1', 'a-1'), ...fail('t1', 'crash')];
  expect(now(...twice)).toBe('show failure t1');
  const otherwise = [...instance('a-1'), ...ran('t1', 'crash'), started('t1', 'a-1'), ...fail('t1', 'crash', 'else')];
  expect(now(...otherwise)).toBe('retry task t1');
});

test('an agent that broke twice without ever being ready is looked at, not started again', () => {
  const broken: EventDraft = {
    type: 'instance.moved',
    data: { instance_id: 'a-1', state: 'failed', source: 'terminal', evidence: 'ended with 1' },
  };
  const facts = [...instance('a-1', 'starting'), broken, instanceAlert('a-1', 'a-1 crashed')];
  expect(now(...facts)).toBe('restart instance a-1');
  expect(now(...facts, moved('a-1', 'starting'), broken)).toBe('show instance a-1');
  expect(now(...facts, moved('a-1', 'starting'), moved('a-1', 'idle'), broken)).toBe('restart instance a-1');
});

test('what is done about an agent by itself needs nobody, and is to be known', () => {
  const recovery = {
    task: 't1',
    class: 'crash',
    message: 'x',
    tries: 1,
    most: 3,
    unready: false,
    next: 'restart',
    due: '2026-01-01T00:01:00.000Z',
  } as const;
  const { needs, notices } = of(
    ...instance('a-1', 'failed'),
    { type: 'instance.recovery_planned', data: { instance_id: 'a-1', recovery } },
    instanceAlert('a-1', 'a-1 crashed; it is started again', { severity: 'info' }),
  );
  expect([needs, notices.map(({ id }) => id)]).toEqual([[], ['instance:a-1']]);
});

const aside = (reason: 'conflict' | 'dependency', severity: 'warning' | 'info' = 'warning'): EventDraft[] => [
  ...instance('a-1'),
  ...done('t1'),
  { type: 'batch.started', data: { id: 'batch-1', target: 'i', base_commit: 'c', tasks: ['t1'] } },
  { type: 'batch.set_aside', data: { id: 'batch-1', task: 't1', reason, message: 'x', files: ['a'] } },
  { type: 'batch.finished', data: { id: 'batch-1' } },
  {
    type: 'alert.raised',
    data: {
      ...{ id: 'aside:t1', severity, text: 't1 was set aside', suggestion: 'show integration batch-1' },
      ...{ instance: null, task: 't1' },
    },
  },
];

test('a conflict needs a person; what waits for another task is only to be known, and is not merged again at once', () => {
  expect(of(...aside('conflict')).needs.map(({ kind }) => kind)).toEqual(['conflict']);
  expect(of(...aside('dependency'))).toMatchObject({ needs: [], unreviewed: 0, approved: 0 });
  expect(besides(...aside('conflict'))).toBe('create task "…"');
});

test('a conflict that went back to its agent by itself is only to be known, until it comes back as it was', () => {
  const back: readonly EventDraft[] = [
    { type: 'batch.sent_back', data: { id: 'batch-1', task: 't1', round: 1, to: 'a-1' } },
    { type: 'task.sent_back', data: { id: 't1', reason: 'x', instruction: { branch: 'b', by: 'batch-1', text: 'x' } } },
    requested('t1'),
  ];
  const { needs, notices } = of(...aside('conflict', 'info'), ...back);
  expect([needs, notices.map(({ id }) => id)]).toEqual([[], ['aside:t1']]);
  const again = [...back, ...aside('conflict').slice(-1)];
  expect(of(...aside('conflict', 'info'), ...again).needs.map(({ kind }) => kind)).toEqual(['conflict']);
});

test('a conflict that a batch has met counts once, though it was foreseen as well', () => {
  const foreseen: EventDraft[] = [
    {
      type: 'conflict.predicted',
      data: {
        ...{ id: 'claude-1/integration', instances: ['claude-1', 'integration'], tasks: ['t1', null] },
        ...{ files: [], policy: 'warn', paused: null },
      },
    },
    {
      type: 'alert.raised',
      data: {
        ...{ id: 'conflict:claude-1/integration', severity: 'warning', text: 't1 and integration both change a' },
        ...{ suggestion: 'show conflict claude-1/integration', instance: null, task: null },
      },
    },
  ];
  const told = (...facts: readonly EventDraft[]) => of(...facts).needs.map(({ text }) => text);
  expect(told(...aside('conflict'), ...foreseen)).toEqual(['t1 was set aside']);
  // What was set aside for something else, or is somebody else's, is told beside it.
  expect(told(...aside('dependency'), ...foreseen)).toEqual(['t1 and integration both change a']);
});

test('the banner speaks of what stands first wherever needs are listed, and of the question of the selected agent', () => {
  const facts = [...instance('a-1', 'lost'), ...instance('a-2', 'lost')];
  const lost = of(...facts, instanceAlert('a-1', '1 lost'), instanceAlert('a-2', '2 lost'));
  expect(['a-1', 'a-2'].map((id) => needInView(lost, id))).toEqual([lost.needs[0], lost.needs[0]]);
  const asked = of(...facts, instanceAlert('a-1', '1 lost'), ...instance('a-3', 'waiting'));
  expect(needInView(asked, 'a-1')?.instance).toBe('a-3');
  expect(waitingAgents(asked, ['a-1', 'a-3'])).toEqual(['a-3', 'a-1']);
  const both = of(...instance('a-3', 'waiting'), ...instance('a-4', 'waiting'));
  expect(['a-3', 'a-4'].map((id) => needInView(both, id)?.instance)).toEqual(['a-3', 'a-4']);
});

test('what lies in the repository is offered first where there is no task, and the agent that is here', () => {
  const around: Surroundings = {
    agent: { name: 'codex', title: 'Codex', takesPlans: true },
    isUsual: false,
    plans: ['import spec x'],
  };
  const offered = (...drafts: readonly EventDraft[]) => stepNow(attentionOf(begin(...drafts), around), null)?.command;
  expect(offered()).toBe('import spec x');
  expect(offered(created('t1'))).toBe('launch 1 instance agent=codex');
  expect(stepNow(attentionOf(begin(created('t1')), { ...around, agent: null }), null)).toBeUndefined();
});

test('a plan is offered until one of its tasks is imported, whatever else was done by hand', () => {
  const plans = ['import spec specs/x', 'import spec TODO.md'];
  const around: Surroundings = { agent: null, isUsual: true, plans };
  const done = [created('t1'), started('t1', 'a-1'), verified('t1')];
  const stepsOf = (...drafts: readonly EventDraft[]) =>
    attentionOf(begin(...drafts), around).work.map(({ kind, command, isPressing }) => [kind, command, isPressing]);
  expect(stepsOf(...done).slice(-2)).toEqual([
    ['import', 'import spec specs/x', false],
    ['create', 'create task "…"', false],
  ]);
  const file = 'specs/x/tasks.md';
  const plan: EventDraft = {
    type: 'spec.imported',
    data: {
      spec: { name: 'x', source: file, tracked_path: file, policy: 'siblings', barrier: true, tasks: ['1'] },
    },
  };
  const rest = [plan, created('1', { spec: 'x' }, true)];
  expect(stepsOf(...rest).at(-2)).toEqual(['import', 'import spec TODO.md', false]);
  expect(stepsOf(created('t1'))).toEqual([['create', 'create task "…"', false]]);
});

const HERE: Surroundings = { agent: { name: 'claude', title: 'Claude', takesPlans: true }, isUsual: true, plans: [] };
const offered = (around: Partial<Surroundings>, ...drafts: readonly EventDraft[]) =>
  attentionOf(begin(...drafts), { ...HERE, ...around }).work.map(({ why, command }) => `${why}: ${command}`);
const approve = (task: string): EventDraft => ({ type: 'review.approved', data: { task, commit: 'abc', by: 'me' } });
const merge = (...tasks: readonly string[]): EventDraft[] => [
  { type: 'batch.started', data: { id: 'batch-1', target: 'i', base_commit: 'c', tasks: [...tasks] } },
  ...tasks.map(
    (task): EventDraft => ({
      type: 'batch.merged',
      data: { id: 'batch-1', task, branch: `feature/${task}`, commit: 'c1' },
    }),
  ),
  { type: 'batch.finished', data: { id: 'batch-1' } },
];

test('review, merge and deliver are steps of their own, one after the other', () => {
  const work = [...instance('a-1'), ...done('t1'), ...done('t2')];
  const last = '1 agent without a task: create task "…"';
  expect(offered({}, ...work, approve('t1'))).toEqual([
    '1 task done, to review: review task t2',
    '2 tasks to merge, 1 of them not reviewed: merge completed branches',
    last,
  ]);
  expect(offered({}, ...work, approve('t1'), approve('t2'))).toEqual([
    '2 tasks to merge: merge completed branches',
    last,
  ]);
  const delivery = { branch: 'main', commits: 4, own: 0, integration: 'drover/integration' };
  expect(offered({ delivery }, ...work, ...merge('t1', 't2'))).toEqual([
    '4 commits merged, to deliver to main: merge completed branches to=main',
    last,
  ]);
  expect(offered({ delivery: { ...delivery, own: 2 } }, ...work, ...merge('t1', 't2'))).toEqual([
    'main has 2 commits that drover/integration lacks: sync branch drover/integration',
    last,
  ]);
  // What was refused would be refused once more.
  const failed = { batch: 'batch-2', problem: 'lint: it ended with 1' };
  expect(offered({ delivery: { ...delivery, failed } }, ...work, ...merge('t1', 't2'))[0]).toBe(
    'Not to be delivered to main, drover/integration fails a gate: lint: it ended with 1: show integration batch-2',
  );
  expect(offered({ delivery: { ...delivery, hindered: 'a is changed' } }, ...work, ...merge('t1', 't2'))[0]).toBe(
    'Not to be delivered to main: a is changed: status git',
  );
  // What a rollback has put there takes files away from it.
  const taking = { ...delivery, commits: 1, takes_back: ['t4'] };
  expect(offered({ delivery: taking }, ...work, ...merge('t1', 't2'))[0]).toBe(
    '1 commit merged, taking back t4, to deliver to main: merge completed branches to=main',
  );
  expect(offered({}, ...work, ...merge('t1', 't2'))).toEqual([last]);
});

test('finished work that was archived is to be reviewed as before, because a merge takes it', () => {
  const work = [...instance('a-1'), ...done('t1'), ...done('t2')];
  const some = begin(...work, archived('t2'));
  expect([attentionOf(some).unreviewed, attentionOf(some).approved]).toEqual([2, 0]);
  expect(offered({}, ...work, archived('t1'), archived('t2')).slice(0, 2)).toEqual([
    '2 tasks done, to review: review task t1',
    '2 tasks to merge, not reviewed: merge completed branches',
  ]);
});

test('where work is reviewed before it is merged, nothing that nobody approved is proposed for a merge', () => {
  const work = [...instance('a-1'), ...done('t1'), ...done('t2')];
  expect(offered({ isReviewedFirst: true }, ...work)[1]).not.toContain('merge');
  expect(offered({ isReviewedFirst: true }, ...work, approve('t2'))[1]).toBe(
    '1 task to merge: merge completed branches',
  );
});

test('no more agents are proposed than may live, and none where none may', () => {
  const at = (maxInstances: number, ...drafts: readonly EventDraft[]) =>
    attentionOf(begin(...drafts), {
      ...{ agent: { name: 'claude', title: 'Claude', takesPlans: true }, isUsual: true, plans: [], maxInstances },
    }).work.map(({ command }) => command);
  const ready = [created('t1'), created('t2'), created('t3')];
  expect(at(2, ...ready)).toContain('launch 2 instances');
  // One that is being stopped takes a place until it is gone.
  expect(at(2, ...ready, ...instance('a-1', 'stopping'))).toContain('launch 1 instance');
  expect(at(1, ...ready, ...instance('a-1', 'stopping'))).toEqual(['create task "…"']);
});

test('more agents are not proposed beside those that are launched because none here may do it', () => {
  const pretender = instance('r-1').map((fact) =>
    fact.type === 'instance.created' ? { ...fact, data: { ...fact.data, takes_plans: false } } : fact,
  );
  const planned = ['t1', 't2', 't3'].map((id) => created(id, { spec: 'demo' }));
  const { work } = attentionOf(begin(imported('demo', ['t1', 't2', 't3']), ...pretender, ...planned), {
    ...HERE,
    maxInstances: 9,
  });
  expect(work.map(({ command }) => command).filter((command) => command.startsWith('launch '))).toEqual([
    'launch 3 instances',
  ]);
});

test('where more tasks wait than agents are free, others are proposed beside what is to be run', () => {
  const four = ['t1', 't2', 't3', 't4'].map((id) => created(id));
  const now = (maxInstances: number, ...drafts: readonly EventDraft[]) => {
    const attention = attentionOf(begin(...drafts), { ...HERE, maxInstances });
    return [stepNow(attention, null)?.command, stepBesides(attention, null)?.command];
  };
  expect(now(9, ...instance('a-1'), ...four)).toEqual(['run all ready tasks', 'launch 3 instances']);
  expect(now(2, ...instance('a-1'), ...four)).toEqual(['run all ready tasks', 'launch 1 instance']);
  expect(now(1, ...instance('a-1'), ...four)).toEqual(['run all ready tasks', undefined]);
  expect(now(9, ...instance('a-1'), created('t1'))).toEqual(['run all ready tasks', undefined]);
  // Once they are asked for, and somebody is at one of them, the others wait.
  const at = [
    ...instance('a-1'),
    ...four,
    requested('t1', 't2', 't3', 't4'),
    started('t1', 'a-1'),
    moved('a-1', 'working'),
  ];
  expect(now(9, ...at)).toEqual([undefined, 'launch 3 instances']);
  // Who is on the way takes a task.
  expect(now(9, ...at, ...instance('a-2', 'starting'))).toEqual([undefined, 'launch 2 instances']);
});

test('no more agents are proposed for tasks that wait for a file of another one', () => {
  const at = (...drafts: readonly EventDraft[]) =>
    stepBesides(
      attentionOf(
        begin(
          ...[...instance('a-1'), created('t1', { files: ['src/a.ts'] }), ...drafts, started('t1', 'a-1')],
          moved('a-1', 'working'),
        ),
        { ...HERE, maxInstances: 9 },
      ),
      null,
    );
  const claims = (id: string, file: string) => [created(id, { files: [file] }), requested(id)];
  expect(at(...claims('t2', 'src'), ...claims('t3', 'src/a.ts'))?.kind).toBe('create');
  // Of those that claim the same file one begins after another.
  expect(at(...claims('t2', 'b.ts'), ...claims('t3', 'b.ts'), ...claims('t4', 'src'))).toMatchObject({
    why: '1 task to begin, no agent free',
    command: 'launch 1 instance',
  });
  expect(at(...claims('t2', 'b.ts'), ...claims('t3', 'c.ts'), ...claims('t4', 'src'))?.command).toBe(
    'launch 2 instances',
  );
});

test('agents that are stopped are started again for what they may do, before new ones are launched', () => {
  const both = [...instance('a-1', 'stopped'), ...instance('a-2', 'stopped')];
  const ready = [created('t1'), created('t2')];
  const steps = (...drafts: readonly EventDraft[]) =>
    of(...drafts).work.flatMap(({ kind, why, command }) => (kind === 'create' ? [] : [`${why}: ${command}`]));
  expect(steps(...both, ...ready)).toEqual([
    '2 tasks ready, 2 agents stopped that may do them: restart instances a-1, a-2',
  ]);
  // No more than there are tasks, or may live; and none where somebody is here who does it.
  expect(steps(...both, created('t1'))).toEqual(['1 task ready, 1 agent stopped that may do it: restart instance a-1']);
  const home = { agent: null, isUsual: true, plans: [], maxInstances: 1 };
  expect(attentionOf(begin(...both, ...ready), home).work[0]?.command).toBe('restart instance a-1');
  expect(attentionOf(begin(...both, ...ready), { ...home, maxInstances: 0 }).work[0]?.kind).toBe('create');
  expect(steps(...both, ...instance('a-3'), ...ready)).toEqual(['1 agent idle, 2 tasks ready: run all ready tasks']);
  // What none of them may do is for new ones.
  const codex: EventDraft = { type: 'task.requested', data: { ids: ['t2'], agent: 'codex' } };
  expect(steps(...both, ...ready, codex)).toEqual([
    '1 task to do, 1 agent stopped that may do it: restart instance a-1',
    '1 task to do, no agent is here: launch 1 instance agent=codex',
  ]);
});

test('for a task that was asked for with an agent or a group one like that is launched', () => {
  const asked = (wish: object): EventDraft => ({ type: 'task.requested', data: { ids: ['t1'], ...wish } });
  const { work } = of(...instance('a-1'), created('t1'), asked({ agent: 'codex' }));
  expect(work[0]).toMatchObject({
    why: '1 task to do, no agent here may do it',
    command: 'launch 1 instance agent=codex',
  });
  expect(now(...instance('a-1'), created('t1'), asked({ group: 'web' }))).toBe('launch 1 instance group=web');
  expect(now(...instance('a-1'), created('t1'), asked({ agent: 'codex', group: 'web' }))).toBe(
    'launch 1 instance agent=codex group=web',
  );
  const home = { agent: { name: 'codex', title: 'Codex', takesPlans: true }, isUsual: true, plans: [] };
  const state = begin(...instance('a-1'), created('t1'), asked({ agent: 'codex' }));
  expect(attentionOf(state, home).work[0]?.command).toBe('launch 1 instance');
  // Opened again it keeps its wish until it is run anew, which is what is left where no place is.
  const open: EventDraft = { type: 'task.reopened', data: { id: 't1', reason: 'x' } };
  const again = begin(
    ...instance('a-1'),
    created('t1'),
    asked({ agent: 'codex' }),
    started('t1', 'a-1'),
    ...fail('t1', 'check'),
    open,
  );
  expect(attentionOf(again, { ...home, maxInstances: 1 }).work[0]?.command).toBe('run all ready tasks');
});

test('[SEC-1] somebody who may only look is offered to look, and nothing that is refused', () => {
  const maySay = (line: string): boolean => /^(?:show|review|list) /u.test(line);
  const notice = {
    id: 'disk',
    severity: 'warning',
    text: 'full',
    suggestion: 'clean events',
    instance: null,
    task: null,
  };
  const all = of(
    ...[...instance('a-1'), ...instance('a-2', 'waiting'), ...instance('a-3', 'lost'), ...done('t1'), created('t2')],
    ...[...ran('t3', 'crash'), ...ran('t4', 'check')],
    { type: 'alert.raised', data: { ...notice, severity: 'warning' } },
  );
  const attention = offeredTo(all, maySay);
  expect(offeredTo(all, maySay)).toBe(attention);
  expect(all.needs.map(({ help }) => help)).toEqual([
    'answer a-2 "…"',
    'retry task t3',
    'show failure t4',
    'restart instance a-3',
  ]);
  expect(attention.needs.map(({ help }) => help)).toEqual([
    'show instance a-2',
    'show task t3',
    'show failure t4',
    'show instance a-3',
  ]);
  expect(stepNow(attention, null)).toMatchObject({ kind: 'look', command: 'show instance a-2' });
  expect(attention.notices).toMatchObject([{ text: 'full', suggestion: null }]);
  expect(attention.work.map(({ command }) => command)).toEqual(['review task t1']);
  const nothing = offeredTo(of(...instance('a-1'), created('t1')), maySay);
  expect([stepNow(nothing, null), stepBesides(nothing, null)]).toEqual([undefined, null]);
  const mute = offeredTo(all, () => false);
  expect([mute.needs.length, mute.needs.flatMap(({ help }) => help ?? [])]).toEqual([4, []]);
});

test('what helps can be said as it stands, also about a task with the id of a word', () => {
  const { needs } = of(...instance('a-1'), ...ran('ant', 'check'));
  const looks = needs.map((need) => lookAt(need));
  const said = [...needs.map(({ help }) => help), ...looks];
  expect(said).toEqual(['show failure "ant"', 'show task "ant"']);
  for (const line of said) expect([line, parse(line!, language).ok]).toEqual([line, true]);
});

test('what is blocked by branches that conflict is helped by the conflict, once one of them was set aside for that', () => {
  const reason = 'the branches of its prerequisites conflict in a';
  const facts = [
    ...[...instance('a-1'), ...done('t1'), ...done('t2'), created('t3', { dependencies: ['t1', 't2'] })],
    { type: 'task.blocked', data: { id: 't3', reason } } as const,
  ];
  const help = (...more: readonly EventDraft[]) => {
    const state = begin(...facts, ...more);
    return blockedOf(state, state.tasks['t3']!)?.help;
  };
  expect(help()).toEqual(['merge completed branches', 'retry task t3']);
  const merged: readonly EventDraft[] = [
    { type: 'batch.started', data: { id: 'b1', target: 'i', base_commit: 'c', tasks: ['t1', 't2'] } },
    { type: 'batch.merged', data: { id: 'b1', task: 't1', branch: 'b', commit: 'c1' } },
    {
      type: 'batch.set_aside',
      data: { id: 'b1', task: 't2', reason: 'conflict', message: 'x', files: ['a'], commit: 'abc' } as never,
    },
    { type: 'batch.finished', data: { id: 'b1' } },
  ];
  expect(help(...merged)).toEqual(['show conflict t2']);
  const otherwise: EventDraft = { type: 'task.blocked', data: { id: 't3', reason: 'no room' } };
  expect(help(...merged, otherwise)).toEqual(['show conflict t2', 'retry task t3']);
});

test('where people hand out the tasks, those that are asked for are told of while somebody is free for them', () => {
  const asked = [created('t1'), created('t2'), requested('t1', 't2')];
  const manual = { isManual: true };
  expect(offered(manual, ...instance('a-1'), ...asked)[0]).toBe(
    '1 agent idle, 2 tasks wait for somebody to assign them: assign task t1 to a-1',
  );
  expect(offered(manual, ...instance('a-1', 'working'), ...asked)).toEqual(
    offered({}, ...instance('a-1', 'working'), ...asked),
  );
  const paused: EventDraft = { type: 'swarm.paused', data: {} };
  expect(offered(manual, ...instance('a-1'), ...asked, paused)[0]).toBe(
    'The swarm is paused; 2 tasks to assign: resume swarm',
  );
  expect(offered({}, ...instance('a-1'), ...asked).join('\n')).not.toContain('assign');
  const given = {
    type: 'task.assigned',
    data: { id: 't1', instance: 'a-1', pinned: true, reason: 'by hand' },
  } as const;
  expect(offered(manual, ...instance('a-1'), created('t1'), requested('t1'), given).join('\n')).not.toContain('assign');
  // Its screen shows an agent that waits, and the run that it has begun has not ended.
  const begun: readonly EventDraft[] = [
    created('t0'),
    { ...given, data: { ...given.data, id: 't0' } },
    { type: 'run.started', data: { id: 't0', instance: 'a-1', branch: 'feature/t0', start_commit: 'c' } },
  ];
  expect(offered(manual, ...instance('a-1'), ...asked, ...begun).join('\n')).not.toContain('assign task');
});

test('nobody is launched for what an agent may do that is started again by itself', () => {
  const recovery = {
    ...({ task: 't9', class: 'session-lost', message: 'x', next: 'restart', due: null } as const),
    ...{ tries: 1, most: 3, unready: false },
  } as const;
  const lost = [...instance('a-1', 'lost'), created('t1')];
  const back: EventDraft = { type: 'instance.recovery_planned', data: { instance_id: 'a-1', recovery } };
  expect(now(...lost)).toBe('restart instance a-1');
  expect(of(...lost, back).work.map(({ kind }) => kind)).not.toContain('launch');
});
