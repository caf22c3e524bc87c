import { expect, test } from 'vitest';
import { denyInstance } from '../../../src/commands/instances/deny-instance.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance } from '../../tasks/journal.ts';

const asks = (instance_id: string) =>
  [
    ...instance(instance_id, 'starting'),
    { type: 'instance.started', data: { instance_id, session: 's', pane: '%1', pid: 7 } },
    {
      type: 'instance.moved',
      data: { instance_id, state: 'waiting', source: 'hook', question: `May ${instance_id} push?` },
    },
  ] as const;

test('an agent that waits gets a no, and that is recorded', async () => {
  const given: string[] = [];
  const desk = openDesk(denyInstance, asks('c-1'), {
    giveAnswer: async (one, answer) => {
      given.push(`${one.instance_id} ${answer}`);
      return { confirmed: true };
    },
  });
  expect(await desk.propose('deny c-1')).toMatchObject({
    exit: 0,
    message: 'Denied what c-1 asked: May c-1 push?',
    data: [{ instance: 'c-1', answer: 'no', confirmed: true }],
  });
  expect(given).toEqual(['c-1 no']);
  expect(desk.events.find(({ type }) => type === 'instance.answered')).toMatchObject({ data: { decision: 'deny' } });
});

test('several are denied after one question only, and whoever asks nothing is refused', async () => {
  const desk = openDesk(denyInstance, [...asks('c-1'), ...asks('c-2'), ...instance('c-3')]);
  const asked = await desk.propose('deny all waiting instances');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('This answers no to 2 agents.')]);
  expect(await desk.say('deny c-3')).toMatchObject({ exit: 6, message: 'c-3 is idle; it asks nothing.' });
  expect((await desk.sayAs('c-1', 'deny c-2')).exit).toBe(4);
  expect(desk.recorded()).toEqual([]);
});
