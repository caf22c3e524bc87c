import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asResult } from '../../src/cli/print.ts';
import { ask } from '../../src/client/request.ts';
import { understand } from '../../src/commands/dispatch.ts';
import { commands } from '../../src/commands/index.ts';
import { actionResultSchema } from '../../src/protocol/action.ts';
import { language } from '../fixtures/signatures.ts';
import { openSwarm } from '../helpers/swarm.ts';
import { hang, hangs, history } from './stage.ts';

const view = { columns: 80, color: false };

test('[PRT-4] an unknown target is refused with 3 and the known ids, and no event is written', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  const before = await history(swarm);
  const reply = await swarm.say('stop instance nope-9');
  expect([reply.exit, reply.message, reply.hint]).toEqual([
    3,
    'There is no instance "nope-9".',
    'Known: rehearsal-1, rehearsal-2.',
  ]);
  expect((await swarm.say('stop instance rehearsal-3')).hint).toContain('Did you mean rehearsal-');
  expect((await swarm.say('rnu task abc')).exit).toBe(2);
  expect(await history(swarm)).toEqual(before);
});

test('[PRT-6] every answer is an ActionResult, and one to "scale up" lists worktree, branch and session', async () => {
  await using swarm = await openSwarm();
  const reply = await swarm.say('scale up instances 1');
  expect(actionResultSchema.parse(asResult(reply))).toMatchObject({ success: true });
  expect(reply.sideEffects).toEqual([
    `worktree ${swarm.paths.worktrees}/rehearsal-1`,
    'branch drover/rehearsal-1',
    'session r-rehearsal-1',
  ]);
  expect(reply.message).toMatch(/^Instances 0 → 1: 1 new one \(rehearsal-1 \(\w+\)\)\.$/);
  for (const command of commands.filter((one) => one.reads)) {
    const result = asResult(await swarm.say(command.example));
    expect([command.example, actionResultSchema.safeParse(result).success]).toEqual([command.example, true]);
    expect(result.message).not.toBe('');
  }
});

test('[PRT-8] the communication log has request and result under one correlation id, in order', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', modes: { beast: { enabled: true } } } });
  await swarm.say('create task "Abc" id=abc');
  const reply = await swarm.say('run task abc beast mode');
  expect(reply.exit).toBe(0);
  const bad = await swarm.say('stop instance nope-9');
  const good = await swarm.say('list tasks');
  await swarm.close();
  const lines = readFileSync(swarm.paths.communicationLog, 'utf8').split('\n');
  const about = (correlation: string) =>
    lines.filter((line) => line.split(' ')[2] === correlation).map((line) => line.split(' ').slice(3).join(' '));
  expect(about(reply.correlation)).toEqual(['→ run task abc beast mode', `← ok: ${reply.message}`]);
  expect(about(bad.correlation)).toEqual(['→ stop instance nope-9', `← exit 3: ${bad.message}`]);
  expect(about(good.correlation)).toEqual(['→ list tasks', '← ok: 1 task.']);
  expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT\S+Z cli c-[0-9a-f]{8}-[0-9a-f]{4} → /);
});

