import { expect, test } from 'vitest';
import { stateOf } from './fold.ts';
import { alert } from './store/place.ts';
import { timeOf } from './story.ts';

test('the same trouble is never there twice and tells when it was seen last', () => {
  const { alerts } = stateOf(alert('disk', 'little space'), alert('disk', 'no space'));
  expect(Object.values(alerts)).toMatchObject([{ id: 'disk', text: 'no space', raised_at: timeOf(2) }]);
});

test('trouble that is over is gone', () => {
  const over = { type: 'alert.cleared', data: { id: 'disk', because: 'there is space' } } as const;
  expect(Object.keys(stateOf(alert('disk'), alert('other'), over).alerts)).toEqual(['other']);
});
