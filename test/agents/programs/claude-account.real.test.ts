import { expect, test } from 'vitest';
import { isInstalled, openClaudeSwarm, until } from './place.ts';

const real = test.skipIf(!isInstalled('claude'));

real('the real Claude Code in a folder that nobody trusts waits with that question, and is answered', async () => {
  await using place = await openClaudeSwarm({}, { trusted: false });
  const preview = await place.swarm.say('preview launch 2 claude');
  expect(preview.message).toContain(
    'note: 2 agents will ask at the start whether you trust this repository. To say yes to all: approve claude-1, claude-2',
  );
  const launched = await place.swarm.say('launch claude');
  expect(launched.message).toMatch(
    /claude-1 asks before it begins: It asks whether you trust.* To say yes: approve claude-1$/u,
  );
  const state = await place.instanceIs('waiting');
  expect((await place.swarm.say('list instances')).text).toContain(
    'claude-1 asks: It asks whether you trust this folder.',
  );
  expect(state.instances['claude-1']).toMatchObject({
    state: { source: 'screen' },
    question: 'It asks whether you trust this folder. Choices: ❯ No, exit / Yes, I trust this folder',
  });
  expect(state.alerts['waiting:claude-1']).toMatchObject({ suggestion: 'approve claude-1' });
  expect(await place.swarm.say('answer claude-1 "perhaps"')).toMatchObject({ exit: 2 });
  await place.swarm.say('approve claude-1');
  const after = await place.instanceIs('idle');
  expect(after.alerts['waiting:claude-1']).toBeUndefined();
});

real('in a fresh worktree of a trusted repository the real Claude Code asks nothing', async () => {
  await using place = await openClaudeSwarm();
  expect((await place.swarm.say('preview launch 2 claude')).data).toMatchObject({ notice: null });
  await place.swarm.say('launch 2 claude instances');
  const state = await until(place.swarm, ({ instances }) =>
    ['claude-1', 'claude-2'].every((id) => instances[id]?.state.kind === 'idle'),
  );
  const kinds = Object.values(state.instances).map(({ transitions }) => transitions.map(({ kind }) => kind));
  expect(kinds).toEqual([
    ['creating', 'starting', 'idle'],
    ['creating', 'starting', 'idle'],
  ]);
});

real('the real Claude Code that is not logged in says so and gets no task', async () => {
  await using place = await openClaudeSwarm({}, { login: {} });
  await place.swarm.say('launch claude');
  const { instances, alerts } = await place.instanceIs('waiting');
  expect(instances['claude-1']).toMatchObject({
    state: { source: 'screen' },
    question: 'It needs login: attach to it and say /login.',
  });
  expect(alerts['waiting:claude-1']).toMatchObject({ suggestion: 'attach instance claude-1' });
  // It never looked as if it could work in between.
  expect(instances['claude-1']!.transitions.map(({ kind }) => kind)).toEqual(['creating', 'starting', 'waiting']);
  await place.begin('%%say hi');
  expect((await place.swarm.state()).tasks['t1']!.state).not.toBe('running');
});

real('the real Claude Code whose login is refused in the middle of a task fails it by that name', async () => {
  await using place = await openClaudeSwarm({}, { env: { CLAUDE_CODE_MAX_RETRIES: '0' } });
  await place.begin('%%error 401');
  const state = await place.taskIs('failed');
  expect(state.tasks['t1']!.run!.failure!.class).toBe('login');
  expect(state.instances['claude-1']).toMatchObject({
    state: { kind: 'waiting', evidence: 'needs login' },
    question: expect.stringMatching(/^It needs login: attach to it and say \/login\. It says: /),
  });
});

real(
  'the real Claude Code whose limit is used up keeps its run, rests until then, and is told once to go on',
  async () => {
    await using place = await openClaudeSwarm(
      { timeouts: { limit_ms: 1000 } },
      { env: { CLAUDE_CODE_MAX_RETRIES: '0' } },
    );
    await place.begin('%%error 429');
    const state = await place.instanceIs('limited');
    expect(state.tasks['t1']!.state).toBe('running');
    expect(state.alerts['limited:claude-1']!.text).toMatch(/^claude-1 goes on by itself at \d{4}-.+: rate limit: /);
    const after = await place.taskIs('failed');
    // It did nothing then, which its claim does not hide.
    expect(after.tasks['t1']!.run!.failure).toMatchObject({ class: 'no-commit' });
    expect(place.prompts().filter((prompt) => prompt === 'Go on.')).toHaveLength(1);
    expect(after.alerts['limited:claude-1']).toBeUndefined();
  },
);

real('the real Claude Code of a subscription says itself when its limit ends', async () => {
  await using place = await openClaudeSwarm({}, { login: { CLAUDE_CODE_OAUTH_TOKEN: 'none' } });
  const before = Date.now();
  await place.begin('%%limit 90');
  const { until: end, evidence } = (await place.instanceIs('limited')).instances['claude-1']!.state;
  expect(evidence).toMatch(/^rate limit: You've hit your 5-hour limit · resets \d+:\d\d[ap]m/);
  expect(Math.abs(Date.parse(end!) - before - 90 * 60_000)).toBeLessThan(3 * 60_000);
});
