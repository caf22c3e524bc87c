import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test('a plan outside of the repository and with a failed task says so', async () => {
  await using swarm = await openSwarm();
  const folder = join(swarm.root, '..', 'out');
  mkdirSync(folder);
  writeFileSync(join(folder, 'tasks.md'), '- [ ] 1. One\n- [x] 2. Two\n');
  await swarm.say(`import spec "${folder}" policy=none barrier=false`);
  await swarm.say('set task 1 check=false');
  await swarm.say('run task 1 wait=true');
  const { text, message } = await swarm.say('show spec out');
  expect(message).toMatch(/^out: 1 of 2 done, 50%, 1 failed or blocked, .* so far\.$/);
  expect(text).toMatch(/policy: +none\nboxes: +not ticked/);
  expect((await swarm.say('list specs')).text).toMatch(/^out +1\/2 +50% +1 /m);
});
