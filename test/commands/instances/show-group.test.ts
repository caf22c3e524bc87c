import { expect, test } from 'vitest';
import { showGroup } from '../../../src/commands/instances/show-group.ts';
import { openDesk } from '../../helpers/desk.ts';
import { assigned, created, instance, started, unchecked } from '../../tasks/journal.ts';

const backend = [
  { type: 'group.created', data: { group_id: 'backend', description: 'server side' } },
  ...instance('c-1'),
  ...instance('c-2'),
  { type: 'instance.grouped', data: { instance_id: 'c-1', group: 'backend' } },
] as const;

test('a group is shown with its instances, their tasks and how much of them is done', async () => {
  const desk = openDesk(showGroup, [...backend, created('1'), assigned('1', 'c-1'), created('2')]);
  const { message, data, text } = await desk.say('show group backend');
  expect(message).toBe('backend: 1 instance; 0 of 1 task done, 0 %.');
  expect(data).toMatchObject({
    members: [{ instance_id: 'c-1', tasks: ['1'] }],
    work: [{ id: '1', word: 'queued' }],
  });
  expect(text).toMatch(/^backend: .*\nserver side\n\nINSTANCE[\s\S]*\nc-1 [\s\S]*\n1 +queued/);
});

test('what is done and no check has looked at is counted apart', async () => {
  const desk = openDesk(showGroup, [...backend, created('1'), started('1', 'c-1'), unchecked('1')]);
  expect((await desk.say('show group backend')).message).toBe(
    'backend: 1 instance; 1 of 1 task done (1 unchecked), 100 %.',
  );
});

test('a group that is not there is an error that names the nearest one', async () => {
  expect(await openDesk(showGroup, backend).say('show group backned')).toMatchObject({
    exit: 3,
    hint: 'Did you mean backend? Known: backend.',
  });
});
