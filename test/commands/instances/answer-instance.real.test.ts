import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { State } from '../../../src/state/index.ts';
import { whileBusy } from '../../helpers/busy.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { runMain } from '../../helpers/io.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { instanceIs, QUICK, sayAs, taskIs, until } from '../stage.ts';

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

test('[AGT-5] a question is known within two seconds of the line that led to it', async () => {
  using folder = temporaryFolder('asked');
  const file = join(folder.path, 'input');
  await using swarm = await openSwarm({ env: { ...QUICK, DROVER_REHEARSAL_INPUT_LOG: file } });
  await swarm.say('launch 1 instance');
  const took: number[] = [];
  for (const id of ['a1', 'a2', 'a3']) {
    await runAsking(swarm, id, 'Shall I go on?');
    const { instances } = await asks(swarm, id);
    // The line is noted when the agent has read it, which is before it asks.
    took.push(Date.parse(instances['rehearsal-1']!.state.since) - statSync(file).mtimeMs);
    await swarm.say('approve rehearsal-1');
    await taskIs(swarm, id, 'done');
    await instanceIs(swarm, 'rehearsal-1', 'idle');
  }
  expect(took.toSorted((a, b) => a - b)[1]).toBeLessThanOrEqual(whileBusy(2000));
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

test('a question of an agent is answered by its words', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task "Ask" description="rehearse: ask Which database?" id=q1');
  await swarm.say('run task q1');
  await instanceIs(swarm, 'rehearsal-1', 'waiting');
  expect((await swarm.say('status swarm')).message).toMatch(/needs? you: /);
  const reply = await swarm.say('answer rehearsal-1 "sqlite"');
  const answered = { instance: 'rehearsal-1', question: 'Which database?', answer: 'sqlite', confirmed: true };
  expect([reply.exit, reply.data]).toEqual([0, answered]);
  await taskIs(swarm, 'q1', 'done');
  expect((await swarm.say('answer rehearsal-1, rehearsal-2 "yes"')).exit).toBe(2);
});

test('[AGT-5] of two answers at once one is given, and the other is refused without reaching the agent', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await runAsking(swarm, 'a1', 'Shall I go on?');
  const { instances } = await asks(swarm, 'a1');
  const { since } = instances['rehearsal-1']!.state;
  const late = await swarm.say('approve rehearsal-1 since=2020-01-01T00:00:00.000Z');
  expect([late.exit, late.message]).toEqual([
    6,
    expect.stringContaining('it was answered already, and asks something else'),
  ]);
  const said = await Promise.all(['approve', 'deny'].map((verb) => swarm.say(`${verb} rehearsal-1 since=${since}`)));
  const exits = said.map(({ exit }) => exit);
  expect(exits.toSorted()).toEqual([0, 6]);
  expect(said[exits.indexOf(6)]!.message).toContain('it was answered already');
  const after = await taskIs(swarm, 'a1', 'done');
  expect(written(after, 'a1')).toContain(`- answer: ${exits[0] === 0 ? 'yes' : 'no'}\n`);
});
