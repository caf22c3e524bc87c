import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, hangs, sayAs } from '../stage.ts';

test('the brief tells the agent words that really report its task done', async () => {
  await using swarm = await openSwarm();
  await swarm.say(hang('h1'));
  const brief = (await swarm.say('show brief h1')).message;
  const words = /say that you are done: `drover (?<words>[^`]+)`/.exec(brief)!.groups!['words']!;
  await swarm.say('run task h1');
  await hangs(swarm, 'h1');
  expect(await sayAs(swarm, 'rehearsal-1', words)).toMatchObject({ exit: 0 });
});
