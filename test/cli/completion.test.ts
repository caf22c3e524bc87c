import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { runMain } from '../helpers/io.ts';
import { openSwarm, testRepository } from '../helpers/swarm.ts';

test.each(['bash', 'zsh', 'fish'])('the completion script for %s calls back for the words', async (shell) => {
  using repository = testRepository();
  const { exit, stdout } = await runMain(['completion', shell], { cwd: repository.root, env: repository.env });
  expect([exit, stdout.includes('drover completion words --')]).toEqual([0, true]);
  if (shell === 'bash') execFileSync('bash', ['-n'], { input: stdout });
});

test('an unknown shell is refused', async () => {
  using repository = testRepository();
  const { exit, stderr } = await runMain(['completion', 'tcsh'], { cwd: repository.root, env: repository.env });
  expect([exit, stderr]).toEqual([2, expect.stringContaining('bash, zsh or fish')]);
});

test('words of the program and of the language complete, and so do the ids that exist, without a daemon', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task "One" id=alpha');
  await swarm.reopen();
  await swarm.close();
  const words = async (...line: readonly string[]) =>
    (await runMain(['completion', 'words', '--', ...line], { cwd: swarm.root, env: swarm.env })).stdout.split('\n');
  expect(await words('do')).toContain('doctor');
  expect(await words('ta')).toContain('tasks');
  expect(await words('tasks', 'show', '')).toContain('alpha');
  const outside = await runMain(['completion', 'words', '--', 'tasks', 'show', ''], { cwd: '/', env: swarm.env });
  expect(outside.stdout).not.toContain('alpha');
});
