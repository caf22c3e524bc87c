import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { until } from '../until.ts';

const COMMIT = 'git -c user.name=e -c user.email=e@example.invalid commit -q -m "by echo"';
/** One of its own for each task: two that change the same file are told of. */
const FILE = '"$(git symbolic-ref --short HEAD | tr / -)"';
// Gets the prompt as its argument; the words of the task are in the brief that the prompt names.
const ONCE = `
  brief=$(printf '%s' "$1" | sed 's/.*: read //; s/ and do what it says.$//')
  echo "working on $1"
  if grep -q FAIL "$brief"; then echo cannot; exit 3; fi
  if grep -q DIE "$brief"; then kill -9 $$; fi
  echo "$1" > ${FILE} && git add ${FILE} && ${COMMIT}`;

test('an agent that gets its prompt as an argument claims by its exit, fails by it, and takes the next task', async () => {
  const settings = {
    agent: 'echo',
    agents: { echo: { command: ['sh', '-c', ONCE, 'sh', '{prompt}'], prompt: 'argument' } },
    recovery: { tries: 0 },
    timeouts: { stop_ms: 60_000 },
  };
  await using swarm = await openSwarm({ settings });
  for (const [id, title] of [
    ['t1', 'Work'],
    ['t2', 'FAIL'],
    ['t3', 'DIE'],
    ['t4', 'More work'],
  ])
    await swarm.say(`create task "${title}" id=${id}`);
  const reply = await swarm.say('run tasks t1, t2, t3, t4 wait=true');
  expect(reply.message).toMatch(
    /^t2, t3 did not get done\. t2 failed \(agent\): the program of echo-1 ended with 3\. t3 failed \(crash\): .*SIGKILL/u,
  );
  const { tasks, instances, alerts } = await until(swarm, (state) => state.instances['echo-1']!.state.kind === 'idle');
  expect(tasks['t1']!.run).toMatchObject({ instance: 'echo-1', attempt: 1, result: { commits: 1 } });
  expect(tasks['t2']!.run!.failure).toEqual({ class: 'agent', message: 'the program of echo-1 ended with 3' });
  expect(tasks['t3']!.run!.failure).toMatchObject({ class: 'crash', message: expect.stringContaining('SIGKILL') });
  expect(tasks['t4']!.run).toMatchObject({ instance: 'echo-1', attempt: 1, failure: null });
  expect(Object.keys(instances)).toEqual(['echo-1']);
  expect(Object.keys(alerts).toSorted()).toEqual(['failed:t2', 'failed:t3']);
  await expect.poll(async () => (await swarm.say('show log echo-1')).text).toContain('cannot');
  // What it leaves behind between two tasks is nothing that has to be waited for.
  const stopped = await swarm.say('stop instance echo-1');
  expect([stopped.exit, stopped.elapsedMs < 30_000]).toEqual([0, true]);
});

test('[REC-3] an agent with its prompt as an argument that is killed is started again where it was, then its task moves on', async () => {
  // Killed once after it left something behind; the second time it goes on from there.
  const again = `test -e half.txt || { echo half > half.txt; kill -9 $$; }; ${ONCE}`;
  const settings = {
    agent: 'echo',
    agents: { echo: { command: ['sh', '-c', again, 'sh', '{prompt}'], prompt: 'argument' } },
    recovery: { tries: 2, backoff_ms: 20 },
  };
  await using swarm = await openSwarm({ settings });
  await swarm.say('launch 1 instance');
  await swarm.say('create task "Work" id=t1');
  await swarm.say('run task t1');
  const { tasks, instances } = await until(swarm, (state) => ['done', 'failed'].includes(state.tasks['t1']!.state));
  // What it left behind is there still, as in the worktree of any agent that goes on.
  expect(tasks['t1']).toMatchObject({
    attempts: 1,
    run: { instance: 'echo-1', restarts: 1, failure: { class: 'dirty' } },
  });
  expect(readFileSync(`${instances['echo-1']!.workspace_path}/half.txt`, 'utf8')).toBe('half\n');
  expect(readFileSync(`${swarm.paths.instances}/echo-1/task-t1.md`, 'utf8')).toContain('## Going on');
  await swarm.say('create task "DIE" id=t2');
  await swarm.say('launch 1 instance');
  await swarm.say('run task t2');
  const after = await until(swarm, (state) => state.tasks['t2']!.run?.instance === 'echo-2');
  expect(after.tasks['t2']!.history).toMatchObject([{ instance: 'echo-1', restarts: 1, failure: { class: 'crash' } }]);
});

