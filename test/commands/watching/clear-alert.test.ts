import { expect, test } from 'vitest';
import { clearAlert } from '../../../src/commands/watching/clear-alert.ts';
import { openDesk } from '../../helpers/desk.ts';

const alert = (id: string) =>
  ({
    type: 'alert.raised',
    data: { id, severity: 'error', text: `about ${id}`, suggestion: 'retry task 1', instance: null, task: null },
  }) as const;

test('alerts are put away by name or all together', async () => {
  const desk = openDesk(clearAlert, [alert('disk'), alert('limit'), alert('login')]);
  expect(await desk.say('clear alert disk')).toMatchObject({ message: 'Cleared 1 alert.', data: 1 });
  expect((await desk.say('clear all alerts')).message).toBe('Cleared 2 alerts.');
  expect([desk.state.alerts, desk.recorded()]).toEqual([{}, ['alert.cleared', 'alert.cleared', 'alert.cleared']]);
});

test('an alert that is not there is an error, and nothing is put away', async () => {
  const desk = openDesk(clearAlert, [alert('disk')]);
  expect(await desk.say('clear alert constructor')).toMatchObject({ exit: 3, hint: 'Known: disk.' });
  expect(desk.recorded()).toEqual([]);
});
