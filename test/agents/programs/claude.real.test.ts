import { expect, test } from 'vitest';
import type { InstanceStateName } from '../../../src/state/instances.ts';
import type { TaskStateName } from '../../../src/state/tasks.ts';
import { until } from '../../commands/stage.ts';
import type { Swarm } from '../../helpers/swarm.ts';
import { isInstalled, openClaudeSwarm } from './place.ts';

const real = test.skipIf(!isInstalled('claude'));

type Place = Awaited<ReturnType<typeof openClaudeSwarm>>;

const COMMIT = '%%bash git add -A && git commit -qm made';

// The program weighs two hundred megabytes: where it is read from the disk first, its start takes its time.
const PATIENCE = 45_000;

const taskIs = (swarm: Swarm, id: string, kind: TaskStateName) =>
  until(swarm, (state) => state.tasks[id]?.state === kind, PATIENCE);

const instanceIs = (swarm: Swarm, id: string, kind: InstanceStateName) =>
  until(swarm, (state) => state.instances[id]?.state.kind === kind, PATIENCE);

/** Hands out a task whose brief holds the script of the model. */
const begin = async ({ swarm }: Place, script: string): Promise<void> => {
  await swarm.say(`create task "Make a file" id=t1 description="${script}"`);
  await swarm.say('run task t1');
};

/** What the agent asked the model first for each prompt, in order. */
const prompts = ({ model }: Place): string[] =>
  model.calls.filter(({ kind, step }) => kind === 'main' && step === 0).map(({ prompt }) => prompt);

real(
  '[AGT-3] the real Claude Code does a task from its brief to the verified commit without a key pressed',
  async () => {
    await using place = await openClaudeSwarm();
    await begin(place, `%%write made.txt hello ${COMMIT} %%say all done`);
    const state = await taskIs(place.swarm, 't1', 'done');
    expect(state.tasks['t1']!.run).toMatchObject({ summary: 'all done', result: { commits: 1, files: 1 } });
    expect(prompts(place)).toEqual([expect.stringMatching(/^Task t1: read \/.+\/task-t1\.md and do what it says\.$/)]);
    expect(place.swarm.tmux('capture-pane', '-p', '-t', '=r-claude-1:')).toContain('all done');
  },
);

real('[AGT-5] what the real Claude Code asks is answered from outside, and it goes on', async () => {
  await using place = await openClaudeSwarm();
  const { swarm } = place;
  await begin(place, `%%write made.txt hi %%bash git branch other ${COMMIT} %%say all done`);
  const state = await instanceIs(swarm, 'claude-1', 'waiting');
  expect(state.instances['claude-1']!.question).toBe('May it use Bash: git branch other?');
  expect(state.alerts['waiting:claude-1']).toMatchObject({ text: 'claude-1 asks: May it use Bash: git branch other?' });
  expect(await swarm.say('approve claude-1')).toMatchObject({ exit: 0 });
  const after = await taskIs(swarm, 't1', 'done');
  expect(after.alerts['waiting:claude-1']).toBeUndefined();
});

real('[AGT-5] what is denied to the real Claude Code is not done, and it hears so', async () => {
  await using place = await openClaudeSwarm();
  const { swarm } = place;
  await begin(place, '%%write made.txt hi %%bash git branch other %%say I gave up');
  await instanceIs(swarm, 'claude-1', 'waiting');
  expect(await swarm.say('tell claude-1 "go on"')).toMatchObject({ exit: 6 });
  expect(await swarm.say('deny claude-1')).toMatchObject({ exit: 0 });
  const state = await taskIs(swarm, 't1', 'failed');
  expect(state.tasks['t1']!.run).toMatchObject({ summary: 'I gave up', failure: { class: 'dirty' } });
  expect(swarm.git('branch', '--list', 'other')).toBe('');
  expect(swarm.tmux('capture-pane', '-p', '-t', '=r-claude-1:')).toContain('❯ No, not that.');
});

real('[INS-6] the real Claude Code that was killed goes on with its conversation', async () => {
  await using place = await openClaudeSwarm();
  const { swarm } = place;
  await begin(place, `%%say first ${COMMIT}`);
  await taskIs(swarm, 't1', 'failed');
  const before = (await instanceIs(swarm, 'claude-1', 'idle')).instances['claude-1']!;
  const claude = swarm.tmux('list-panes', '-t', '=r-claude-1:', '-F', '#{pane_pid}');
  process.kill(Number(claude), 'SIGKILL');
  await instanceIs(swarm, 'claude-1', 'failed');
  expect(await swarm.say('restart instance claude-1')).toMatchObject({ exit: 0 });
  const after = (await instanceIs(swarm, 'claude-1', 'idle')).instances['claude-1']!;
  expect(after).toMatchObject({ conversation: before.conversation, workspace_path: before.workspace_path });
  expect(after.pid).not.toBe(before.pid);
  expect(after.argv).toContain('--resume');
  await swarm.say('tell claude-1 "%%say still here"');
  await until(swarm, () => swarm.tmux('capture-pane', '-p', '-t', '=r-claude-1:').includes('● still here'));
});

real('[AGT-4] an error of the model ends the run of the real Claude Code with its words', async () => {
  await using place = await openClaudeSwarm();
  await begin(place, '%%error 400');
  const state = await taskIs(place.swarm, 't1', 'failed');
  expect(state.tasks['t1']!.run!.failure).toMatchObject({ class: 'agent', message: expect.stringContaining('400') });
});
