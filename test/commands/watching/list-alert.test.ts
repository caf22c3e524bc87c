import { expect, test } from 'vitest';
import { listAlert } from '../../../src/commands/watching/list-alert.ts';
import { showAlert } from '../../../src/commands/watching/show-alert.ts';
import { retryTask } from '../../../src/commands/tasks/retry-task.ts';
import { personOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';

const alert = (id: string) =>
  ({
    type: 'alert.raised',
    data: { id, severity: 'error', text: `about ${id}`, suggestion: 'retry task 1', instance: null, task: null },
  }) as const;

test('alerts are listed with the command that helps', async () => {
  const { message, data, text } = await openDesk(listAlert, [alert('disk')]).say('list alerts');
  expect([message, data]).toMatchObject(['1 alert', [{ id: 'disk', severity: 'error' }]]);
  expect(text).toMatch(/^disk +error +about disk +retry task 1$/m);
});

test('[SEC-1] a suggestion that its reader is refused is not listed', async () => {
  const desk = openDesk([listAlert, showAlert, retryTask], [alert('disk')]);
  const viewer = personOf('ada', 'viewer');
  const listed = await desk.sayBy(viewer, 'list alerts');
  expect(listed.text).not.toContain('retry');
  expect(listed.data).toMatchObject([{ id: 'disk', suggestion: null }]);
  expect((await desk.sayBy(viewer, 'show alert disk')).data).toMatchObject({ suggestion: null, suggestions: [] });
  const operator = await desk.sayBy(personOf('ada', 'operator'), 'show alert disk');
  expect(operator.data).toMatchObject({ suggestion: 'retry task 1', suggestions: [{ command: 'retry task 1' }] });
});

test('without an alert nothing needs anybody, and an agent may not ask', async () => {
  expect((await openDesk(listAlert).say('list alerts')).text).toBe('Nothing needs you.');
  expect((await openDesk(listAlert).sayAs('c-1', 'list alerts')).exit).toBe(4);
});
