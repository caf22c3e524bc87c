import { expect, test } from 'vitest';
import { attentionOf, finishedText, nextSteps, standsStill, stepNow } from '../../src/attention/attention.ts';
import { helpForTask } from '../../src/attention/failure-help.ts';
import { outlookOf } from '../../src/attention/outlook.ts';
import { instanceAlert, isOverWith } from '../../src/daemon/signals/alert-facts.ts';
import type { EventDraft } from '../../src/state/index.ts';
import { chooseMerges } from '../../src/commands/git/choose-merges.ts';
import { groupOf } from '../../src/tasks/task-groups.ts';
import { taskWord } from '../../src/text/task-rows.ts';
import { AT, begin, created, instance, moved, requested, started, verified } from '../tasks/journal.ts';

const pause = (id: string): EventDraft[] => [
  { type: 'instance.pause_requested', data: { instance_id: id } },
  { type: 'instance.paused', data: { instance_id: id, evidence: 'frozen' } },
];
const held = (id: string): EventDraft => ({ type: 'task.held', data: { id, held: true } });
const of = (...drafts: readonly EventDraft[]) => attentionOf(begin(...drafts));
const work = (...drafts: readonly EventDraft[]) => of(...drafts).work.map(({ why, command }) => `${why}: ${command}`);

test('agents that are paused are let go on where all that is queued waits for them', () => {
  const both = [...instance('a-1'), ...instance('a-2'), ...pause('a-1'), ...pause('a-2')];
  const queued = [created('t1'), requested('t1')];
  expect(stepNow(of(...both, ...queued), null)).toEqual({
    kind: 'resume',
    why: '2 agents paused, 1 task waits for them',
    command: 'resume instances a-1, a-2',
    isPressing: true,
  });
  // Another one takes it, or will when it is done with its own.
  expect(work(...both, ...instance('a-3'), ...queued)).toEqual([': create task "…"']);
  // Without anything to do a pause keeps nothing up.
  expect(work(...both)).toEqual(['2 agents without a task: create task "…"']);
  const midway = [...instance('a-1'), created('t1'), started('t1', 'a-1'), moved('a-1', 'working'), ...pause('a-1')];
  expect(work(...midway)[0]).toBe('1 agent paused, 1 task waits for it: resume instance a-1');
  const beside = [...instance('a-2'), created('t2'), started('t2', 'a-2'), moved('a-2', 'working')];
  expect(standsStill(of(...midway, ...beside))).toBe(false);
});

test('of tasks that claim the same files as many are proposed to begin as can be at work at once', () => {
  const same = ['t1', 't2', 't3'].map((id) => created(id, { files: ['src/a.ts'] }));
  expect(work(...same)[0]).toBe('3 tasks ready, no agent is here: launch 1 instance');
  const busy = [...instance('a-1'), ...same, started('t1', 'a-1'), moved('a-1', 'working')];
  expect(of(...busy, ...instance('a-2')).work[0]).toMatchObject({ isPressing: false });
  expect(work(...busy, ...instance('a-2'))[0]).toBe('2 tasks ready, which nobody will start: run all ready tasks');
  expect(work(...busy, ...instance('a-2'), created('t4'))[0]).toBe('1 agent idle, 3 tasks ready: run all ready tasks');
});

test('a task that is held back is not ready, and is told of with the command that lets it go', () => {
  const free = [...instance('a-1'), ...instance('a-2')];
  const facts = [...free, created('t1'), held('t1')];
  const state = begin(...facts);
  expect([groupOf(state.tasks['t1']!, state.tasks), taskWord(state.tasks['t1']!, state)]).toEqual([
    'held',
    'held back',
  ]);
  expect(stepNow(of(...facts), null)).toMatchObject({ why: '1 task held back', command: 'resume task t1' });
  expect(work(...facts, created('t2'), held('t2'))[0]).toBe('2 tasks held back: resume tasks t1, t2');
  // What was asked for before is held back as well, and what is ready beside it goes first.
  expect(work(...free, created('t1'), requested('t1'), held('t1'))[0]).toBe('1 task held back: resume task t1');
  expect(stepNow(of(...facts, created('t2')), null)?.command).toBe('run all ready tasks');
  // Who holds it back has a reason: what is finished goes on meanwhile.
  const finished = [...facts, created('t2'), started('t2', 'a-1'), verified('t2')];
  expect(work(...finished).map((step) => step.split(': ')[1])).toEqual([
    'review task t2',
    'merge completed branches',
    'resume task t1',
    'create task "…"',
  ]);
  expect(stepNow(of(...finished), null)?.kind).toBe('review');
  // What waits for another one besides would not begin.
  expect(work(...facts, created('t2', { dependencies: ['t1'] }), held('t2'))[0]).toBe(
    '1 task held back: resume task t1',
  );
});

