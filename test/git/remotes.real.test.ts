import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWorld } from './world.ts';

test('a remote repository behind ssh that wants a password is told of, and nobody waits for one', async () => {
  await using world = await openWorld();
  const ssh = join(world.home, 'ssh');
  // Asks as ssh does, at the terminal, unless it is told that nobody is there.
  const text = `#!/bin/sh
echo "$@" >>'${world.home}/asked'
case "$*" in *BatchMode=yes*) echo 'git@host: Permission denied (publickey,password).' >&2; exit 255 ;; esac
sleep 600
`;
  writeFileSync(ssh, text);
  chmodSync(ssh, 0o755);
  world.user('config', 'core.sshCommand', `${ssh} -i mine`);
  world.user('remote', 'add', 'origin', 'ssh://git@host/project.git');
  const upstream = (await world.git.upstreamOf('main'))!;
  expect(upstream).toEqual({ remote: 'origin', ref: 'refs/heads/main', tracking: 'refs/remotes/origin/main' });
  await expect(world.git.fetchBranch(upstream)).rejects.toMatchObject({
    code: 'git/fetch',
    message: expect.stringContaining('Permission denied'),
  });
  const push = world.git.pushBranch(upstream, { commit: world.first, expected: null });
  await expect(push).rejects.toMatchObject({ code: 'git/push' });
  for (const line of readFileSync(join(world.home, 'asked'), 'utf8').trim().split('\n'))
    expect(line).toMatch(/^-i mine .*-o BatchMode=yes .*-o ConnectTimeout=15/u);
});
