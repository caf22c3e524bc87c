import { expect, test } from 'vitest';
import { failedActionFacts } from '../../../src/daemon/actions/failed-action-facts.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import { untakenOf } from '../../../src/attention/undone.ts';
import { type PlanAction, plan } from '../../../src/tasks/plan.ts';
import { paneDead } from '../../../src/tmux/errors.ts';
import { dirtyWorktree } from '../../../src/git/errors.ts';
import { servicesWith } from '../../helpers/services.ts';
import {
  AT,
  after,
  assigned,
  begin,
  claimed,
  created,
  instance,
  moved,
  requested,
  started,
} from '../../tasks/journal.ts';

const two = begin(...instance('c-1'), ...instance('c-2'), created('1'), requested('1'), assigned('1', 'c-1'));
const start: PlanAction = { kind: 'start', task: '1', instance: 'c-1' };
const facts = (state: State, action: PlanAction, error: Error = new Error('it broke')): EventDraft[] =>
  failedActionFacts(servicesWith({}), state, action, error);
const cancelled: EventDraft = { type: 'task.cancelled', data: { id: '1' } };
const open: EventDraft = { type: 'task.unassigned', data: { id: '1', reason: 'by hand' } };

test.each<[string, State, PlanAction]>([
  ['given to another', after(two, open, assigned('1', 'c-2', true)), start],
  ['taken away', after(two, open), start],
  ['cancelled', after(two, cancelled), start],
  ['claimed', after(two, started('1', 'c-1'), claimed('1')), start],
  ['cancelled', after(two, started('1', 'c-1'), claimed('1'), cancelled), { kind: 'verify', task: '1' }],
])('what fails late says nothing of a task that was %s meanwhile', (_what, state, action) => {
  expect(facts(state, action)).toEqual([]);
});

test('a task that cannot be begun is blocked, in that word, and a run that cannot be gone on with has failed', () => {
  const blocked = after(two, ...facts(two, start));
  expect(blocked.tasks['1']).toMatchObject({ state: 'blocked', blocked_by: 'it broke' });
  expect(blocked.alerts['failed:1']?.text).toBe('1 is blocked: it broke');
  const running = after(two, started('1', 'c-1'));
  expect(after(running, ...facts(running, start)).tasks['1']!.state).toBe('failed');
  const verifying = after(running, claimed('1'));
  expect(after(verifying, ...facts(verifying, { kind: 'verify', task: '1' })).tasks['1']!.state).toBe('failed');
});

test('a session that is gone when its agent is told to go on has not failed the run: others take it, or its end has said what comes', () => {
  const goOn: PlanAction = { kind: 'continue', task: '1', instance: 'c-1' };
  const gone = paneDead({ pane: '%1' });
  const running = after(two, started('1', 'c-1'), moved('c-1', 'working'));
  const lost = after(running, ...facts(running, goOn, gone));
  expect(lost.instances['c-1']!.state.kind).toBe('lost');
  expect(lost.tasks['1']).toMatchObject({ state: 'open', requested: true });
  expect(facts(after(running, moved('c-1', 'lost')), goOn, gone)).toEqual([]);
});

const spoilt = dirtyWorktree({ path: '/w', files: 'big' });
const unfit = (id: string): EventDraft => ({
  type: 'run.failed',
  data: { id, failure: { class: 'dirty', message: 'uncommitted: big' } },
});
/** The second task could not be begun where the first one was, which has been asked for once more. */
const spoiltBy = (state: State, agent: string): State => {
  const ready = after(state, started('1', agent), unfit('1'), {
    type: 'task.reopened',
    data: { id: '1', reason: 'r' },
  });
  const next = after(ready, requested('1'), assigned('2', agent));
  return after(next, ...facts(next, { kind: 'start', task: '2', instance: agent }, spoilt));
};
const three = begin(
  ...['c-1', 'c-2', 'c-3'].flatMap((id) => instance(id)),
  ...[created('1'), created('2'), requested('1', '2')],
);

test('a task after which two instances were lost is handed to no third one, and says which they were; others are', () => {
  const once = spoiltBy(three, 'c-1');
  expect([once.tasks['1']!.state, once.tasks['2']!.state]).toEqual(['open', 'open']);
  const twice = spoiltBy(once, 'c-2');
  const why = `c-1 and c-2 were lost after it: ${spoilt.message}`;
  expect(twice.tasks['1']).toMatchObject({ state: 'blocked', blocked_by: why });
  expect(twice.alerts['failed:1']).toMatchObject({ text: `1 is blocked: ${why}`, instance: 'c-2' });
  expect(twice.tasks['2']).toMatchObject({ state: 'open', requested: true });
  expect(twice.instances['c-2']!.state).toMatchObject({ kind: 'lost', source: 'drover' });
});

test('a terminal that is gone is not held against the task that was there', () => {
  const gone = (state: State, agent: string): State => {
    const busy = after(state, assigned('1', agent));
    return after(busy, ...facts(busy, { kind: 'start', task: '1', instance: agent }, paneDead({ pane: '%1' })));
  };
  const twice = gone(gone(three, 'c-1'), 'c-2');
  expect(['c-1', 'c-2'].map((id) => twice.instances[id]!.state.kind)).toEqual(['lost', 'lost']);
  expect(twice.tasks['1']).toMatchObject({ state: 'open', requested: true });
});

test.each<'stopped' | 'failed' | 'lost'>(['stopped', 'failed', 'lost'])(
  'what a person gave to an instance by hand waits for it when that is %s before the task begins',
  (end) => {
    const pinned = after(two, open, assigned('1', 'c-1', true), moved('c-1', end));
    const later = after(pinned, ...facts(pinned, start, paneDead({ pane: '%1' })));
    expect(later.tasks['1']).toMatchObject({ state: 'assigned', assignee: 'c-1', pinned: true });
    expect(plan(later, { now: AT }).filter((action) => 'task' in action)).toEqual([]);
    expect(untakenOf(later, later.tasks['1']!)?.help).toEqual(['restart instance c-1']);
  },
);

test('a run that was given by hand stays with its instance when that is lost, and is begun there anew', () => {
  const running = after(two, open, assigned('1', 'c-1', true), started('1', 'c-1'), moved('c-1', 'working'));
  const goOn: PlanAction = { kind: 'continue', task: '1', instance: 'c-1' };
  const lost = after(running, ...facts(running, goOn, paneDead({ pane: '%1' })));
  expect(lost.tasks['1']).toMatchObject({ state: 'assigned', assignee: 'c-1', pinned: true, requested: true });
});
