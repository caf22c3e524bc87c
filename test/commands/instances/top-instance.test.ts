import { expect, test } from 'vitest';
import { topInstance } from '../../../src/commands/instances/top-instance.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance } from '../../tasks/journal.ts';

const use = (instance_id: string, cpu_percent: number | null) => ({
  instance_id,
  cpu_percent,
  cpu_average: null,
  memory_mb: 100,
  processes: 3,
  at: '2026-01-01T00:00:00.000Z',
});

test('what was measured is listed with the busiest first; an instance without a measurement is left out', async () => {
  const desk = openDesk(topInstance, [...instance('c-1'), ...instance('c-2', 'working'), ...instance('c-3')], {
    resources: () => [use('c-1', null), use('c-2', 43.21)],
  });
  const { message, data, text } = await desk.say('top instances');
  expect(message).toBe('2 instances measured.');
  expect(data).toMatchObject([
    { instance_id: 'c-2', state: 'working' },
    { instance_id: 'c-1', cpu_percent: null },
  ]);
  expect(text).toMatch(/^c-2 +43\.2% +… +100\.0 MB +3 +● working +-$/m);
  expect((await desk.say('top instances limit=1')).data).toHaveLength(1);
});

test('an instance that is not there is an error, and nothing measured is said so', async () => {
  const desk = openDesk(topInstance, [], { resources: () => [] });
  expect((await desk.say('top instance c-1')).exit).toBe(3);
  expect((await desk.say('top instances')).text).toContain('none was measured yet');
});
