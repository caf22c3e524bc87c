import { expect, test } from 'vitest';
import { listAlert } from '../../../src/commands/watching/list-alert.ts';
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

test('without an alert nothing needs anybody, and an agent may not ask', async () => {
  expect((await openDesk(listAlert).say('list alerts')).text).toBe('Nothing needs you.');
  expect((await openDesk(listAlert).sayAs('c-1', 'list alerts')).exit).toBe(4);
});
