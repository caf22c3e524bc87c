import { expect, test } from 'vitest';
import { isInstalled, openCodexSwarm, until } from './place.ts';

const real = test.skipIf(!isInstalled('codex'));

const COMMIT = '%%bash git add -A && git commit -qm made';

real('[AGT-3] the real Codex does a task from its brief to the verified commit without a key pressed', async () => {
  await using place = await openCodexSwarm();
  await place.begin(`%%write made.txt hello ${COMMIT} %%say all done`);
  const state = await place.taskIs('done');
  expect(state.tasks['t1']!.run).toMatchObject({ summary: 'all done', result: { commits: 1, files: 1 } });
  expect(place.prompts()).toEqual([expect.stringMatching(/^Task t1: read \/.+\/task-t1\.md and do what it says\.$/)]);
  expect(state.instances['codex-1']!.conversation).toMatch(/^[0-9a-f-]{36}$/);
});

real('[AGT-5] what the real Codex asks is answered from outside, and it goes on', async () => {
  await using place = await openCodexSwarm();
  const { swarm } = place;
  await place.begin(`%%write made.txt hi %%esc git branch other ${COMMIT} %%say all done`);
  const state = await place.instanceIs('waiting');
  expect(state.instances['codex-1']).toMatchObject({
    question: 'May it use Bash: git branch other?',
    state: { source: 'hook' },
  });
  expect(await swarm.say('approve codex-1')).toMatchObject({ exit: 0 });
  const after = await place.taskIs('done');
  expect(after.alerts['waiting:codex-1']).toBeUndefined();
  expect(swarm.git('branch', '--list', 'other')).toContain('other');
});

real('[AGT-5] what is denied to the real Codex is not done, and it hears so', async () => {
  await using place = await openCodexSwarm();
  const { swarm } = place;
  await place.begin('%%write made.txt hi %%esc git branch other %%say I gave up');
  await place.instanceIs('waiting');
  expect(await swarm.say('deny codex-1')).toMatchObject({ exit: 0 });
  const state = await place.taskIs('failed');
  expect(state.tasks['t1']!.run).toMatchObject({ failure: { class: 'dirty' } });
  expect(swarm.git('branch', '--list', 'other')).toBe('');
  expect(place.prompts().at(-1)).toMatch(/^No, not that\./);
});

real('[INS-6] the real Codex that was killed has failed, and goes on with its conversation', async () => {
  await using place = await openCodexSwarm();
  const { swarm } = place;
  await place.begin(`%%say first ${COMMIT}`);
  await place.taskIs('failed');
  const before = (await place.instanceIs('idle')).instances['codex-1']!;
  place.kill();
  await place.instanceIs('failed');
  expect(await swarm.say('restart instance codex-1')).toMatchObject({ exit: 0 });
  const after = (await place.instanceIs('idle')).instances['codex-1']!;
  expect(after).toMatchObject({ conversation: before.conversation, workspace_path: before.workspace_path });
  expect(after.argv).toEqual(expect.arrayContaining(['resume', before.conversation]));
  await swarm.say('tell codex-1 "%%say still here"');
  await place.shows('• still here');
});

real('[AGT-4] an error of the model ends the run of the real Codex with its words', async () => {
  await using place = await openCodexSwarm();
  await place.begin('%%error 400');
  const state = await place.taskIs('failed');
  expect(state.tasks['t1']!.run!.failure).toEqual({ class: 'agent', message: 'scripted error 400' });
});

real('the real Codex asks once whether a repository is trusted, and its work begins with the answer', async () => {
  await using place = await openCodexSwarm({ trusted: false });
  const { swarm } = place;
  await swarm.say('launch codex');
  const state = await place.instanceIs('waiting');
  expect(state.instances['codex-1']!.question).toBe(`Trust this folder? ${swarm.root}`);
  expect(await swarm.say('approve codex-1')).toMatchObject({ exit: 0 });
  const ready = await place.instanceIs('idle');
  expect(ready.alerts['waiting:codex-1']).toBeUndefined();
  await until(swarm, () => place.screen().includes('Ask Codex to do anything'));
});

real('what the real Codex works on can be taken from it, and it is free', async () => {
  await using place = await openCodexSwarm();
  await place.begin('%%slow 100 200 %%say too late');
  await place.shows('word3');
  expect(await place.swarm.say('cancel task t1')).toMatchObject({ exit: 0 });
  const { state, transitions } = (await place.instanceIs('idle')).instances['codex-1']!;
  expect([state.source, transitions.map(({ kind }) => kind)]).toEqual([
    'hook',
    expect.not.arrayContaining(['verifying']),
  ]);
  await place.shows('Conversation interrupted');
});

real('the real Codex leaves when it is asked to', async () => {
  await using place = await openCodexSwarm();
  await place.swarm.say('launch codex');
  await place.instanceIs('idle');
  expect(await place.swarm.say('stop instance codex-1')).toMatchObject({ exit: 0 });
  expect((await place.instanceIs('stopped')).instances['codex-1']!.exit).toBeDefined();
});
