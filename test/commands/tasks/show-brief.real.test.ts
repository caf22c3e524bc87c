import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, hangs, instanceNamed, runOf, sayAs, taskIs, until } from '../stage.ts';

test('the brief tells the agent words that really report its task done', async () => {
  await using swarm = await openSwarm();
  await swarm.say(hang('h1'));
  const brief = (await swarm.say('show brief h1')).message;
  const words = /say that you are done: `drover (?<words>[^`]+)`/.exec(brief)!.groups!['words']!;
  await swarm.say('run task h1');
  await hangs(swarm, 'h1');
  expect(await sayAs(swarm, 'rehearsal-1', words)).toMatchObject({ exit: 0 });
});

test('[REC-4] the brief of work that goes on from an earlier attempt is the one that its agent was given', async () => {
  await using swarm = await openSwarm();
  const briefOf = async () => (await swarm.say('show brief h1')).message;
  await swarm.say(hang('h1'));
  await swarm.say('run task h1');
  await hangs(swarm, 'h1');
  writeFileSync(join((await instanceNamed(swarm)).workspace_path, 'half.txt'), 'half\n');
  const first = (await runOf(swarm, 'h1')).branch;
  await swarm.say('stop instance rehearsal-1');
  await taskIs(swarm, 'h1', 'open');
  await swarm.say('launch 1 instance');
  // Nobody has looked at the work yet.
  expect(await briefOf()).toContain(`rehearsal-1 was at this task before, on branch \`${first}\`.`);
  await swarm.say('run task h1');
  await until(swarm, ({ tasks }) => tasks['h1']!.run?.instance === 'rehearsal-2' && tasks['h1']!.run.progress === 10);
  const given = readFileSync(`${swarm.paths.instances}/rehearsal-2/task-h1.md`, 'utf8');
  expect(given).toContain('- half.txt +1 -0');
  expect((await briefOf()).trim()).toBe(given.trim());
  const { data } = await swarm.say('history task h1');
  expect(data).toMatchObject([
    {},
    { approach: expect.stringMatching(/, which begins with the commits of attempt 1$/) },
  ]);
});
