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

test('of a long journal only the latest events are read when a few of all types are wanted, and gaps change nothing', async () => {
  const asked: number[] = [];
  const storyBut = (gap: readonly number[]) => ({
    state: { seq: story.length },
    events: async function* (from: number) {
      asked.push(from);
      const all = story.map((event, n) => ({ ...event, seq: n + 1 }));
      yield* all.filter(({ seq }) => seq >= from && !gap.includes(seq));
    },
  });
  const listed = async (gap: readonly number[], params: object) => {
    asked.length = 0;
    const context = { store: storyBut(gap), now: () => new Date(0).toISOString() } as never;
    const { data } = await listEvent.run(context, { since: 1, ...params } as never, undefined as never);
    return { seqs: (data as { seq: number }[]).map(({ seq }) => seq), asked: [...asked] };
  };
  const last = story.length;
  expect(await listed([], { limit: 2 })).toEqual({ seqs: [last - 1, last], asked: [last - 1] });
  expect(await listed([last - 1], { limit: 2 })).toEqual({ seqs: [last - 2, last], asked: [last - 1, 1] });
  expect(await listed([], { limit: last + 5 })).toMatchObject({ asked: [1] });
  expect((await listed([], { limit: 1, type: 'group.created' })).asked).toEqual([1]);
});
