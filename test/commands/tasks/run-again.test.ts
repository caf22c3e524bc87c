import { expect, test } from 'vitest';
import { runTask } from '../../../src/commands/tasks/run-task.ts';
import { forecast } from '../../../src/tui/prompt/prompt-forecast.ts';
import { language, settings } from '../../fixtures/signatures.ts';
import { openDesk } from '../../helpers/desk.ts';
import { begin, created, failed, instance, started } from '../../tasks/journal.ts';

const facts = [
  ...['a-1', 'a-2', 'a-3'].flatMap((id) => instance(id)),
  ...['t1', 't2', 't3'].map((id) => created(id)),
  ...[started('t2', 'a-1'), failed('t2'), started('t3', 'a-2'), failed('t3')],
];

test('what is run says which tasks were tried before, in the answer and before it is sent', async () => {
  const says = (line: string) => forecast(line, { state: begin(...facts), settings }, language);
  expect(says('run all tasks')).toMatchObject({ says: expect.stringContaining(', of which t2, t3 once more') });
  expect((await openDesk(runTask, facts).say('run all tasks')).message).toBe(
    '3 tasks start, of which t2, t3 once more.',
  );
  expect((await openDesk(runTask, facts).say('run task t2')).message).toBe('1 task starts, once more.');
  expect((await openDesk(runTask, facts).say('run task t1')).message).toBe('1 task starts.');
});
