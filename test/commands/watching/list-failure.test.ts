import { expect, test } from 'vitest';
import { listFailure } from '../../../src/commands/watching/list-failure.ts';
import { openDesk } from '../../helpers/desk.ts';
import { assigned, created, failed, instance, moved, started } from '../../tasks/journal.ts';

const broken = [
  ...instance('c-1', 'working'),
  created('1'),
  assigned('1', 'c-1'),
  started('1', 'c-1'),
  failed('1'),
  moved('c-1', 'lost'),
];

test('failed runs and lost instances are listed, and what was mended is not open any more', async () => {
  const desk = openDesk(listFailure, broken);
  const { message, data, text } = await desk.say('list failures');
  expect(message).toBe('2 failures, 2 open.');
  expect(data).toMatchObject([
    { kind: 'run', class: 'check', task: '1', attempt: 1, instance: 'c-1', open: true },
    { kind: 'instance', class: 'lost', task: null, instance: 'c-1', open: true },
  ]);
  expect(text).toMatch(/^f-\d+ +check +1 \(attempt 1\) +c-1 /m);
  desk.add({ type: 'task.reopened', data: { id: '1', reason: 'again' } });
  expect((await desk.say('list open failures')).data).toMatchObject([{ class: 'lost' }]);
  expect((await desk.say('list failures limit=1')).data).toMatchObject([{ class: 'lost' }]);
});

test('only open ones can be asked for by a state, and no failure at all is said so', async () => {
  expect((await openDesk(listFailure, broken).say('list failed failures')).exit).toBe(2);
  expect((await openDesk(listFailure).say('list failures')).text).toBe('Nothing failed.');
});
