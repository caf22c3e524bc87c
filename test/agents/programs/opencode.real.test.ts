import { expect, test } from 'vitest';
import { isInstalled, openOpencodeSwarm } from './place.ts';

// It takes ten seconds and more to start, and a gigabyte: each start here shows several things.
const real = test.skipIf(!isInstalled('opencode'));
const LONG = 240_000;

const COMMIT = '%%bash git add -A && git commit -qm made';

real(
  '[AGT-3] the real opencode does a task to the verified commit, and does what it was allowed to from outside',
  async () => {
    await using place = await openOpencodeSwarm();
    const { swarm } = place;
    await place.begin(`%%write made.txt hello ${COMMIT} %%say all done`);
    const done = await place.taskIs('done');
    expect(done.tasks['t1']!.run).toMatchObject({ summary: 'all done', result: { commits: 1, files: 1 } });
    expect(place.prompts()).toEqual([expect.stringMatching(/^Task t1: read \/.+\/task-t1\.md and do what it says\.$/)]);
    expect(done.instances['opencode-1']!.conversation).toMatch(/^ses_/);
    await place.begin(`%%write more.txt hi %%bash git branch other ${COMMIT} %%say done again`, 't2');
    const asked = await place.instanceIs('waiting');
    expect(asked.instances['opencode-1']).toMatchObject({
      question: 'May it use Bash: git branch other?',
      state: { source: 'hook' },
    });
    expect(await swarm.say('approve opencode-1')).toMatchObject({ exit: 0 });
    const after = await place.taskIs('done', 't2');
    expect(after.alerts['waiting:opencode-1']).toBeUndefined();
    expect(swarm.git('branch', '--list', 'other')).toContain('other');
    expect(await swarm.say('stop instance opencode-1')).toMatchObject({ exit: 0 });
  },
  LONG,
);

real(
  'a question of the real opencode is answered by its choice, and a denied permission by words that it goes on with',
  async () => {
    await using place = await openOpencodeSwarm();
    const { swarm } = place;
    const options =
      '[{\\"label\\":\\"Red\\",\\"description\\":\\"r\\"},{\\"label\\":\\"Blue\\",\\"description\\":\\"b\\"}]';
    const questions = `[{\\"question\\":\\"Which colour?\\",\\"header\\":\\"Colour\\",\\"options\\":${options}}]`;
    await place.begin(
      `%%tool question {\\"questions\\":${questions}} %%bash git branch third %%write made.txt hi ${COMMIT} %%say all done`,
    );
    const asked = await place.instanceIs('waiting');
    expect(asked.instances['opencode-1']!.question).toBe('Which colour? (Red / Blue)');
    expect(await swarm.say('answer opencode-1 "blue"')).toMatchObject({ exit: 0, data: { confirmed: true } });
    await place.shows('git branch third');
    await place.instanceIs('waiting');
    await place.shows(/Which colour\?\s+┃\s+Blue/);
    expect(await swarm.say('deny opencode-1')).toMatchObject({ exit: 0, data: [{ confirmed: true }] });
    await place.taskIs('done');
    expect(swarm.git('branch', '--list', 'third')).toBe('');
  },
  LONG,
);

real(
  '[INS-6] the real opencode does not do what it was denied, and goes on with its conversation after a crash',
  async () => {
    await using place = await openOpencodeSwarm();
    const { swarm } = place;
    await place.begin('%%write made.txt hi %%bash git branch other %%say I gave up');
    await place.instanceIs('waiting');
    expect(await swarm.say('deny opencode-1')).toMatchObject({ exit: 0 });
    const state = await place.taskIs('failed');
    expect(state.tasks['t1']!.run).toMatchObject({ failure: { class: 'dirty' } });
    expect(swarm.git('branch', '--list', 'other')).toBe('');
    // It hears why, in the same turn.
    expect(state.tasks['t1']!.run).toMatchObject({ summary: 'I gave up' });
    const before = (await place.instanceIs('idle')).instances['opencode-1']!;
    place.kill();
    await place.instanceIs('failed');
    expect(await swarm.say('restart instance opencode-1')).toMatchObject({ exit: 0 });
    const after = (await place.instanceIs('idle')).instances['opencode-1']!;
    expect(after).toMatchObject({ conversation: before.conversation, workspace_path: before.workspace_path });
    expect(after.argv).toEqual(['opencode', '--session', before.conversation]);
    await swarm.say('tell opencode-1 "%%say still here"');
    await place.shows('still here');
  },
  LONG,
);
