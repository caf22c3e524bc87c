import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeEvent } from '../../../src/state/decode.ts';
import { emptyState, reduce } from '../../../src/state/index.ts';
import { openSwarm } from '../../helpers/swarm.ts';
import { until } from '../until.ts';

test('[TMX-8] few programs start at once, also when all come back: the next begins when one is up', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', limits: { starts: 2 } } });
  expect((await swarm.say('launch 6 instances')).exit).toBe(0);
  swarm.tmux('kill-server');
  await until(swarm, ({ instances }) => Object.values(instances).every((one) => one.state.kind === 'lost'));
  expect((await swarm.say('resume all instances')).exit).toBe(0);
  let state = emptyState;
  let most = 0;
  await swarm.close();
  for (const line of readFileSync(join(swarm.paths.journal, '000000000001.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)) {
    const event = decodeEvent(line.slice(9));
    state = reduce(state, event);
    const starting = Object.values(state.instances).filter((one) => one.state.kind === 'starting');
    most = Math.max(most, starting.length);
  }
  expect(most).toBe(2);
});

test('[REC-1] where several in a row fail at their start the others wait, one alert says why, and a word starts them', async () => {
  await using swarm = await openSwarm({
    settings: {
      limits: { starts: 1 },
      agents: { gate: { command: ['sh', '-c', 'test -e "$HOME/open" && exec cat; echo shut; exit 3'], env: {} } },
    },
  });
  const reply = await swarm.say('launch 8 instances agent=gate');
  expect(reply.exit).toBe(1);
  const shut = await swarm.state();
  const why = Object.values(shut.instances).map((one) => one.state.evidence);
  expect(why.filter((text) => text === 'ended with 3')).toHaveLength(3);
  expect(why.filter((text) => text?.startsWith('not started, because others of its kind failed: '))).toHaveLength(5);
  expect(Object.values(shut.instances).filter((one) => one.pane !== null)).toHaveLength(3);
  expect(shut.alerts['starts:gate']).toMatchObject({
    severity: 'error',
    text: expect.stringMatching(
      /^3 starts of gate in a row failed at once, the last one of gate-\d: ended with 3\. The others wait; when it is mended, start them: resume all instances$/u,
    ),
    suggestion: expect.stringMatching(/^show instance gate-\d$/u),
  });
  writeFileSync(join(swarm.env['HOME']!, 'open'), '');
  expect(await swarm.say('resume all instances')).toMatchObject({ exit: 0 });
  const open = await swarm.state();
  expect(Object.values(open.instances).map((one) => one.state.kind)).toEqual(Array.from({ length: 8 }, () => 'idle'));
});

test('[REC-1] what is told of an agent that does not start is over when no instance of it is there any more', async () => {
  await using swarm = await openSwarm({
    settings: { limits: { starts: 1 }, agents: { gate: { command: ['sh', '-c', 'exit 3'], env: {} } } },
  });
  await swarm.say('launch 5 instances agent=gate');
  expect(Object.keys((await swarm.state()).alerts)).toContain('starts:gate');
  await swarm.say('remove instance gate-1');
  expect(Object.keys((await swarm.state()).alerts)).toContain('starts:gate');
  expect(await swarm.say('remove all instances')).toMatchObject({ exit: 0 });
  const { alerts, instances } = await swarm.state();
  expect([Object.keys(instances), Object.keys(alerts)]).toEqual([[], []]);
});
