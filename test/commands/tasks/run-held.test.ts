import { expect, test } from 'vitest';
import { runTask } from '../../../src/commands/tasks/run-task.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { forecast } from '../../../src/tui/prompt/prompt-forecast.ts';
import { language, settings } from '../../fixtures/signatures.ts';
import { openDesk } from '../../helpers/desk.ts';
import { begin, created, instance } from '../../tasks/journal.ts';

const held = (id: string): EventDraft => ({ type: 'task.held', data: { id, held: true } });
const facts = [...instance('a-1'), created('t3'), held('t3')];

test('a task that is held back is not run with those that are ready, and the refusal says how it is let go', async () => {
  for (const line of ['run all ready tasks', 'run all tasks']) {
    const desk = openDesk(runTask, facts);
    expect(await desk.say(line)).toMatchObject({
      exit: 6,
      message: 'No task can be run: t3 is held back.',
      hint: 'To let it begin, say: resume task t3',
    });
    expect(desk.recorded()).toEqual([]);
    expect(forecast(line, { state: begin(...facts), settings }, language)).toMatchObject({ kind: 'error' });
  }
});

test('what is held back is not foretold to be run beside what is', async () => {
  const state = begin(...facts, created('t4'));
  const says = (line: string) => forecast(line, { state, settings }, language);
  expect(says('run all ready tasks')).toMatchObject({ kind: 'ok', says: expect.stringContaining('runs t4') });
  expect(says('run all tasks')).toMatchObject({ kind: 'ok', says: expect.not.stringContaining('t3') });
});
