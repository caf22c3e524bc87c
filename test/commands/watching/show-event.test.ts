import { expect, test } from 'vitest';
import { showEvent } from '../../../src/commands/watching/show-event.ts';
import { openDesk } from '../../helpers/desk.ts';
import { story } from '../../state/story.ts';

test('an event is shown whole', async () => {
  const { message, data } = await openDesk(showEvent, story).say('show event 1');
  expect(message).toMatch(/^1 daemon\.started by daemon at 2026-\S+ \(c-1\)\n\{\n {2}"pid": 4711,/);
  expect(data).toMatchObject({ seq: 1, data: { pid: 4711 } });
});

test('a number that no event has, and what is no number, are refused', async () => {
  const desk = openDesk(showEvent, story);
  expect(await desk.say('show event 999')).toMatchObject({
    exit: 3,
    hint: expect.stringContaining(`1 to ${story.length}`),
  });
  expect((await desk.say('show event abc')).exit).toBe(2);
});
