import { expect, test } from 'vitest';
import { isInstalled, openClaudeSwarm } from './place.ts';

const real = test.skipIf(!isInstalled('claude'));

const COMMIT = '%%bash git add -A && git commit -qm made';

real(
  '[AGT-3] the real Claude Code does a task from its brief to the verified commit without a key pressed',
  async () => {
    await using place = await openClaudeSwarm();
    await place.begin(`%%write made.txt hello ${COMMIT} %%say all done`);
    const state = await place.taskIs('done');
    expect(state.tasks['t1']!.run).toMatchObject({ summary: 'all done', result: { commits: 1, files: 1 } });
    expect(place.prompts()).toEqual([expect.stringMatching(/^Task t1: read \/.+\/task-t1\.md and do what it says\.$/)]);
    await place.shows('all done');
  },
);

real('[AGT-5] what the real Claude Code asks is answered from outside, and it goes on', async () => {
  await using place = await openClaudeSwarm();
  const { swarm } = place;
  await place.begin(`%%write made.txt hi %%bash git branch other ${COMMIT} %%say all done`);
  const state = await place.instanceIs('waiting');
  expect(state.instances['claude-1']!.question).toBe('May it use Bash: git branch other?');
  expect(state.alerts['waiting:claude-1']).toMatchObject({ text: 'claude-1 asks: May it use Bash: git branch other?' });
  expect(await swarm.say('approve claude-1')).toMatchObject({ exit: 0 });
  const after = await place.taskIs('done');
  expect(after.alerts['waiting:claude-1']).toBeUndefined();
});

real('[AGT-5] what is denied to the real Claude Code is not done, and it hears so', async () => {
  await using place = await openClaudeSwarm();
  const { swarm } = place;
  await place.begin('%%write made.txt hi %%bash git branch other %%say I gave up');
  await place.instanceIs('waiting');
  expect(await swarm.say('tell claude-1 "go on"')).toMatchObject({ exit: 6 });
  expect(await swarm.say('deny claude-1')).toMatchObject({ exit: 0 });
  const state = await place.taskIs('failed');
  expect(state.tasks['t1']!.run).toMatchObject({ summary: 'I gave up', failure: { class: 'dirty' } });
  expect(swarm.git('branch', '--list', 'other')).toBe('');
  await place.shows('Error: No, not that. Find another way');
});

real('[INS-6] the real Claude Code that was killed goes on with its conversation', async () => {
  await using place = await openClaudeSwarm();
  const { swarm } = place;
  await place.begin(`%%say first ${COMMIT}`);
  await place.taskIs('failed');
  const before = (await place.instanceIs('idle')).instances['claude-1']!;
  const claude = swarm.tmux('list-panes', '-t', '=r-claude-1:', '-F', '#{pane_pid}');
  process.kill(Number(claude), 'SIGKILL');
  await place.instanceIs('failed');
  expect(await swarm.say('restart instance claude-1')).toMatchObject({ exit: 0 });
  const after = (await place.instanceIs('idle')).instances['claude-1']!;
  expect(after).toMatchObject({ conversation: before.conversation, workspace_path: before.workspace_path });
  expect(after.pid).not.toBe(before.pid);
  expect(after.argv).toContain('--resume');
  await swarm.say('tell claude-1 "%%say still here"');
  await place.shows('● still here');
});

real('[AGT-4] an error of the model ends the run of the real Claude Code with its words', async () => {
  await using place = await openClaudeSwarm();
  await place.begin('%%error 400');
  const state = await place.taskIs('failed');
  expect(state.tasks['t1']!.run!.failure).toMatchObject({ class: 'agent', message: expect.stringContaining('400') });
});
