import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test('a branch is made at a commit, by a valid name only, and one that exists is never moved', async () => {
  await using swarm = await openSwarm();
  const first = swarm.git('rev-parse', 'main');
  swarm.git('commit', '-q', '--allow-empty', '-m', 'second');
  expect(await swarm.say(`create branch feature/login from=${first}`)).toMatchObject({
    exit: 0,
    data: { branch: 'feature/login', commit: first },
  });
  expect(await swarm.say('create branch repairs')).toMatchObject({ data: { commit: swarm.git('rev-parse', 'main') } });
  // Git takes a tag before the branch of the same name.
  swarm.git('tag', 'main', first);
  const second = swarm.git('rev-parse', 'refs/heads/main');
  expect(await swarm.say('create branch tagged')).toMatchObject({ data: { commit: second } });
  const refusals: [string, number, string][] = [
    ['create branch feature/login from main', 6, 'branch/exists'],
    ['create branch main', 6, 'branch/exists'],
    ['create branch a@b.lock', 2, 'branch/bad-name'],
    ['create branch elsewhere from nowhere', 3, 'branch/no-start'],
    ['create branch feature/login/deeper', 6, 'git/branch-blocked'],
  ];
  for (const [text, exit, code] of refusals)
    expect([text, await swarm.say(text)]).toMatchObject([text, { exit, data: { code } }]);
  expect(swarm.git('rev-parse', 'feature/login')).toBe(first);
});
