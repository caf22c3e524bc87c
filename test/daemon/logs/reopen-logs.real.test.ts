import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { until } from '../until.ts';

test('an agent whose log somebody has turned off is written to its log again, which says where lines are missing', async () => {
  const agents = { here: { command: ['/bin/sh', '-c', 'stty -echo; exec cat'] } };
  await using swarm = await openSwarm({ settings: { agent: 'here', agents } });
  expect(await swarm.say('launch 1 instance agent=here')).toMatchObject({ exit: 0 });
  const { instances } = await until(swarm, (state) => Boolean(state.instances['here-1']?.pane));
  const { pane } = instances['here-1']!;
  const folder = join(swarm.paths.logs, 'here-1');
  const text = () =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.log'))
      .toSorted()
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('');
  const say = (word: string) => swarm.tmux('send-keys', '-t', pane!, word, 'Enter');
  say('before');
  await vi.waitUntil(() => text().includes('before'));
  swarm.tmux('pipe-pane', '-t', pane!);
  await vi.waitUntil(() => text().includes('may be missing'));
  say('after');
  await vi.waitUntil(() => text().includes('after'));
  expect(swarm.log.filter((line) => line.includes('the writer of its log had ended'))).toHaveLength(1);
});
