import { expect, test } from 'vitest';
import { runMain } from '../../helpers/io.ts';
import { openSwarm } from '../../helpers/swarm.ts';
import { taskIs } from '../stage.ts';

type Rows = { total: object; instances: object[]; removed: object | null; tasks: object[] };

test('what agents used is shown by instance, by task and in all, wherever one looks', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', budgets: { task: { tokens: 1_000_000 } } } });
  expect((await swarm.say('cost')).text).toBe('No agent has told of anything that it used.');
  expect((await swarm.say('cost swarm')).message).toBe('Nothing was used yet.');
  await swarm.say('create task "Costly rehearse: spend 120000+8000 $0.75" id=c1');
  await swarm.say('create task "More rehearse: spend 500" id=c2');
  await swarm.say('run tasks c1');
  await taskIs(swarm, 'c1', 'done');
  await swarm.say('run task c2');
  await taskIs(swarm, 'c2', 'done');
  const { data, text, message } = await swarm.say('cost');
  expect(message).toMatch(/^Used: 129k tokens in 2 turns, \$0\.75/);
  expect(data).toMatchObject({
    total: { tokens: 128_600, turns: 2 },
    instances: [{ id: 'rehearsal-1', agent: 'rehearsal', context: { window_tokens: 200_000, percent: 64.3 } }],
    removed: null,
    tasks: [
      {
        id: 'c1',
        usd: 0.75,
        input_tokens: 120_000,
        output_tokens: 8000,
        budget: { tokens: 1_000_000, used_percent: 12.8 },
      },
      { id: 'c2', tokens: 600, turns: 1 },
    ],
  } satisfies Rows);
  expect(text).toMatch(/^INSTANCE +TOKENS/);
  expect(text).toMatch(/^all +129k/mu);
  expect(text).toMatch(/^c1 +128k .*\$0\.75 .*13%/mu);
  const shown = await swarm.say('show instance rehearsal-1');
  expect(shown.data).toMatchObject({ usage: { tokens: 128_600 } });
  expect(shown.text).toContain('usage:     129k tokens in 2 turns');
  expect((await swarm.say('show result c1')).message).toContain('used: 128k tokens in 1 turn, $0.75');
  expect((await swarm.say('status swarm')).data).toMatchObject({ usage: { tokens: 128_600 } });
  expect((await swarm.say('status swarm')).message).toContain(' Used: 129k tokens');
  expect((await swarm.say('cost task c2')).data).toMatchObject([
    { id: 'c2', usd: null, title: expect.stringContaining('More') },
  ]);
  expect((await swarm.say('cost instances')).data).toMatchObject([{ id: 'rehearsal-1', tokens: 128_600 }]);
  const shell = await runMain(['cost', '--json'], { cwd: swarm.root, env: swarm.env });
  expect(JSON.parse(shell.stdout)).toMatchObject({ total: { tokens: 128_600 } });
  // What is not there any more is still paid for, and nothing of it is counted again.
  await swarm.say('remove instance rehearsal-1');
  await swarm.reopen();
  expect((await swarm.say('cost')).data).toMatchObject({
    total: { tokens: 128_600 },
    instances: [],
    removed: { tokens: 128_600 },
  });
});
