import { expect, test } from 'vitest';
import { BUILT_IN } from '../../src/agents/index.ts';
import { runMain } from '../helpers/io.ts';
import { openSwarm } from '../helpers/swarm.ts';

test('[AGT-1] the agents are listed with name, version and whether their programs are there', async () => {
  const agents = { mine: { command: ['git'] }, gone: { command: ['no-such-program'] } };
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', agents } });
  const place = { cwd: swarm.root, env: swarm.env };
  const { exit, stdout } = await runMain(['agents', 'list', '--json'], place);
  const found = JSON.parse(stdout) as { agent: string; found: boolean; version: string | null }[];
  expect(exit).toBe(0);
  expect(found.map(({ agent }) => agent)).toEqual([...Object.keys(BUILT_IN), 'gone', 'mine'].toSorted());
  expect(found.find(({ agent }) => agent === 'rehearsal')).toMatchObject({ found: true });
  expect(found.find(({ agent }) => agent === 'mine')).toMatchObject({ found: true });
  expect(found.find(({ agent }) => agent === 'gone')).toMatchObject({ found: false, version: null });
  expect((await runMain(['agents'], place)).stdout).toMatch(/^gone +no/mu);
  expect((await runMain(['agents', 'stop', 'nobody-1', '--force', '--yes'], place)).exit).toBe(3);
});
