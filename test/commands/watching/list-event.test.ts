import { expect, test } from 'vitest';
import { listEvent } from '../../../src/commands/watching/list-event.ts';
import { openDesk } from '../../helpers/desk.ts';
import { story } from '../../state/story.ts';

test('what happened is listed by number, by type and cut at a limit', async () => {
  const desk = openDesk(listEvent, story);
  expect((await desk.say('list events')).message).toBe(`${story.length} events`);
  expect((await desk.say('list events since=2 limit=1')).data).toMatchObject([
    { seq: story.length, type: 'daemon.stopped' },
  ]);
  const grouped = (await desk.say('list events type=group.created,group.removed')).data as { type: string }[];
  expect(grouped.map(({ type }) => type)).toEqual(['group.created', 'group.created', 'group.removed']);
  expect((await desk.say('list events since=1h limit=1')).data).toHaveLength(1);
  expect((await desk.say('list events limit=1')).text).toMatch(/daemon\.stopped +\{"pid":4711\}$/);
});

test('a type that does not exist and a time that is none are refused', async () => {
  const desk = openDesk(listEvent, story);
  expect((await desk.say('list events type=task.made')).exit).toBe(2);
  expect(await desk.say('list events since=soon')).toMatchObject({ exit: 2, data: { code: 'cli/bad-moment' } });
});
