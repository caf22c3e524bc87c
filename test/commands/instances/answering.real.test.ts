import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { State } from '../../../src/state/index.ts';
import { runMain } from '../../helpers/io.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { instanceIs, sayAs, taskIs, until } from '../stage.ts';

/** A task whose agent asks half-way, given to an agent. */
const runAsking = async (swarm: Swarm, id: string, question: string): Promise<void> => {
  await swarm.say(`create task "Ask ${id}" description="rehearse: ask '${question}'" id=${id}`);
  await swarm.say(`run task ${id}`);
};

const askerOf = (state: State, id: string): string => state.tasks[id]!.run!.instance;

const asks = (swarm: Swarm, id: string): Promise<State> =>
  until(swarm, (state) => state.instances[state.tasks[id]?.run?.instance ?? '']?.state.kind === 'waiting');

/** What the agent wrote down of the answers it got. */
const written = (state: State, id: string): string => {
  const { workspace_path } = state.instances[askerOf(state, id)]!;
  return readFileSync(join(workspace_path, `rehearsal/${id}.md`), 'utf8');
};

test('[AGT-5] an agent that asks waits with an alert, and goes on with the answer, with a yes or with a no', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  const drover = (...argv: string[]) => runMain(argv, { cwd: swarm.root, env: swarm.env });
  const cases: [string, string[], string, RegExp][] = [
    ['a1', ['do', 'answer rehearsal-1 "port 8080"'], 'port 8080', /^Answered rehearsal-1\.$/m],
    ['a2', ['instances', 'approve', 'rehearsal-1'], 'yes', /^Approved what rehearsal-1 asked: .*go on\?$/m],
    ['a3', ['do', 'refuse rehearsal-1'], 'no', /^Denied what rehearsal-1 asked: .*go on\?$/m],
  ];
  for (const [id, argv, answer, said] of cases) {
    await runAsking(swarm, id, 'Shall I go on?');
    const { alerts, instances } = await asks(swarm, id);
    expect(instances['rehearsal-1']).toMatchObject({ question: expect.stringContaining('Shall I go on?') });
    expect(alerts['waiting:rehearsal-1']).toMatchObject({ severity: 'warning', instance: 'rehearsal-1' });
    expect(await swarm.say('answer rehearsal-1 "  "')).toMatchObject({ exit: 2 });
    const reply = await drover(...argv);
    expect([reply.exit, reply.stdout]).toEqual([0, expect.stringMatching(said)]);
    const after = await taskIs(swarm, id, 'done');
    expect(after.alerts).toEqual({});
    expect(written(after, id)).toContain(`- answer: ${answer}\n`);
    await instanceIs(swarm, 'rehearsal-1', 'idle');
  }
});

test('only who waits is answered, and nothing is typed into anybody else', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  const before = await swarm.state();
  for (const text of ['approve rehearsal-1', 'deny rehearsal-1', 'answer rehearsal-1 "yes"'])
    expect([text, await swarm.say(text)]).toMatchObject([
      text,
      { exit: 6, message: 'rehearsal-1 is idle; it asks nothing.', data: { code: 'command/wrong-state' } },
    ]);
  expect((await swarm.say('approve all instances')).exit).toBe(3);
  expect((await swarm.say('approve nope-1')).exit).toBe(3);
  expect((await sayAs(swarm, 'rehearsal-1', 'approve rehearsal-1')).exit).toBe(4);
  expect((await swarm.state()).instances).toEqual(before.instances);
  expect((await swarm.say('show log rehearsal-1')).text).not.toContain('yes');
});

test('several are answered together after one question that says what each asks', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  for (const id of ['a1', 'a2']) await runAsking(swarm, id, 'Go?');
  for (const id of ['a1', 'a2']) await asks(swarm, id);
  const asked = await swarm.propose('approve all waiting instances');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('This answers yes to 2 agents.')]);
  expect(asked.message).toContain('rehearsal-2 asks: ');
  const done = await swarm.say('approve all waiting instances');
  expect(done.data).toMatchObject([{ answer: 'yes', confirmed: true }, { answer: 'yes' }]);
  expect(done.sideEffects).toHaveLength(2);
  for (const id of ['a1', 'a2']) await taskIs(swarm, id, 'done');
});

// It looks for its answer in a file, so that it does not go on before the test says so.
const SLOW = `
  echo ready
  printf 'Shall I begin? [y/N] '
  read -r answer
  until test -e "$HOME/go"; do sleep 0.05; done
  echo "you said $answer"
  read -r more
  echo "and $more"
  read -r last`;

test('a question is answered once, whoever repeats the answer before the agent goes on', async () => {
  const slow = { command: ['sh', '-c', SLOW], ready: '^ready', question: '^Shall I begin\\? \\[y/N\\]$' };
  await using swarm = await openSwarm({ settings: { agent: 'slow', agents: { slow } } });
  await swarm.say('launch 1 instance');
  await instanceIs(swarm, 'slow-1', 'waiting');
  const [first, second] = [await swarm.say('approve slow-1'), await swarm.say('answer slow-1 "no"')];
  expect(first.exit).toBe(0);
  // The look of the next second may find that it is not asked any more.
  expect([second.exit, second.message]).toEqual([6, expect.stringMatching(/answered already|asks nothing/)]);
  writeFileSync(join(swarm.env['HOME']!, 'go'), '');
  await vi.waitUntil(() => swarm.tmux('capture-pane', '-p', '-t', '=r-slow-1:').includes('you said y'), {
    timeout: 20_000,
  });
  expect(swarm.tmux('capture-pane', '-p', '-t', '=r-slow-1:')).not.toContain('and no');
});

test('what an agent in beast mode still asks for is approved after a question only, and denied without', async () => {
  const bold = {
    command: ['sh', '-c', `printf 'Push to main? [y/N] '; read -r answer; echo "got $answer"; read -r last`],
    question: '^Push to main\\? \\[y/N\\]$',
  };
  const settings = { agent: 'bold', agents: { bold }, modes: { beast: { enabled: true } } };
  await using swarm = await openSwarm({ settings });
  expect(await swarm.say('launch 1 instance in beast mode')).toMatchObject({ exit: 0 });
  await instanceIs(swarm, 'bold-1', 'waiting');
  const asked = await swarm.propose('approve bold-1');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('bold-1 runs in mode beast')]);
  expect(asked.message).toContain('Push to main?');
  expect((await swarm.propose('deny bold-1')).exit).toBe(0);
  await vi.waitUntil(() => swarm.tmux('capture-pane', '-p', '-t', '=r-bold-1:').includes('got n'), { timeout: 20_000 });
});
