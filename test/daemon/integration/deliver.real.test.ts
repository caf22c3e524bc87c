import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

const env = { DROVER_REHEARSAL_TASK_MS: '20' };

test('[GIT-3] the user’s own branch moves only with to= and a yes, and their changed files stay as they are', async () => {
  await using swarm = await openSwarm({ env, files: { 'notes.txt': 'one\n' } });
  for (const id of ['t1', 't2']) await swarm.say(`create task "Task ${id}" id=${id}`);
  await swarm.say('run all tasks wait=true');
  writeFileSync(join(swarm.root, 'notes.txt'), 'mine\n');
  const before = swarm.git('rev-parse', 'main');
  const asked = await swarm.propose('merge branch t1 to=main');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('brings your branch main forward')]);
  expect(swarm.git('rev-parse', 'main')).toBe(before);

  const reply = await swarm.say('merge branch t1 to=main');
  expect([reply.exit, reply.message]).toEqual([0, expect.stringMatching(/main is at [0-9a-f]{10} as well\.$/u)]);
  const tip = swarm.git('rev-parse', 'drover/integration');
  expect([swarm.git('rev-parse', 'main'), swarm.git('status', '--porcelain')]).toEqual([tip, 'M notes.txt']);
  expect(readFileSync(join(swarm.root, 'notes.txt'), 'utf8')).toBe('mine\n');
  expect((await swarm.say('show integration batch-1')).message).toContain('delivered  main: delivered');

  await swarm.say('merge branch t2');
  const changed = swarm.git('diff', '--name-only', 'main', 'drover/integration').split('\n');
  writeFileSync(join(swarm.root, changed[0]!), 'in the way\n');
  const refused = await swarm.say('merge completed branches to=main');
  const why = `main stays where it is: ${changed[0]} is changed in ${swarm.root}, and would be overwritten.`;
  expect([refused.exit, refused.message]).toEqual([6, expect.stringContaining(why)]);
  expect(swarm.git('rev-parse', 'main')).toBe(tip);
  expect(readFileSync(join(swarm.root, changed[0]!), 'utf8')).toBe('in the way\n');
});

test('a branch that has gone its own way is not delivered to, and is told of', async () => {
  await using swarm = await openSwarm({ env });
  await swarm.say('create task "One" id=t1');
  await swarm.say('run all tasks wait=true');
  swarm.git('commit', '-q', '--allow-empty', '-m', 'mine');
  const mine = swarm.git('rev-parse', 'main');
  swarm.git('branch', '-f', 'drover/integration', 'main~1');
  expect((await swarm.propose('merge completed branches to=main')).message).toContain(
    'It has commits that drover/integration has not: unless the merges bring them, it stays where it is.',
  );
  const reply = await swarm.say('merge completed branches to=main');
  expect([reply.exit, reply.message]).toEqual([
    6,
    expect.stringContaining('main stays where it is: it has commits that drover/integration has not; to bring them in'),
  ]);
  expect(swarm.git('rev-parse', 'main')).toBe(mine);
  // What it says helps.
  const [, path] = /"git -C (\S+) merge main"/u.exec(reply.message!)!;
  swarm.git('-C', path!, 'merge', '-q', '-m', 'mine', 'main');
  expect(await swarm.say('merge completed branches to=main')).toMatchObject({ exit: 0 });
  expect(swarm.git('rev-parse', 'main')).toBe(swarm.git('rev-parse', 'drover/integration'));
  for (const [to, why] of [
    ['nowhere', 'there is no branch "nowhere"'],
    ['drover/integration', 'is where batches are merged in any case'],
  ])
    expect((await swarm.say(`merge completed branches to=${to}`)).message).toContain(why);
});