test('what nobody will start is named as the next step, though others are at work', () => {
  const busy = [...instance('a-1'), created('t1'), started('t1', 'a-1'), moved('a-1', 'working')];
  expect([standsStill(of(...busy)), nextSteps(of(...busy))]).toEqual([false, []]);
  const ready = of(...busy, created('t2'));
  expect(standsStill(ready)).toBe(true);
  expect(nextSteps(ready)).toMatchObject([{ why: '1 task ready, which nobody will start', isPressing: false }]);
});

const aside = (id: string, reason: 'conflict' | 'gate'): EventDraft[] => [
  ...[created(id), started(id, 'a-1'), verified(id)],
  { type: 'batch.started', data: { id: `b-${id}`, target: 'i', base_commit: 'c', tasks: [id] } },
  {
    type: 'batch.set_aside',
    data: { id: `b-${id}`, task: id, reason, message: 'x', files: ['a'], commit: 'abc' } as never,
  },
  { type: 'batch.finished', data: { id: `b-${id}` } },
];

test('what was set aside for a conflict that stands is nothing to merge, also when its alert is gone', () => {
  const archived: EventDraft = { type: 'task.archived', data: { id: 't1', archived: true } };
  const state = begin(...instance('a-1'), ...aside('t1', 'conflict'), archived);
  const merges = chooseMerges(state, { ids: undefined, resolves: false, policy: 'none' });
  const attention = attentionOf(state);
  expect([merges, finishedText(attention)]).toEqual([[], '']);
  expect(attention.work.map(({ kind }) => kind)).toEqual(['create']);
  // Where a merge would try it again it counts.
  const tried = begin(...instance('a-1'), ...aside('t1', 'gate'), archived);
  expect(chooseMerges(tried, { ids: undefined, resolves: false, policy: 'none' })).toHaveLength(1);
  expect(finishedText(attentionOf(tried))).toBe('1 to review');
});

test('a crash that another agent had as well is the same one, whatever came in between', () => {
  const crash = (agent: string, how: string): EventDraft[] => [
    started('t1', agent),
    { type: 'run.failed', data: { id: 't1', failure: { class: 'crash', message: `${agent} ${how}` } } },
  ];
  const agents = [...instance('a-1'), ...instance('a-2'), created('t1')];
  const help = (...drafts: readonly EventDraft[]) => helpForTask(begin(...agents, ...drafts).tasks['t1']!);
  const twice = [...crash('a-1', 'ended with 1'), ...crash('a-1', 'ended with 1')];
  expect(help(...twice)).toBe('show failure t1');
  expect(help(...twice, ...crash('a-2', 'ended with 1'))).toBe('show failure t1');
  expect(help(...crash('a-1', 'ended with 1'), ...crash('a-2', 'ended with 1'))).toBe('show failure t1');
  expect(help(...crash('a-1', 'ended with 1'), ...crash('a-2', 'ended with 2'))).toBe('retry task t1');
  const between = [...crash('a-1', 'ended with 2'), ...crash('a-1', 'ended with 1')];
  expect(help(...crash('a-2', 'ended with 1'), ...between)).toBe('show failure t1');
});

test('that nobody has answered an agent needs nobody when it does not wait any more, and goes when it is stopped', () => {
  const alert = { severity: 'error', text: 'a-1 has waited 10 min', suggestion: null, instance: 'a-1' } as const;
  const unanswered: EventDraft = {
    type: 'alert.raised',
    data: { id: 'unanswered:a-1', ...alert, task: 't1' },
  };
  const facts = [...instance('a-1', 'waiting'), created('t1'), unanswered];
  expect(of(...facts).needs).toHaveLength(1);
  expect(of(...facts, moved('a-1', 'stopping'), moved('a-1', 'stopped')).needs).toEqual([]);
  const { alerts } = begin(...facts, instanceAlert('a-1', 'broken'), instanceAlert('a-2', 'broken'));
  expect(Object.values(alerts).map((one) => [one.id, isOverWith(one, 'a-1')])).toEqual([
    ['unanswered:a-1', true],
    ['instance:a-1', true],
    ['instance:a-2', false],
  ]);
  const failed = { ...alert, id: 'failed:t1', task: 't1', raised_at: AT };
  expect(isOverWith(failed, 'a-1')).toBe(false);
});

test('a task whose agent is paused is paused, and when it is done is not foretold', () => {
  const facts = [
    ...instance('a-1'),
    created('t1', { estimated_duration: 60_000 }),
    requested('t1'),
    started('t1', 'a-1'),
    moved('a-1', 'working'),
  ];
  const foretold = (...drafts: readonly EventDraft[]) => outlookOf(begin(...facts, ...drafts), Date.parse(AT)).leftMs;
  expect([foretold(), foretold(...pause('a-1'))]).toEqual([60_000, null]);
  const state = begin(...facts, ...pause('a-1'));
  expect(taskWord(state.tasks['t1']!, state)).toBe('paused');
});
