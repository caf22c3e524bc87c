import { expect, test } from 'vitest';
import { press, stateIs, type, went } from './person.ts';
import { isInstalled, openClaudeSwarm, until } from './place.ts';

const real = test.skipIf(!isInstalled('claude'));

const COMMIT = '%%bash git add -A && git commit -qm made';

real('while the real Claude Code tries a call again it is at work, and it is seen why', async () => {
  await using place = await openClaudeSwarm();
  await place.begin(`%%error 429 3 %%write made.txt hi ${COMMIT} %%say all done`);
  await stateIs(place, 'working', /^retrying: .*attempt \d+\/\d+/);
  await place.taskIs('done');
});

real('the real Claude Code that left something in the background has not finished', async () => {
  await using place = await openClaudeSwarm();
  await place.begin(
    `%%tool Bash {\\"command\\":\\"git log -1; sleep 4\\",\\"run_in_background\\":true} %%write made.txt hi ${COMMIT} %%say started`,
  );
  await stateIs(place, 'working', /^in the background: /);
  const state = await place.taskIs('done');
  // The end of the background work gave it another turn, whose end is the claim.
  expect(state.tasks['t1']!.run).toMatchObject({ summary: 'done.' });
  expect((await went(place)).filter((one) => one.startsWith('idle'))).toHaveLength(2);
});

real('what a sub-agent of the real Claude Code does belongs to the run, and its end claims nothing', async () => {
  await using place = await openClaudeSwarm();
  await place.begin(`%%task @@bash git log -1 @@say sub ready %%write made.txt hi ${COMMIT} %%say handed on`);
  const state = await place.taskIs('done');
  expect(state.tasks['t1']!.run!.summary).not.toContain('sub ready');
  expect((await went(place)).filter((one) => one.startsWith('idle'))).toHaveLength(2);
});

real('the real Claude Code that a person has summarise its conversation is at work until that is done', async () => {
  await using place = await openClaudeSwarm();
  await place.swarm.say('launch claude');
  await place.instanceIs('idle');
  await place.swarm.say('tell claude-1 "%%say hi"');
  await place.shows('● hi');
  await stateIs(place, 'idle', /^its turn ended$/);
  type(place, '/compact');
  await place.shows('❯\u00a0/compact');
  press(place, 'Enter');
  await place.shows('Compacted');
  await place.instanceIs('idle');
  expect((await place.swarm.state()).alerts).toEqual({});
});

real(
  'what the real Claude Code is told arrives word for word, once, however long and whatever it begins with',
  async () => {
    await using place = await openClaudeSwarm();
    await place.swarm.say('launch claude');
    await place.instanceIs('idle');
    const long = `first ${'and a very long line '.repeat(100)}to its end`;
    for (const text of [long, '/exit', '!touch made.txt']) await place.swarm.say(`tell claude-1 "${text}"`);
    const said = () =>
      place.model.calls.flatMap((call) => (call.kind === 'main' ? call.said : [])).map((one) => one.trim());
    await until(place.swarm, () => said().length >= 3);
    expect(said()).toEqual([long, 'Message: /exit', 'Message: !touch made.txt']);
  },
);
