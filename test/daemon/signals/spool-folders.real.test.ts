import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { until } from '../until.ts';

const tokenOf = (swarm: Swarm, id: string): string => readFileSync(`${swarm.paths.instances}/${id}/token`, 'utf8');

/** Leaves word in a folder that an instance has begun a turn, with its right token. */
const leaveTurn = (swarm: Swarm, folder: string, instance: string): void => {
  const header = JSON.stringify({ instance, source: 'hook', token: tokenOf(swarm, instance) });
  const draft = join(folder, 'x.tmp');
  writeFileSync(draft, `${header}\n${JSON.stringify({ hook_event_name: 'UserPromptSubmit' })}\n`);
  renameSync(draft, join(folder, `${instance}-1-0.json`));
};

test('[SEC-11] an agent has a folder of its own for its messages, and the right token of another gives nothing there', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances agent=rehearsal');
  const { spool } = swarm.paths;
  const [mine, theirs] = [join(spool, 'rehearsal-1'), join(spool, 'rehearsal-2')];
  expect(readdirSync(spool).toSorted()).toEqual(['rehearsal-1', 'rehearsal-2', 'tmux']);
  expect([mine, theirs].map((folder) => statSync(folder).mode & 0o777)).toEqual([0o700, 0o700]);
  const { instances } = await swarm.state();
  expect(instances['rehearsal-2']!.communication_endpoint).toBe(theirs);
  expect(readFileSync(`${swarm.paths.instances}/rehearsal-2/launch.sh`, 'utf8')).toContain(theirs);
  for (const folder of [mine, spool]) {
    leaveTurn(swarm, folder, 'rehearsal-2');
    await vi.waitUntil(() => !readdirSync(folder).some((name) => name.endsWith('.json')));
  }
  expect(swarm.log.filter((line) => line.includes('was removed unread'))).toEqual([
    expect.stringContaining('it names another instance'),
    expect.stringContaining('its instance has a folder of its own'),
  ]);
  expect((await swarm.state()).instances['rehearsal-2']!.state.kind).toBe('idle');
  leaveTurn(swarm, theirs, 'rehearsal-2');
  await until(swarm, (state) => state.instances['rehearsal-2']!.state.kind === 'working');
  await swarm.say('remove instance rehearsal-2');
  await vi.waitUntil(() => !existsSync(theirs));
  expect(existsSync(mine)).toBe(true);
});
