import { expect, test } from 'vitest';
import { failedActionFacts } from '../../../src/daemon/actions/failed-action-facts.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import type { PlanAction } from '../../../src/tasks/plan.ts';
import { paneDead } from '../../../src/tmux/errors.ts';
import { servicesWith } from '../../helpers/services.ts';
import { after, assigned, begin, claimed, created, instance, moved, requested, started } from '../../tasks/journal.ts';

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

test('a task that cannot be begun is blocked, and a run that cannot be gone on with has failed', () => {
  expect(after(two, ...facts(two, start)).tasks['1']).toMatchObject({ state: 'blocked', blocked_by: 'it broke' });
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
