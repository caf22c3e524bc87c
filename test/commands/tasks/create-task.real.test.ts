import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { history } from '../stage.ts';

test('[TSK-1] a task is created with its fields, shown, listed by state, changed and removed', async () => {
  await using swarm = await openSwarm();
  const created = await swarm.say(
    'create task "Add login page" description="with a form" priority=high check="npm test"',
  );
  expect([created.exit, created.message]).toEqual([0, 'Created t1: Add login page.']);
  expect((await swarm.say('show task t1')).data).toMatchObject({
    title: 'Add login page',
    description: 'with a form',
    priority: 'high',
    check: 'npm test',
    word: 'ready',
  });
  const next = await swarm.say('create task title="Add logout" deps=t1');
  expect(next.message).toBe('Created t2: Add logout.');
  expect(next.data).toMatchObject({ id: 't2', dependencies: ['t1'] });
  expect((await swarm.say('list waiting tasks')).data).toMatchObject([{ id: 't2', word: 'waits for t1' }]);
  expect((await swarm.say('list tasks state=ready')).data).toMatchObject([{ id: 't1' }]);
  expect((await swarm.say('list failed tasks')).data).toEqual([]);
  const edited = await swarm.say('set task t1 title="Login" priority=low check="" complexity=8 description="a form"');
  expect(edited.message).toBe('Changed title, description, priority, check, complexity of t1.');
  expect(edited.data).toMatchObject({ title: 'Login', priority: 'low', check: null, complexity_score: 8 });
  expect((await swarm.say('show brief t1')).message.match(/a form/g)?.length).toBe(1);
  expect((await swarm.say('show task t1')).text).toContain('a form');
  expect((await swarm.say('remove task t2')).message).toBe('Removed t2.');
  expect((await swarm.say('create task Another')).message).toBe('Created t3: Another.');
  expect((await swarm.say('create task "rehearse: ask Which order?"')).message).toBe(
    'Created t4: rehearse: ask Which order?',
  );
});

test('what cannot be a task is refused with what is wrong, and nothing is recorded', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task "One" id=ant');
  const before = await history(swarm);
  const refused: [string, number, string][] = [
    ['create task ""', 2, 'a task needs a title'],
    ['create task "One" title="Two"', 2, 'the title is said twice'],
    ['create task "One" id=ant', 2, '"ant" is taken'],
    ['create task "One" id="a b"', 2, 'id'],
    ['create task "One" id=constructor', 2, 'this word cannot be an id'],
    ['create task "One" deps=nope', 3, 'There is no task "nope".'],
    ['create task "One" deps=constructor', 3, 'There is no task "constructor".'],
    ['create task "One" priority=soon', 2, 'priority'],
  ];
  for (const [text, exit, message] of refused) {
    const reply = await swarm.say(text);
    expect([text, reply.exit, reply.message]).toEqual([text, exit, expect.stringContaining(message)]);
  }
  expect(await history(swarm)).toEqual(before);
});
