import { expect, test } from 'vitest';
import { runMain } from '../../helpers/io.ts';
import { openSwarm } from '../../helpers/swarm.ts';

test('[INI-4] a state is not replaced under agents that live, and they go on after it once they were ended', async () => {
  await using swarm = await openSwarm();
  const drover = (...argv: string[]) => runMain(argv, { cwd: swarm.root, env: swarm.env });
  const file = `${swarm.env['HOME']}/swarm.backup`;
  await swarm.say('launch 1 instance');
  expect(await drover('backup', 'create', file)).toMatchObject({ exit: 0 });
  await swarm.say('create task "Later" id=later');
  await swarm.close();
  const refused = await drover('backup', 'restore', file, '--replace');
  expect([refused.exit, refused.stderr]).toEqual([
    6,
    expect.stringContaining('agents of this swarm live, in r-rehearsal-1'),
  ]);
  await swarm.reopen();
  expect(Object.keys((await swarm.state()).tasks)).toEqual(['later']);
  await swarm.say('stop all instances');
  await swarm.close();
  expect(await drover('backup', 'restore', file, '--replace')).toMatchObject({ exit: 0 });
  await swarm.reopen();
  expect((await swarm.state()).tasks).toEqual({});
  expect(await swarm.say('resume all instances')).toMatchObject({ exit: 0 });
});
