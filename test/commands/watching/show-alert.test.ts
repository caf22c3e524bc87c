import { expect, test } from 'vitest';
import { showAlert } from '../../../src/commands/watching/show-alert.ts';
import { openDesk } from '../../helpers/desk.ts';

const alert = (id: string) =>
  ({
    type: 'alert.raised',
    data: { id, severity: 'error', text: `about ${id}`, suggestion: 'retry task 1', instance: null, task: null },
  }) as const;

test('an alert is shown with since when it stands and the command that helps', async () => {
  const { message, text, data } = await openDesk(showAlert, [alert('disk')]).say('show alert disk');
  expect(message).toMatch(/^Needs you, raised 0s ago \(\d\d:\d\d\): about disk\.$/u);
  expect(text).toBe(`${message}\nSuggested: retry task 1`);
  expect(data).toMatchObject({ id: 'disk', suggestions: [{ command: 'retry task 1', what: null }] });
});

test('an alert that is not there is an error that names those that are', async () => {
  expect(await openDesk(showAlert, [alert('disk')]).say('show alert limit')).toMatchObject({
    exit: 3,
    hint: expect.stringContaining('Known: disk.'),
  });
});
