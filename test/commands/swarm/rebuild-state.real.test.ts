import { readFileSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runMain } from '../../helpers/io.ts';
import { openSwarm } from '../../helpers/swarm.ts';

test('the journal folds to what is known, after a restart too', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=t1');
  await swarm.say('run task t1 wait=true');
  expect((await swarm.say('rebuild state')).data).toMatchObject({ equal: true });
  await swarm.reopen();
  expect((await swarm.say('rebuild state')).data).toMatchObject({ equal: true });
  const { data } = await swarm.say('list events since=2 limit=3');
  expect((data as unknown[]).length).toBe(3);
});

test('[STO-3] a db.json that was removed is written anew, the same but for its time; in either order of the words', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=t1');
  const { projection } = swarm.paths;
  const said = await runMain(['events', 'list', '--since', '1h', '--json'], { cwd: swarm.root, env: swarm.env });
  const events = JSON.parse(said.stdout) as Record<string, unknown>[];
  expect(events.find(({ type }) => type === 'task.created')).toEqual({
    ...{
      seq: expect.any(Number),
      at: expect.any(String),
      actor: 'cli',
      corr: expect.any(String),
      type: 'task.created',
    },
    data: expect.objectContaining({ task: expect.objectContaining({ id: 't1' }) }),
  });
  const content = () => ({ ...JSON.parse(readFileSync(projection, 'utf8')), written_at: null });
  await swarm.say('rebuild state');
  const before = JSON.stringify(content());
  rmSync(projection);
  expect(await swarm.say('state rebuild')).toMatchObject({
    exit: 0,
    message: expect.stringMatching(/^\d+ events folded again: equal to what is known; db\.json is written anew\.$/),
  });
  expect(JSON.stringify(content())).toBe(before);
});