test('[PRT-9] the same command means the same as a text and as the words of a shell', () => {
  const texts = fc.constantFrom(
    ...commands.map((command) => command.example),
    'halt all active processes',
    'list failed jobs',
  );
  fc.assert(
    fc.property(texts, (text) => {
      // What a shell makes of it: words without their quotes.
      const words = text.match(/(?:[^\s"]|"[^"]*")+/gu)!.map((word) => word.replaceAll('"', ''));
      const typed = understand(language, { text });
      const shell = understand(language, { argv: words.length === 1 ? [text] : words });
      expect(shell.meaning).toEqual(typed.meaning);
      expect(understand(language, { text: typed.said }).meaning).toEqual(typed.meaning);
    }),
  );
});

test('[PRT-9] a command leaves the same record whichever way it is said', async () => {
  await using swarm = await openSwarm();
  const before = (await history(swarm)).length;
  await ask(swarm.paths, swarm.env, { text: 'please create the task "One"', actor: 'tui', view });
  await ask(swarm.paths, swarm.env, { argv: ['tasks', 'create', '--text', 'One'], actor: 'cli', view });
  await ask(swarm.paths, swarm.env, { argv: ['create task "One"'], actor: 'cli', view });
  const { tasks, swarm: known } = await swarm.state();
  expect((await history(swarm)).slice(before)).toEqual(
    Array.from({ length: 3 }, () => ['task.created', 'command.finished']).flat(),
  );
  expect(known.commands.slice(-3).map(({ text, verb, noun, exit }) => ({ text, verb, noun, exit }))).toEqual(
    Array.from({ length: 3 }, () => ({ text: 'create task "One"', verb: 'create', noun: 'task', exit: 0 })),
  );
  expect(Object.values(tasks).map((task) => task.title)).toEqual(['One', 'One', 'One']);
});

test('[CLI-5] a command that destroys asks first with a token, records nothing, and is carried out with it', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  const before = await history(swarm);
  const asked = await swarm.propose('stop all instances');
  expect([asked.exit, asked.message, asked.hint]).toEqual([
    5,
    'This stops 2 instances (rehearsal-1, rehearsal-2): none of them is at work; work in progress is committed.',
    'Repeat it with --yes to confirm.',
  ]);
  expect(asked.confirm).toMatchObject({ targets: ['rehearsal-1', 'rehearsal-2'], loses: asked.message });
  const other = { text: 'remove all instances', confirm: asked.confirm!.token, actor: 'cli', view };
  expect((await ask(swarm.paths, swarm.env, other)).exit).toBe(5);
  expect(await history(swarm)).toEqual(before);
  await swarm.say('launch 1 instance');
  const late = { text: 'stop all instances', confirm: asked.confirm!.token, actor: 'cli', view };
  const again = await ask(swarm.paths, swarm.env, late);
  expect([again.exit, again.confirm?.targets.length]).toEqual([5, 3]);
  const done = await ask(swarm.paths, swarm.env, { ...late, confirm: again.confirm!.token });
  expect([done.exit, done.message]).toEqual([0, 'Stopped 3 instances: rehearsal-1, rehearsal-2, rehearsal-3.']);
});

test('[CLI-5] every question says what is lost and how many', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  for (const id of ['h1', 'h2']) await swarm.say(hang(id));
  await swarm.say('run tasks h1, h2');
  await hangs(swarm, 'h1');
  await hangs(swarm, 'h2');
  const questions: [string, RegExp][] = [
    ['stop swarm', /2 instances .*2 task runs end unfinished \(h1, h2\)/],
    ['kill all instances', /2 instances .*uncommitted files stay/],
    ['scale instances 0', /2 instances .*2 task runs/],
    ['scale instances 0 force', /uncommitted files stay/],
    ['restart all instances', /2 instances again .*2 runs in progress are interrupted/],
    ['remove all instances', /2 instances .*stays in the trash/],
    ['stop all tasks', /2 tasks \(h1, h2\)/],
    ['reassign all tasks to rehearsal-1', /1 run \(/],
    ['tell all instances "hi"', /2 agents/],
  ];
  const before = await history(swarm);
  for (const [text, question] of questions) {
    const reply = await swarm.propose(text);
    expect([text, reply.exit, reply.message]).toEqual([text, 5, expect.stringMatching(question)]);
  }
  // Nobody is asked about what is refused then.
  expect(await swarm.propose('remove all tasks')).toMatchObject({
    exit: 6,
    message: 'h1 is running; it cannot be removed.',
  });
  expect(await history(swarm)).toEqual(before);
});

test('a request that is repeated with its id is answered again and not done twice', async () => {
  await using swarm = await openSwarm();
  const { askOver } = await import('../../src/client/request.ts');
  const { connectOrStart } = await import('../../src/client/start.ts');
  const frame = { v: 1, kind: 'run', id: 'same', text: 'create task One', actor: 'cli', view } as const;
  for (const _attempt of [1, 2]) {
    const connection = await connectOrStart(swarm.paths, swarm.env);
    expect(await askOver(connection, frame)).toMatchObject({ exit: 0, message: 'Created t1: One.' });
    connection.close();
  }
  expect(Object.keys((await swarm.state()).tasks)).toEqual(['t1']);
});
