import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { State } from '../../../src/state/index.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { instanceIs, taskIs, until } from '../stage.ts';

/** A task whose agent asks half-way, given to an agent. */
const runAsking = async (swarm: Swarm, id: string, question: string): Promise<void> => {
  await swarm.say(`create task "Ask ${id}" description="rehearse: ask '${question}'" id=${id}`);
  await swarm.say(`run task ${id}`);
};

const asks = (swarm: Swarm, id: string): Promise<State> =>
  until(swarm, (state) => state.instances[state.tasks[id]?.run?.instance ?? '']?.state.kind === 'waiting');

test('several are answered together after one question that says what each asks', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  for (const id of ['a1', 'a2']) await runAsking(swarm, id, 'Shall I go?');
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
  await vi.waitUntil(() => swarm.tmux('capture-pane', '-p', '-t', '=r-slow-1:').includes('you said y'));
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
  await vi.waitUntil(() => swarm.tmux('capture-pane', '-p', '-t', '=r-bold-1:').includes('got n'));
});

test('a question that asks for words is not answered by a yes', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await runAsking(swarm, 'a1', 'Which port?');
  await asks(swarm, 'a1');
  const refused = await swarm.propose('approve rehearsal-1');
  expect([refused.exit, refused.message]).toEqual([6, expect.stringContaining('it asks for words, and not for a yes')]);
  expect(refused.hint).toBe('Nothing was sent to rehearsal-1. To answer it: answer rehearsal-1 "…"');
  expect(await swarm.say('answer rehearsal-1 "8080"')).toMatchObject({ exit: 0 });
  await taskIs(swarm, 'a1', 'done');
});
