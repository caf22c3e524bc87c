import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../../src/client/request.ts';
import { openSwarm } from '../helpers/swarm.ts';
import { history, sayAs } from './stage.ts';

const view = { columns: 80, color: false };

test('[SEC-1] an agent’s token stops no other instance, and a token that is not its own does nothing', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  const before = await history(swarm);
  for (const text of ['stop instance rehearsal-2', 'stop instance rehearsal-1', 'stop all instances yes']) {
    const reply = await sayAs(swarm, 'rehearsal-1', text);
    expect([reply.exit, reply.hint]).toEqual([4, 'It takes the role operator.']);
  }
  const forged = { text: 'status swarm', actor: 'rehearsal-2', token: 'abc', view };
  expect(await ask(swarm.paths, swarm.env, forged)).toMatchObject({ exit: 4 });
  const stranger = { text: 'status swarm', actor: 'rehearsal-9', token: 'abc', view };
  expect(await ask(swarm.paths, swarm.env, stranger)).toMatchObject({ exit: 4 });
  expect(await history(swarm)).toEqual(before);
});

test('[SEC-1] the configuration lowers what the owner of the socket may say', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', security: { localRole: 'viewer' } } });
  expect(await swarm.propose('list instances')).toMatchObject({ exit: 0 });
  expect(await swarm.propose('launch 1 instance')).toMatchObject({
    exit: 4,
    message: 'cli may not say "launch instance".',
    hint: 'It takes the role operator. security.localRole is viewer here; a daemon that is started with DROVER_SECURITY_LOCAL_ROLE=admin goes by that instead.',
  });
  expect((await swarm.state()).instances).toEqual({});
});

test('[CLI-5] a question is answered by its token, by yes in words, and by nothing else', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 3 instances');
  const asked = await swarm.propose('stop instances rehearsal-1, rehearsal-2');
  expect(asked).toMatchObject({ exit: 5, data: { confirm: { targets: ['rehearsal-1', 'rehearsal-2'] } } });
  expect(Date.parse(asked.confirm!.expires)).toBeGreaterThan(Date.now());
  const { token } = asked.confirm!;
  expect((await swarm.propose(`stop all instances confirm=${token}`)).exit).toBe(5);
  expect((await swarm.propose('stop instances rehearsal-1, rehearsal-2 confirm=abc')).exit).toBe(5);
  const live = async () => Object.values((await swarm.state()).instances).filter((one) => one.state.kind === 'idle');
  expect(await live()).toHaveLength(3);
  expect((await swarm.propose(`stop instances rehearsal-1, rehearsal-2 confirm=${token}`)).exit).toBe(0);
  expect(await live()).toHaveLength(1);
  expect((await swarm.propose('remove instance rehearsal-1')).exit).toBe(5);
  expect((await swarm.propose('remove instance rehearsal-1 yes')).exit).toBe(0);
});

test('nobody speaks for an instance without its token', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  const view = { columns: 80, color: false };
  for (const actor of ['rehearsal-1', 'rehearsal-2']) {
    const reply = await ask(swarm.paths, swarm.env, { text: 'list tasks', actor, token: 'guessed', view });
    expect([reply.exit, reply.hint]).toEqual([4, 'Its token is not that of an instance.']);
  }
});

test('nothing that a plan or a person says acts on the terminal of who looks at it', async () => {
  await using swarm = await openSwarm();
  const evil = '\u001B]52;c;ZXZpbA==\u0007\u001B[2Jevil';
  writeFileSync(join(swarm.root, 'tasks.md'), `- [ ] 1. ${evil}\n  - ${evil}\n`);
  await swarm.say('import spec tasks.md');
  await swarm.say(`create task "x" description="${evil}" id=t9`);
  await swarm.say(`tell rehearsal-1 "${evil}"`);
  for (const text of ['show task 1', 'show task t9', 'show brief 1', 'list tasks', 'plan tasks', 'list events']) {
    const reply = await swarm.say(text);
    expect([text, `${reply.text}${reply.message}`.includes('\u001B')]).toEqual([text, false]);
  }
  const refused = await swarm.say(`show task "${evil}"`);
  expect([refused.exit, `${refused.message}${refused.hint}`.includes('\u001B')]).toEqual([expect.any(Number), false]);
});
