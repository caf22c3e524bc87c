import { expect, test } from 'vitest';
import { attentionOf } from '../../../src/attention/attention.ts';
import { clearAlert } from '../../../src/commands/watching/clear-alert.ts';
import { instanceAlert, taskAlert } from '../../../src/daemon/signals/alert-facts.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created, failed, instance, started } from '../../tasks/journal.ts';

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

test('what is still so is not cleared, said with what helps, whether an alert tells of it or not', async () => {
  const lost = [...instance('a-1', 'lost'), ...instance('a-2', 'lost'), instanceAlert('a-1', 'a-1 is lost')];
  const desk = openDesk(clearAlert, [...lost, alert('disk')]);
  for (const id of ['a-1', 'a-2'])
    expect(await desk.say(`clear alert instance:${id}`)).toMatchObject({
      exit: 6,
      message: `instance:${id} is not over; it stays until ${id} runs again or is stopped.`,
      hint: `Suggested: restart instance ${id}`,
    });
  expect(desk.recorded()).toEqual([]);
  const { message, data } = await desk.say('clear all alerts');
  expect([data, message]).toEqual([
    1,
    'Cleared 1 alert. instance:a-1 stays until a-1 runs again or is stopped. instance:a-2 stays until a-2 runs again or is stopped.',
  ]);
  expect(attentionOf(desk.state).needs).toHaveLength(2);
});

test('the failure of a task that another one waits for is not cleared, whether an alert tells of it or not', async () => {
  const why = { class: 'check', message: 'it failed' } as const;
  const desk = openDesk(clearAlert, [created('1'), started('1', 'a-1'), failed('1'), taskAlert('1', why, 'a-1')]);
  expect((await desk.say('clear all alerts')).message).toBe('Cleared 1 alert.');
  desk.add(created('2', { dependencies: ['1'] }));
  const stays = 'failed:1 stays until 1 is done, or nothing waits for it.';
  expect((await desk.say('clear all alerts')).message).toBe(`Cleared 0 alerts. ${stays}`);
  desk.add(taskAlert('1', why, 'a-1'));
  expect((await desk.say('clear all alerts')).message).toBe(`Cleared 0 alerts. ${stays}`);
  expect(await desk.say('clear alert failed:1')).toMatchObject({ exit: 6, hint: 'Suggested: show failure 1' });
  expect(Object.keys(desk.state.alerts)).toEqual(['failed:1']);
});
