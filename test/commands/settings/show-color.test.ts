import { expect, test } from 'vitest';
import { showColor } from '../../../src/commands/settings/show-color.ts';
import { openDesk } from '../../helpers/desk.ts';
import { assigned, created, instance } from '../../tasks/journal.ts';

test('a colour is shown with the instance that has it, and an instance with its colour', async () => {
  const desk = openDesk(showColor, [...instance('c-1'), created('1'), assigned('1', 'c-1')]);
  const { message, data } = await desk.say('show color azure');
  expect(message).toBe('azure (#000000) is c-1 with 1, in /w.');
  expect((await desk.say('show color c-1')).data).toEqual(data);
});

test('a colour that nobody has is an error', async () => {
  expect(await openDesk(showColor, instance('c-1')).say('show color pink')).toMatchObject({
    exit: 3,
    hint: 'Known: azure.',
  });
});
