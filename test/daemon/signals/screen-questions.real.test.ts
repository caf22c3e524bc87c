import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { writeTrusted } from '../../helpers/trust.ts';
import { until } from '../until.ts';

/** One of its own for each task: two that change the same file are told of. */
const FILE = '"$(git symbolic-ref --short HEAD | tr / -)"';
const COMMIT = 'git add -A && git -c user.name=e -c user.email=e@example.invalid commit -q -m "by robot"';
const ASKED = 'May accents be dropped? [y/n]';

/** Starts the task of that id, and waits until its agent asks. */
const askedBy = async (swarm: Swarm, id: string) => {
  await swarm.say(`create task "Drop accents ${id}" id=${id}`);
  await swarm.say(`run task ${id}`);
  return until(swarm, ({ instances }) => instances['robot-1']?.state.kind === 'waiting');
};

const hasEnded = (swarm: Swarm, id: string) =>
  until(swarm, ({ tasks, instances }) => tasks[id]?.state === 'done' && instances['robot-1']!.state.kind === 'idle');

test('a question that was answered is over, though its line still stands on the screen of the program that has ended', async () => {
  const once = `printf '${ASKED} '; read -r answer; echo "$answer $1" > ${FILE}; ${COMMIT}`;
  const robot = { command: ['sh', '-c', once, 'sh'], prompt: 'argument', question: '\\[y/n\\]' };
  await using swarm = await openSwarm({ settings: { agent: 'robot', agents: { robot } } });
  for (const id of ['t1', 't2']) {
    expect((await askedBy(swarm, id)).instances['robot-1']!.question).toBe(ASKED);
    expect(await swarm.say('answer robot-1 "yes"')).toMatchObject({
      exit: 0,
      message: expect.not.stringContaining('still asks'),
    });
    expect((await hasEnded(swarm, id)).alerts).toEqual({});
  }
  // What ended without an answer asks nothing either.
  await askedBy(swarm, 't3');
  swarm.tmux('send-keys', '-t', (await swarm.state()).instances['robot-1']!.pane!, 'C-c');
  const left = await until(swarm, ({ tasks }) => tasks['t3']!.state === 'failed');
  expect([left.instances['robot-1']!.state.kind, Object.keys(left.alerts)]).toEqual(['idle', ['failed:t3']]);
});

test('a typed agent asks nothing with the line of a question that was answered, and takes the next task', async () => {
  const typed = `
    printf 'robot> '
    while read -r line; do
      printf '${ASKED} '
      read -r answer
      echo "$answer $line" >> ${FILE}; ${COMMIT}
      printf 'done\nrobot> '
    done`;
  const robot = { command: ['sh', '-c', typed], ready: '^robot>', idle: '^done', question: '\\[y/n\\]' };
  await using swarm = await openSwarm({ settings: { agent: 'robot', agents: { robot } } });
  for (const id of ['t1', 't2']) {
    await askedBy(swarm, id);
    expect(await swarm.say('answer robot-1 "yes"')).toMatchObject({ exit: 0 });
    expect((await hasEnded(swarm, id)).alerts).toEqual({});
  }
});

test('an agent whose task was verified asks nothing with a line of before, nor where another pattern reads its screen', async () => {
  const typed = `read -r line; echo "$line" > ${FILE}; ${COMMIT}; printf '${ASKED} '; read -r answer`;
  const robot = { command: ['sh', '-c', typed], question: '\\[y/n\\].*' };
  await using swarm = await openSwarm({ settings: { agent: 'robot', agents: { robot } } });
  await askedBy(swarm, 't1');
  // Somebody says that it is done, and the line stays as it was.
  await swarm.say('report result "done" id=t1');
  expect((await hasEnded(swarm, 't1')).alerts).toEqual({});
  const { pane } = (await swarm.state()).instances['robot-1']!;
  swarm.tmux('send-keys', '-t', pane!, '-l', ' no');
  const asked = await until(swarm, ({ instances }) => instances['robot-1']!.state.kind === 'waiting');
  expect(asked.instances['robot-1']!.question).toBe(`${ASKED} no`);
  const settings = { agent: 'robot', agents: { robot: { ...robot, question: '\\[y/n\\]' } } };
  writeTrusted(join(swarm.root, '.drover/config.json'), swarm.env, settings);
  const judged = await until(swarm, ({ instances }) => instances['robot-1']!.state.kind === 'idle');
  expect(judged.alerts).toEqual({});
});

test('an answer that a pattern takes for a part of the question is none, while the program works without a word', async () => {
  const go = 'go';
  const typed = `
    read -r line
    printf '${ASKED} '
    read -r answer
    until test -e ../../../../../${go}; do sleep 0.05; done
    echo "$answer $line" > ${FILE}; ${COMMIT}; echo 'done'; read -r line`;
  const robot = { command: ['sh', '-c', typed], idle: '^done', question: '^.*\\[y/n\\].*$' };
  await using swarm = await openSwarm({ settings: { agent: 'robot', agents: { robot } } });
  await askedBy(swarm, 't1');
  expect(await swarm.say('answer robot-1 "yes"')).toMatchObject({
    exit: 0,
    message: expect.not.stringContaining('still asks'),
  });
  const { instances, alerts } = await swarm.state();
  expect([instances['robot-1']!.state.kind, alerts]).toEqual(['working', {}]);
  writeFileSync(join(instances['robot-1']!.workspace_path, `../../../../../${go}`), '');
  expect((await hasEnded(swarm, 't1')).alerts).toEqual({});
});

test('a pattern that would be tried for ever on a screen holds nobody up: it is told once, and the others go on', async () => {
  const typed = `
    printf 'robot> '
    while read -r line; do
      echo ${'a'.repeat(40)}!
      printf '${ASKED} '
      read -r answer
      echo "$answer $line" >> ${FILE}; ${COMMIT}
      printf 'done\nrobot> '
    done`;
  const robot = { command: ['sh', '-c', typed], ready: '^robot>', idle: '^(a+)+$|^done', question: '\\[y/n\\]' };
  await using swarm = await openSwarm({ settings: { agent: 'robot', agents: { robot } } });
  await askedBy(swarm, 't1');
  expect(await swarm.say('answer robot-1 "yes"')).toMatchObject({ exit: 0 });
  const { alerts } = await until(swarm, (state) => state.alerts['pattern:robot.idle'] !== undefined);
  expect(alerts['pattern:robot.idle']!.text).toContain('"agents.robot.idle"');
  expect(await swarm.say('show config agents.robot.idle')).toMatchObject({ exit: 0 });
});
