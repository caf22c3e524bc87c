import { expect, test } from 'vitest';
import { reassignTask } from '../../../src/commands/tasks/reassign-task.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { openDesk } from '../../helpers/desk.ts';
import { assigned, created, instance, moved } from '../../tasks/journal.ts';

type Made = Extract<EventDraft, { type: 'instance.created' }>['data'];

const agent = (id: string, changes: Partial<Made> = {}): EventDraft[] =>
  instance(id).map((fact) =>
    fact.type === 'instance.created' ? { ...fact, data: { ...fact.data, agent: 'claude', ...changes } } : fact,
  );
const pretender = (id: string) => agent(id, { agent: 'rehearsal', takes_plans: false });

test('a task of a plan is never moved to an agent that only pretends to work', async () => {
  const facts = [...agent('c-1'), ...pretender('r-1'), created('1', { spec: 'web' }), assigned('1', 'c-1')];
  const alone = openDesk(reassignTask, facts);
  const refused = await alone.say('reassign tasks from c-1');
  expect([refused.exit, refused.message]).toEqual([6, 'There is no other instance that could take 1.']);
  expect(alone.recorded()).toEqual([]);
  // The shorter queue is that of the one that pretends.
  const others = [...agent('c-2'), created('t9'), assigned('t9', 'c-2')];
  const desk = openDesk(reassignTask, [...facts, ...others]);
  expect((await desk.say('reassign task 1')).message).toBe('Moved 1 to c-2.');
});

test('a task goes to another one of the agent and group that were asked for, also where it was pinned', async () => {
  const asked: EventDraft = { type: 'task.requested', data: { ids: ['t1'], agent: 'codex', group: 'g' } };
  const facts = [...agent('x-1', { agent: 'codex', group: 'g' }), ...agent('c-1'), ...agent('x-2', { agent: 'codex' })];
  const desk = openDesk(reassignTask, [...facts, created('t1'), asked, assigned('t1', 'x-1', true)]);
  expect((await desk.say('reassign task t1')).message).toBe('There is no other instance that could take t1.');
  desk.add(...agent('x-3', { agent: 'codex', group: 'g' }));
  expect((await desk.say('reassign task t1')).message).toBe('Moved t1 to x-3.');
});

test('of several tasks those stay that nobody else may do, their runs too, and the answer names them', async () => {
  const desk = openDesk(reassignTask, [
    ...[...agent('c-1'), ...pretender('r-1'), ...agent('c-2'), moved('c-2', 'stopping')],
    ...[created('1', { spec: 'web' }), created('t1'), assigned('1', 'c-1'), assigned('t1', 'c-1')],
    { type: 'run.started', data: { id: '1', instance: 'c-1', branch: 'b', start_commit: 'c' } },
  ]);
  expect(await desk.propose('reassign tasks from c-1')).toMatchObject({
    exit: 0,
    message: 'Moved t1 to r-1. No other instance may do 1: not moved.',
    data: ['t1'],
  });
  expect(desk.state.tasks['1']).toMatchObject({ state: 'running', assignee: 'c-1' });
});
