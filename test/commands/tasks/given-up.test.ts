import { expect, test } from 'vitest';
import { cancelTask } from '../../../src/commands/tasks/cancel-task.ts';
import { createTask } from '../../../src/commands/tasks/create-task.ts';
import { retryTask } from '../../../src/commands/tasks/retry-task.ts';
import { setTask } from '../../../src/commands/tasks/set-task.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created, failed, instance, started, verified } from '../../tasks/journal.ts';

const COMMANDS = [cancelTask, createTask, retryTask, setTask];
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
    message: `Cancelled t1. t2, t3 will wait for ever, ${others} To have it done after all, say: retry task t1`,
    data: { tasks: ['t1'], stranded: ['t2', 't3'] },
  });
  expect((await desk.say('cancel tasks t2,t3')).message).toBe(
    'Cancelled t2, t3. To have them done after all, say: retry tasks t2, t3',
  );
  expect((await desk.say('retry tasks t2, t3')).exit).toBe(0);
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

test('verified work is done anew only where it is named, and what has not begun as well', async () => {
  const ran = (id: string): EventDraft[] => [created(id), started(id, 'c-1')];
  const facts = [
    ...instance('c-1'),
    ...[...ran('t1'), verified('t1'), ...ran('t2'), failed('t2'), created('t3')],
    ...[created('t4'), cancelled('t4'), ...ran('t5')],
  ];
  const desk = openDesk(COMMANDS, facts);
  expect((await desk.say('retry all tasks')).message).toBe('Retrying t2. Running t4.');
  expect(desk.state.tasks['t1']!.state).toBe('done');
  expect(await desk.say('retry completed tasks')).toMatchObject({
    exit: 6,
    message: 'There is nothing to retry: none of them failed, is blocked or was cancelled.',
  });
  expect((await desk.say('retry task t1')).message).toBe('Retrying t1.');
});
