import { expect, test } from 'vitest';
import { assignTask } from '../../../src/commands/tasks/assign-task.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created, instance } from '../../tasks/journal.ts';

test('what a list brought is refused to an agent that only pretends to work, and it is said why', async () => {
  const pretender = instance('a-1').map((fact) =>
    fact.type === 'instance.created' ? { ...fact, data: { ...fact.data, takes_plans: false } } : fact,
  );
  const parts = { agents: { workers: async () => [] } as never };
  const desk = openDesk(assignTask, [...pretender, created('t1', { imported: true }), created('t2')], parts);
  expect(await desk.say('assign task t1 to a-1')).toMatchObject({
    exit: 6,
    message: 'a-1 only pretends to work, and t1 was imported: it would be called done without being done.',
    hint: expect.stringMatching(/"set config rehearsal\.plans=true" do it all the same\.$/u),
  });
  expect(await desk.say('assign task t2 to a-1')).toMatchObject({ exit: 0 });
});
