import { expect, test } from 'vitest';
import { reportProgress } from '../../../src/commands/tasks/report-progress.ts';
import { openDesk } from '../../helpers/desk.ts';

test.each([
  ['report progress', 'report progress: the percent is not said.'],
  ['report progress "half of it"', 'report progress: the percent is not said.'],
  ['report progress percent=half', 'report progress: percent: "half" is no number; say a number from 0 to 100.'],
])('%s is refused in plain words', async (line, message) => {
  expect(await openDesk(reportProgress).say(line)).toMatchObject({ exit: 2, message });
});