test('[AGT-9] an agent commits as whom its person says in the environment, and is told of where nobody says that', async () => {
  const command = ['sh', '-c', 'echo x > out.txt; git add out.txt; git commit -q -m x; exit 0', 'sh', '{prompt}'];
  const settings = { agent: 'plain', agents: { plain: { command, prompt: 'argument' } } };
  const runIn = async (env: Record<string, string>) => {
    await using swarm = await openSwarm({ settings, env });
    for (const key of ['user.name', 'user.email']) swarm.git('config', '--unset', key);
    // Else git may make an address up from the name of the machine.
    swarm.git('config', 'user.useConfigOnly', 'true');
    await swarm.say('create task "Work" id=t1');
    await swarm.say('run task t1 wait=true');
    const { run } = (await swarm.state()).tasks['t1']!;
    const author = run!.result === null ? null : swarm.git('log', '-1', '--format=%an <%ae>', run!.branch);
    return { failure: run!.failure, author };
  };
  const by = (who: string) => ({ [`GIT_${who}_NAME`]: 'Grace', [`GIT_${who}_EMAIL`]: 'grace@example.invalid' });
  expect(await runIn({ ...by('AUTHOR'), ...by('COMMITTER') })).toEqual({
    failure: null,
    author: 'Grace <grace@example.invalid>',
  });
  expect((await runIn({})).failure).toEqual({
    class: 'dirty',
    message: expect.stringMatching(
      /^uncommitted: out\.txt; git knows no name and address for its commits, which it has of user\.name/u,
    ),
  });
});

test('an agent between two tasks that is told to leave does so at once, and its prompt survives a restart of the daemon', async () => {
  const flag = 'go';
  const wait = `until test -e ../../../../../${flag}; do sleep 0.05; done; ${ONCE}`;
  const settings = {
    agent: 'echo',
    agents: { echo: { command: ['sh', '-c', wait, 'sh'], prompt: 'argument' } },
    timeouts: { stop_ms: 60_000 },
  };
  await using swarm = await openSwarm({ settings });
  await swarm.say('launch 2 instances');
  const waiting = await swarm.say('stop instance echo-2');
  expect([waiting.exit, waiting.elapsedMs < 30_000]).toEqual([0, true]);
  await swarm.say('create task "Work" id=t1');
  await swarm.say('run task t1');
  await until(
    swarm,
    ({ instances }) =>
      instances['echo-1']!.state.evidence === 'its program runs' && instances['echo-1']!.state.kind === 'working',
  );
  const pids = swarm.tmux('list-panes', '-a', '-F', '#{pane_pid}');
  await swarm.reopen();
  expect(swarm.tmux('list-panes', '-a', '-F', '#{pane_pid}')).toBe(pids);
  const { instances } = await swarm.state();
  writeFileSync(join(instances['echo-1']!.workspace_path, `../../../../../${flag}`), '');
  const { tasks } = await until(swarm, (state) => state.tasks['t1']!.state === 'done');
  expect(tasks['t1']!.attempts).toBe(1);
});

// A typed agent that only its screen tells of: it asks, works, and shows a line when it has finished.
const TYPED = `
  echo "typist is ready"
  while read -r line; do
    printf 'Shall I begin? '
    read -r answer
    echo "you said $answer"
    sleep 0.3
    echo "$line" >> ${FILE}; git add ${FILE}; ${COMMIT}
    echo "ALL FINISHED"
  done`;

test('an agent that is known by its screen alone is asked, answered and verified, task after task', async () => {
  const typist = {
    command: ['sh', '-c', TYPED],
    ready: '^typist is ready',
    idle: '^ALL FINISHED$',
    question: '^Shall I begin\\? $|^Shall I begin\\?$',
  };
  await using swarm = await openSwarm({ settings: { agent: 'typist', agents: { typist } } });
  for (const id of ['t1', 't2']) {
    await swarm.say(`create task "Type ${id}" id=${id}`);
    await swarm.say(`run task ${id}`);
    const asked = await until(swarm, ({ instances }) => instances['typist-1']?.state.kind === 'waiting');
    expect(asked.instances['typist-1']).toMatchObject({ question: 'Shall I begin?', state: { source: 'screen' } });
    expect(asked.alerts['waiting:typist-1']?.suggestion).toBe('answer typist-1 "yes"');
    expect((await swarm.say('answer typist-1 "yes"')).exit).toBe(0);
    const state = await until(swarm, ({ tasks }) => ['done', 'failed'].includes(tasks[id]!.state));
    expect(state.tasks[id]).toMatchObject({ state: 'done', run: { attempt: 1, result: { commits: 1 } } });
    expect(state.alerts).toEqual({});
  }
});
