import { expect, test } from 'vitest';
import { isInstalled, openGeminiSwarm, until } from './place.ts';

// It takes some seconds to start and is read once a second: each start here shows several things.
const real = test.skipIf(!isInstalled('gemini'));
const LONG = 120_000;

const COMMIT = '%%bash git add -A && git commit -qm made';

real(
  '[AGT-3] the real Gemini CLI does a task to the verified commit, and does what it was allowed to from outside',
  async () => {
    await using place = await openGeminiSwarm();
    const { swarm } = place;
    await place.begin(`%%write made.txt hello ${COMMIT} %%say all done`);
    const done = await place.taskIs('done');
    expect(done.tasks['t1']!.run).toMatchObject({ summary: 'all done', result: { commits: 1, files: 1 } });
    expect(place.prompts()).toEqual([expect.stringMatching(/^Task t1: read \/.+\/task-t1\.md and do what it says\.$/)]);
    expect(done.instances['gemini-1']!.conversation).toMatch(/^[0-9a-f-]{36}$/);
    await place.begin(`%%write more.txt hi %%bash git branch other ${COMMIT} %%say done again`, 't2');
    const asked = await place.instanceIs('waiting');
    expect(asked.instances['gemini-1']).toMatchObject({
      question: 'May it use Bash: git branch other?',
      state: { source: 'screen' },
    });
    expect(await swarm.say('approve gemini-1')).toMatchObject({ exit: 0 });
    const after = await place.taskIs('done', 't2');
    expect(after.alerts['waiting:gemini-1']).toBeUndefined();
    expect(swarm.git('branch', '--list', 'other')).toContain('other');
    expect(await swarm.say('stop instance gemini-1')).toMatchObject({ exit: 0 });
  },
  LONG,
);

real(
  '[INS-6] the real Gemini CLI does not do what it was denied, and goes on with its conversation after a crash',
  async () => {
    await using place = await openGeminiSwarm();
    const { swarm } = place;
    await place.begin('%%write made.txt hi %%bash git branch other %%say I gave up');
    await place.instanceIs('waiting');
    expect(await swarm.say('deny gemini-1')).toMatchObject({ exit: 0 });
    const state = await place.taskIs('failed');
    expect(state.tasks['t1']!.run).toMatchObject({ failure: { class: 'dirty' } });
    expect(swarm.git('branch', '--list', 'other')).toBe('');
    expect(place.prompts().at(-1)).toMatch(/^No, not that\./);
    const before = (await place.instanceIs('idle')).instances['gemini-1']!;
    place.kill();
    await place.instanceIs('failed');
    expect(await swarm.say('restart instance gemini-1')).toMatchObject({ exit: 0 });
    const after = (await place.instanceIs('idle')).instances['gemini-1']!;
    expect(after).toMatchObject({ conversation: before.conversation, workspace_path: before.workspace_path });
    expect(after.argv.slice(-2)).toEqual(['--resume', before.conversation]);
    await swarm.say('tell gemini-1 "%%say still here"');
    await place.shows('✦ still here');
  },
  LONG,
);

real(
  'the real Gemini CLI asks in a fresh worktree whether it is trusted, which is a question of the instance',
  async () => {
    await using place = await openGeminiSwarm({}, { trusting: false });
    const { swarm } = place;
    await swarm.say('launch gemini');
    const state = await place.instanceIs('waiting');
    expect(state.instances['gemini-1']!.question).toBe('Do you trust the files in this folder?');
    expect(state.alerts['waiting:gemini-1']).toMatchObject({ suggestion: 'approve gemini-1' });
    expect(await swarm.say('approve gemini-1')).toMatchObject({ exit: 0, data: [{ confirmed: true }] });
    // It may ask the same of the folder that its brief lies in, and it starts itself anew, which now and then fails.
    const HELP = { waiting: 'approve gemini-1', failed: 'restart instance gemini-1' } as const;
    let now = state.instances['gemini-1']!;
    while (now.state.kind !== 'idle') {
      const { since } = now.state;
      const next = await until(swarm, ({ instances }) => {
        const { kind, since: at } = instances['gemini-1']!.state;
        return at !== since && ['waiting', 'failed', 'idle'].includes(kind);
      });
      now = next.instances['gemini-1']!;
      const help = HELP[now.state.kind as keyof typeof HELP];
      if (help) expect(await swarm.say(help)).toMatchObject({ exit: 0 });
    }
  },
  LONG,
);
