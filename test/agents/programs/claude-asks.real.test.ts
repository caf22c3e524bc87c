import { expect, test } from 'vitest';
import { press } from './person.ts';
import { isInstalled, openClaudeSwarm, until } from './place.ts';

const real = test.skipIf(!isInstalled('claude'));

const COMMIT = '%%bash git add -A && git commit -qm made';

const asked = (question: string, ...labels: readonly string[]) => ({
  question,
  header: 'Choice',
  multiSelect: false,
  options: labels.map((label) => ({ label, description: label })),
});

/** The directive that makes it ask, as it stands inside of a quoted description. */
const ask = (...questions: readonly object[]): string =>
  `%%tool AskUserQuestion ${JSON.stringify({ questions }).replaceAll('"', '\\"')}`;

real('a rule allows what the real Claude Code asks, at once and without a question', async () => {
  const permissions = { allow: ['Bash(git branch:*)'] };
  await using place = await openClaudeSwarm({ permissions });
  await place.begin(`%%write made.txt hi %%bash git branch other ${COMMIT} %%say all done`);
  const state = await place.taskIs('done');
  expect(place.swarm.git('branch', '--list', 'other')).toContain('other');
  const { transitions, answers } = state.instances['claude-1']!;
  expect(transitions.filter(({ kind }) => kind === 'waiting')).toEqual([]);
  expect(answers).toEqual([
    expect.objectContaining({
      tool: 'Bash',
      subject: 'git branch other',
      decision: 'allow',
      rule: 'permissions.allow: Bash(git branch:*)',
    }),
  ]);
});

real('the policy of its mode denies what the real Claude Code asks, and it goes on with that', async () => {
  const modes = { calm: { autonomy: 'edit', permissions: { policy: 'deny' } } };
  await using place = await openClaudeSwarm({ modes });
  const { swarm } = place;
  await swarm.say(
    'create task "Make a file" id=t1 description="%%write made.txt hi %%bash git branch other %%say gave up"',
  );
  await swarm.say('run task t1 mode=calm');
  const state = await place.taskIs('failed');
  expect(state.tasks['t1']!.run).toMatchObject({ summary: 'gave up', failure: { class: 'dirty' } });
  expect(swarm.git('branch', '--list', 'other')).toBe('');
  expect(state.instances['claude-1']!.answers).toEqual([
    expect.objectContaining({ decision: 'deny', rule: 'modes.calm.permissions.policy: deny' }),
  ]);
});

real('a rule that denies holds for the real Claude Code even where it asks nothing', async () => {
  await using place = await openClaudeSwarm({ permissions: { deny: ['Edit(secret/**)'] } });
  await place.begin(`%%write secret/key.txt hi %%write made.txt hi ${COMMIT} %%say all done`);
  await place.taskIs('done');
  expect(place.swarm.git('show', '--stat', '--format=', 'feature/t1-make-a-file')).not.toContain('secret');
});

real(
  '[AGT-5] several questions of the real Claude Code are answered together, by choice and in own words',
  async () => {
    await using place = await openClaudeSwarm();
    const { swarm } = place;
    const questions = ask(asked('Which colour?', 'Red', 'Blue'), asked('Which size?', 'Big', 'Small'));
    await place.begin(`${questions} %%write made.txt hi ${COMMIT} %%say all done`);
    const state = await place.instanceIs('waiting');
    expect(state.instances['claude-1']!.question).toBe('Which colour? (Red / Blue); Which size? (Big / Small)');
    expect(await swarm.say('approve claude-1')).toMatchObject({ exit: 2 });
    const given = await swarm.say('answer claude-1 "2; something in between"');
    expect(given).toMatchObject({ exit: 0, message: 'Answered claude-1.', data: { confirmed: true } });
    await place.taskIs('done');
    await place.shows(/Which colour\? → Blue\s+· Which size\? → something in between/);
  },
);

