import { expect, test } from 'vitest';
import { understand } from '../../../src/commands/dispatch.ts';
import { showTask } from '../../../src/commands/tasks/show-task.ts';
import { statusTask } from '../../../src/commands/tasks/status-task.ts';
import { languageOf } from '../../helpers/desk.ts';

const language = languageOf([statusTask]);

test('"status task" is "show task" in another word', () => {
  expect(statusTask).toMatchObject({ run: showTask.run, params: showTask.params, role: showTask.role });
  expect(understand(language, { text: 'status task 3.1' }).command).toBe(statusTask);
});
