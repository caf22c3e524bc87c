import { expect, test } from 'vitest';
import { eventTypesOf } from '../../src/state/event-types.ts';

test('events are named by their type or by all of a noun, several with commas', () => {
  expect([...eventTypesOf('task.created')]).toEqual(['task.created']);
  const alerts = [...eventTypesOf('alert, task.created,')];
  expect(alerts).toEqual(['alert.raised', 'alert.cleared', 'task.created']);
});

test.each([
  ['task.create', 'Did you mean task.created?'],
  ['tsk', 'Did you mean task?'],
  ['zzzzz', 'Types begin with: instance,'],
  [' , ', 'Types begin with: instance,'],
])('%j is no type, and what is meant is said', (text, hint) => {
  expect(() => eventTypesOf(text)).toThrow(expect.objectContaining({ exit: 2, hint: expect.stringContaining(hint) }));
});
