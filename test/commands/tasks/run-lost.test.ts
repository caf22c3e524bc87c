import { expect, test } from 'vitest';
import { runTask } from '../../../src/commands/tasks/run-task.ts';
import { showTask } from '../../../src/commands/tasks/show-task.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created, failed, instance, requested, started } from '../../tasks/journal.ts';

const lost = (id: string): EventDraft => ({
  type: 'instance.moved',
  data: { instance_id: id, state: 'lost', source: 'drover', evidence: 'its worktree is spoilt' },
});
const spoilt = (id: string): EventDraft[] => [
  ...instance(id),
  { type: 'task.reopened', data: { id: 't1', reason: 'r' } },
  ...[started('t1', id), failed('t1'), lost(id)],
];

test('a task that is queued with nobody there to take it says why, and what helps', async () => {
  const desk = openDesk(showTask, [...instance('a-1'), created('t1'), requested('t1'), lost('a-1')]);
  const { text, data } = await desk.say('show task t1');
  expect(text).toMatch(/^blocked: +no agent is left to do t1: a-1 is lost: its worktree is spoilt$/mu);
  expect(data).toMatchObject({
    blocked: 'no agent is left to do t1: a-1 is lost: its worktree is spoilt',
    suggestions: [{ command: 'restart instance a-1' }, { command: 'launch 1 instance' }],
  });
  desk.add(...instance('a-2'));
  expect((await desk.say('show task t1')).data).toMatchObject({ blocked: null, suggestions: [] });
});

test('a task to which two instances were lost is run only where it is named', async () => {
  const facts = [created('t1'), ...spoilt('a-1'), ...spoilt('a-2'), ...instance('a-3')];
  const why =
    't1 is left out, because a-1 and a-2 were lost after it. To have it tried all the same, say: retry task t1';
  const desk = openDesk(runTask, facts);
  expect(await desk.say('run all tasks')).toMatchObject({ exit: 6, message: `No task can be run. ${why}` });
  desk.add(created('t2'));
  const reply = await desk.say('run all tasks');
  expect([reply.message, reply.data]).toEqual([`1 task starts. ${why}`, { tasks: ['t2'], launched: [] }]);
  expect((await desk.say('run task t1')).data).toMatchObject({ tasks: ['t1'] });
  const { text } = await openDesk(showTask, [...facts, created('t2', { dependencies: ['t1'] })]).say('show task t2');
  expect(text).toContain('t2 waits for t1: t1 failed (check): it failed; a-1 and a-2 were lost after it');
});
