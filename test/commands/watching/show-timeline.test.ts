import { expect, test } from 'vitest';
import { showTimeline } from '../../../src/commands/watching/show-timeline.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created, instance, started, verified } from '../../tasks/journal.ts';

test('the timeline is a list in the order of time, which is told with its zone as in all lists', async () => {
  const facts = [...instance('a-1'), created('t1'), started('t1', 'a-1'), verified('t1')];
  const { message, text } = await openDesk(showTimeline, facts).say('show timeline');
  expect(message).toBe('1 entry in the timeline.');
  expect(text).toMatch(/^2026-01-01T00:00:00Z +\S+ +a-1 +worked +t1 +Title of t1 +★$/mu);
  expect((await openDesk(showTimeline).say('show timeline')).text).toBe('Nothing has been done yet.');
});
