import { expect, test } from 'vitest';
import { listInstance } from '../../../src/commands/instances/list-instance.ts';
import { openDesk } from '../../helpers/desk.ts';
import { assigned, created, instance } from '../../tasks/journal.ts';

const resources = () => [
  {
    instance_id: 'c-1',
    cpu_percent: 12.5,
    cpu_average: null,
    memory_mb: 100,
    processes: 3,
    at: '2026-01-01T00:00:00.000Z',
  },
];

test('instances are listed with state, task and session, and with what their processes take', async () => {
  const desk = openDesk(
    listInstance,
    [...instance('c-1', 'working'), ...instance('c-2'), created('1'), assigned('1', 'c-1')],
    {
      resources,
    },
  );
  const { message, data, text } = await desk.say('list instances');
  expect(message).toBe('2 instances.');
  expect(data).toMatchObject([
    { instance_id: 'c-1', task_assignments: ['1'], resource_allocation: { cpu_percent: 12.5, memory_mb: 100 } },
    { instance_id: 'c-2', resource_allocation: {} },
  ]);
  expect(text).toMatch(/^c-1 +● working +1 +b +azure +s-c-1$/m);
  expect((await desk.say('list instances detailed')).text).toMatch(
    /^c-1 .*\n {4}agent: .*\n(?: {4}.*\n)* {4}resources: 13% of a core, 100 MB in 3 processes$/mu,
  );
  expect((await desk.say('list instances state=idle')).data).toMatchObject([{ instance_id: 'c-2' }]);
  const first = await desk.say('list instances limit=1');
  expect([first.data, first.message]).toEqual([[expect.anything()], (await desk.say('list instances')).message]);
  expect((await desk.sayAs('c-1', 'list instances')).exit).toBe(0);
});

test('a state that does not exist is an error, and no instance at all is said so', async () => {
  const desk = openDesk(listInstance, [], { resources: () => [] });
  expect(await desk.say('list instances state=purple')).toMatchObject({
    exit: 2,
    message: '"purple" is no state of an instance.',
  });
  expect((await desk.say('list instances')).text).toBe('No instance. Start some: launch 3 instances');
});
