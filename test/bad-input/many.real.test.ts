import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../helpers/swarm.ts';
import { eventually } from './program.ts';

test('when everything goes wrong at once the state of the swarm is still said in a few words', async () => {
  await using swarm = await openSwarm({
    settings: { agent: 'rehearsal', checks: { task: 'false' } },
  });
  const folder = join(swarm.root, 'specs', 'plan');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'tasks.md'), Array.from({ length: 8 }, (_, n) => `- [ ] ${n + 1}. Task ${n}\n`).join(''));
  await swarm.say('import spec specs/plan policy=none');
  await swarm.say('launch 3 instances');
  await swarm.say('run all ready tasks');
  await eventually(async () => Object.values((await swarm.state()).tasks).every((task) => task.state === 'failed'));
  const { text } = await swarm.say('status swarm');
  expect(text).toMatch(/\d+ need you: .* → show failure .*; and 5 more, see "list alerts"\./u);
  expect(text.length).toBeLessThan(800);
  expect(await swarm.say('stop all instances force')).toMatchObject({ exit: 0 });
});
