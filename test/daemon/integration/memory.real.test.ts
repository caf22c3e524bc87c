import { expect, test } from 'vitest';
import { markedCommits, openConflict } from '../../helpers/conflict-stage.ts';
import { wordsFor } from '../../helpers/conflicts.ts';

test('[GIT-5] what a person once made of a conflict is used again where the same lines meet, is told, and can be forgotten', async () => {
  await using swarm = await openConflict(['src/app.txt']);
  for (const id of ['t3', 't4']) await swarm.say(`create task "${wordsFor('first', ['src/app.txt'])}" id=${id}`);
  expect((await swarm.say('run tasks t3, t4 wait=true')).exit).toBe(0);
  expect((await swarm.say('merge branch t1')).exit).toBe(0);
  expect((await swarm.say('merge branch t2')).exit).toBe(6);
  expect((await swarm.say('forget conflict t2')).message).toBe('Nothing is remembered of that.');
  expect((await swarm.say('resolve conflict t2 theirs wait=true')).exit).toBe(0);

  const again = await swarm.say('merge branch t3');
  expect([again.exit, again.message]).toEqual([0, 'batch-4: 1 branch merged into drover/integration.']);
  expect(swarm.git('show', 'drover/integration:src/app.txt')).toContain('evening');
  const { conflicts } = await swarm.state();
  expect(conflicts['batch-4/t3']!.files).toMatchObject([
    { path: 'src/app.txt', solved: true, how: 'as the same conflict was resolved before: theirs, chosen in batch-3' },
  ]);

  const forgotten = await swarm.say('forget conflict t3');
  expect([forgotten.exit, forgotten.message]).toEqual([0, 'Forgotten: 1 resolution of src/app.txt.']);
  expect((await swarm.say('merge branch t4')).exit).toBe(6);
  expect(await swarm.say('forget conflicts all')).toMatchObject({ exit: 6 });
  expect((await swarm.say('forget conflict t99')).exit).toBe(3);
  expect(markedCommits(swarm)).toEqual([]);
});

test('nothing is remembered where the settings say so', async () => {
  await using swarm = await openConflict(['src/app.txt'], { integration: { remember: false } });
  await swarm.say('merge branch t1');
  await swarm.say('merge branch t2');
  expect((await swarm.say('resolve conflict t2 theirs wait=true')).exit).toBe(0);
  const { conflicts } = await swarm.state();
  expect(Object.values(conflicts).flatMap(({ remembered = [] }) => remembered)).toEqual([]);
});

test('what a batch has resolved is not used again once that batch was taken back', async () => {
  await using swarm = await openConflict(['src/app.txt']);
  await swarm.say('merge branch t1');
  await swarm.say('merge branch t2');
  expect((await swarm.say('resolve conflict t2 theirs wait=true')).exit).toBe(0);
  const remembered = async () =>
    Object.values((await swarm.state()).conflicts).flatMap(({ remembered: some = [] }) => some.map(({ path }) => path));
  expect(await remembered()).toEqual(['src/app.txt']);
  expect((await swarm.say('rollback integration batch-3')).exit).toBe(0);
  expect(await remembered()).toEqual([]);
});
