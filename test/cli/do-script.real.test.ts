import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runMain } from '../helpers/io.ts';
import { openSwarm } from '../helpers/swarm.ts';

test('several commands are said at once, as lines of the text or of a file, as the command line of the screen takes them', async () => {
  await using swarm = await openSwarm();
  const run = (...argv: readonly string[]) => runMain(argv, { cwd: swarm.root, env: swarm.env });
  // Words in quotes may go over several lines.
  const lines = ['# a plan', 'create task "One" id=t1', 'create task "Two" id=t2 deps=t1 description="a;', 'b"'];
  expect(await run('do', lines.join('\n'))).toMatchObject({ exit: 0, stdout: expect.stringMatching(/t1[\s\S]*t2/u) });
  writeFileSync(join(swarm.root, 'more.txt'), 'create task "Three" id=t3\ncreate tsak\ncreate task "Four" id=t4\n');
  expect(await run('do', '--file=more.txt')).toMatchObject({
    exit: 2,
    stderr: expect.stringMatching(/line 2: .*tsak/u),
  });
  expect((await run('do', '--stop', '--file', 'more.txt')).exit).not.toBe(0);
  const { tasks } = await swarm.state();
  expect([Object.keys(tasks), tasks['t2']!.description]).toEqual([['t1', 't2', 't3', 't4'], 'a;\nb']);
  // A text with a line that is no command is refused as a whole, as in the screen.
  expect(await run('do', 'create task "Five" id=t5\ncreate tsak')).toMatchObject({
    exit: 2,
    stderr: expect.stringMatching(/create tsak: .*\n.*Nothing was run/u),
  });
  expect(Object.keys((await swarm.state()).tasks)).not.toContain('t5');
  const missing = await run('do', '--file=none.txt');
  expect([missing.exit, missing.stderr]).toEqual([
    3,
    expect.stringContaining('The script none.txt cannot be read: it is not there.'),
  ]);
  for (const [from, to] of [
    ['loop.txt', 'back.txt'],
    ['back.txt', 'loop.txt'],
  ] as const)
    symlinkSync(to, join(swarm.root, from));
  const circle = await run('do', '--file', 'loop.txt');
  expect([circle.exit, circle.stderr]).toEqual([
    3,
    expect.stringContaining('The script loop.txt cannot be read: its links lead in a circle.'),
  ]);
});

test('the timeline is asked for by its name alone', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=t1');
  await swarm.say('run task t1 wait');
  const { exit, stdout } = await runMain(['timeline'], { cwd: swarm.root, env: swarm.env });
  expect([exit, stdout]).toEqual([0, expect.stringMatching(/rehearsal-1 +worked +t1 +One +★/u)]);
});