real('what the real Claude Code asked while no daemon ran is answered by the next one', async () => {
  await using place = await openClaudeSwarm();
  const { swarm } = place;
  await place.begin(`%%bash sleep 3 %%write made.txt hi %%bash git branch other ${COMMIT} %%say all done`);
  await until(swarm, () => place.model.calls.length > 0);
  const { screen } = place;
  await swarm.close();
  await expect.poll(screen).toContain('Do you want to proceed?');
  await swarm.reopen();
  await place.instanceIs('waiting');
  expect(await swarm.say('approve claude-1')).toMatchObject({ exit: 0, data: [{ confirmed: true }] });
  await place.taskIs('done');
});

real('a person who answers the real Claude Code in its terminal comes first, and nothing waits on', async () => {
  await using place = await openClaudeSwarm();
  const { swarm } = place;
  await place.begin(`%%write made.txt hi %%bash git branch other ${COMMIT} %%say all done`);
  const state = await until(swarm, ({ instances }) => instances['claude-1']?.requests?.length === 1);
  const [request] = state.instances['claude-1']!.requests!;
  expect(request).toMatchObject({ tool: 'Bash', ask: expect.stringMatching(/\.ask$/) });
  await place.shows('Esc to cancel');
  await until(swarm, () => {
    if (place.screen().includes('Esc to cancel')) press(place, 'Enter');
    return !place.screen().includes('Esc to cancel');
  });
  const after = await place.taskIs('done');
  expect(after.instances['claude-1']!.requests ?? []).toEqual([]);
});

/** It writes a plan in its plan mode, shows it, and then wants to make a branch. */
const PLANNING =
  '%%tool EnterPlanMode {} %%plan # Careful\\n1. make a branch %%tool ExitPlanMode {} %%bash git branch other %%say carried out';

real('[AGT-5] the plan of the real Claude Code is shown, approved as it was read, and changes no mode', async () => {
  await using place = await openClaudeSwarm();
  const { swarm } = place;
  await swarm.say('launch claude');
  await swarm.say(`tell claude-1 "${PLANNING.replaceAll('\\', '\\\\')}"`);
  const asked = await until(swarm, ({ instances }) => instances['claude-1']?.requests?.[0]?.tool === 'ExitPlanMode');
  const { question, state } = asked.instances['claude-1']!;
  expect(question).toMatch(/^Shall it carry out its plan\? # Careful\W+1\. make a branch$/u);
  expect(asked.alerts['waiting:claude-1']!.text).toContain('1. make a branch');
  expect((await swarm.say('show instance claude-1')).text).toContain('  # Careful\n  1. make a branch');
  // The rows of its dialog are other modes.
  expect(await swarm.say('answer claude-1 "1"')).toMatchObject({ exit: 6 });
  expect(await swarm.say(`approve claude-1 since=${state.since}`)).toMatchObject({
    exit: 0,
    data: [{ confirmed: true }],
  });
  const next = await until(swarm, ({ instances }) => instances['claude-1']?.requests?.[0]?.tool === 'Bash');
  expect(next.instances['claude-1']!.question).toBe('May it use Bash: git branch other?');
  expect(place.screen()).not.toContain('auto mode on');
  await swarm.say('approve claude-1');
  await place.shows('carried out');
  expect(place.screen()).not.toContain('auto mode on');
});

real('[AGT-5] a plan of the real Claude Code is sent back with the words of a person', async () => {
  await using place = await openClaudeSwarm();
  const { swarm } = place;
  await swarm.say('launch claude');
  await swarm.say(`tell claude-1 "${PLANNING.replaceAll('\\', '\\\\')}"`);
  await until(swarm, ({ instances }) => instances['claude-1']?.requests?.[0]?.tool === 'ExitPlanMode');
  await swarm.say('answer claude-1 "first a test that fails"');
  await place.shows('first a test that fails');
  expect(place.screen()).not.toContain('auto mode on');
});
