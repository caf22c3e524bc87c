import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { runMain, testIo } from '../../helpers/io.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';

let swarm: Swarm;
beforeAll(async () => {
  swarm = await openSwarm();
});
afterAll(() => swarm[Symbol.asyncDispose]());

test('what agents take is watched as it changes, although nothing happens in the swarm', async () => {
  const { text, printed, io } = testIo({ cwd: swarm.root, env: swarm.env });
  await swarm.say('launch 1 instance');
  const ended = main(['watch', 'instances', 'top', '--jsonl'], io);
  // Each look has its own time.
  await printed(/"at"(?:.|\n)*\n.*"at"/);
  process.emit('SIGTERM', 'SIGTERM');
  expect(await ended).toBe(0);
  const [first, second] = text.stdout
    .split('\n')
    .filter((line) => line.includes('"at"'))
    .map((line) => (JSON.parse(line) as { instance_id: string; at: string }[])[0]!);
  expect(first!.instance_id).toBe('rehearsal-1');
  expect(Date.parse(second!.at)).toBeGreaterThan(Date.parse(first!.at));
});

test('the words of the shell and of the prompt show the same', async () => {
  const options = { cwd: swarm.root, env: swarm.env };
  for (const argv of [['top'], ['instances', 'top'], ['top', 'instance', 'rehearsal-1'], ['do', 'top all instances']]) {
    const { exit, stdout } = await runMain(argv, options);
    expect([exit, stdout]).toEqual([0, expect.stringMatching(/^INSTANCE +CPU.*\nrehearsal-1 /u)]);
  }
  const { exit, stderr } = await runMain(['top', 'instance', 'rehearsal-9'], options);
  expect([exit, stderr]).toEqual([3, expect.stringContaining('rehearsal-9')]);
});
