import { expect, test } from 'vitest';
import { cancelTask } from '../../../src/commands/tasks/cancel-task.ts';
import { createTask } from '../../../src/commands/tasks/create-task.ts';
import { setTask } from '../../../src/commands/tasks/set-task.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created, instance, started } from '../../tasks/journal.ts';

const COMMANDS = [cancelTask, createTask, setTask];
const follows = (id: string, ...before: string[]): EventDraft => created(id, { dependencies: before });
const cancelled = (id: string): EventDraft => ({ type: 'task.cancelled', data: { id } });
const archived = (id: string): EventDraft => ({ type: 'task.archived', data: { id, archived: true } });

test('[TSK-1] who cancels a task is told of all that never starts without it, before and after', async () => {
  const begun = [follows('t4', 't1'), started('t4', 'c-1')];
  const plan = [created('t1'), follows('t2', 't1'), follows('t3', 't2'), ...begun, follows('t5', 't3'), archived('t5')];
  const desk = openDesk(COMMANDS, [...instance('c-1'), ...plan, started('t1', 'c-1')]);
  const others = 'unless they are given other prerequisites (deps=) or cancelled too.';
  expect((await desk.propose('cancel task t1')).message).toContain(` t2, t3 would wait for ever, ${others}`);
  expect(await desk.say('cancel task t1')).toMatchObject({
    message: `Cancelled t1. t2, t3 will wait for ever, ${others}`,
    data: { tasks: ['t1'], stranded: ['t2', 't3'] },
  });
});

test('who makes a task wait for one that was given up is told so, and what helps', async () => {
  const desk = openDesk(COMMANDS, [created('t1'), archived('t1'), created('t2'), cancelled('t2'), created('t3')]);
  expect((await desk.say('create task "S" id=s deps=t1')).message).toBe(
    'Created s: S. It never begins: s waits for t1: t1 is archived. Suggested: unarchive task t1, or set task s deps=none',
  );
  expect((await desk.say('set task t3 deps=t2')).message).toBe(
    'Changed deps of t3. It never begins: t3 waits for t2: t2 was cancelled. Suggested: retry task t2, or set task t3 deps=none',
  );
  expect((await desk.say('set task t3 title=Again')).message).toBe('Changed title of t3.');
  expect((await desk.say('set task t3 deps=none')).message).toBe('Changed deps of t3.');
});
