import { expect, test } from 'vitest';
import { showResult } from '../../../src/commands/tasks/show-result.ts';
import { openDesk } from '../../helpers/desk.ts';
import { assigned, claimed, created, failed, instance, started, unchecked, verified } from '../../tasks/journal.ts';

test('the result of a verified run has its commits, its size and what the check took', async () => {
  const desk = openDesk(showResult, [
    ...instance('c-1'),
    created('1'),
    assigned('1', 'c-1'),
    started('1', 'c-1'),
    claimed('1'),
    verified('1'),
  ]);
  const { message, data } = await desk.say('show result 1');
  expect(message).toBe('1 Title of 1: done, attempt 1 by c-1 on feature/1\n1 commit, 1 file, +1 −0, check 1 ms');
  expect(data).toMatchObject({ task: '1', instance: 'c-1', usage: { tokens: 0 }, result: { head_commit: 'abc' } });
});

test('a run that no check has looked at says so, also when its task was taken back', async () => {
  const desk = openDesk(showResult, [
    ...instance('c-1'),
    created('1'),
    assigned('1', 'c-1'),
    started('1', 'c-1'),
    claimed('1'),
    unchecked('1'),
  ]);
  const size = '1 commit, 1 file, +1 −0, unchecked';
  expect((await desk.say('show result 1')).message).toContain(
    `1 Title of 1: done, attempt 1 by c-1 on feature/1\n${size}`,
  );
  desk.add({ type: 'task.reopened', data: { id: '1', reason: 'batch-1 is rolled back' } });
  expect((await desk.say('show result 1')).message).toBe(`1 Title of 1: open, attempt 1 by c-1 on feature/1\n${size}`);
});

test('a run that failed says why, and a task that was never run has no result', async () => {
  const desk = openDesk(showResult, [
    ...instance('c-1'),
    created('1'),
    assigned('1', 'c-1'),
    started('1', 'c-1'),
    failed('1'),
    created('2'),
  ]);
  expect((await desk.say('show result 1')).message).toContain('failed (check): it failed');
  expect(await desk.say('show result 2')).toMatchObject({
    exit: 6,
    message: '2 has not been run.',
    hint: 'Say: run task 2',
  });
  expect((await desk.say('show result 9')).exit).toBe(3);
});
