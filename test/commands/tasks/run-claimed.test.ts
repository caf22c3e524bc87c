import { expect, test } from 'vitest';
import { runTask } from '../../../src/commands/tasks/run-task.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created, instance, started } from '../../tasks/journal.ts';

const free = ['a-1', 'a-2', 'a-3'].flatMap((id) => instance(id));
const claiming = (id: string) => created(id, { files: ['src/a.ts'] });
const said = async (line: string, ...more: readonly EventDraft[]) =>
  (await openDesk(runTask, [...free, ...['t1', 't2', 't3'].map(claiming), ...more]).say(line)).message;

test('what waits for files that another task has is told as queued, and for whom it waits', async () => {
  expect(await said('run task t2', started('t1', 'a-1'))).toBe('1 task queued. t2 waits for files that t1 has.');
  expect(await said('run all tasks', started('t1', 'a-1'), created('t4'))).toBe(
    '1 task starts, 2 queued. t2, t3 wait for files that t1 has.',
  );
  expect(await said('run task t2')).toBe('1 task starts.');
  expect(await said('run all tasks')).toBe('1 task starts, 2 queued.');
});
