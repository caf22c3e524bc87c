import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { daemonRepository } from '../helpers/daemon.ts';
import { runMain } from '../helpers/io.ts';
import { mergeAndLeave, openShell } from './shell.ts';

/** A project as people have one: with tests of its own, and nothing of Drover's. */
const PROJECT = {
  'package.json': '{ "name": "greeter", "type": "module", "scripts": { "test": "node --test" } }\n',
  'greet.js': "export const greet = (name) => 'Hello ' + name;\n",
  'greet.test.js': [
    "import { equal } from 'node:assert';",
    "import { test } from 'node:test';",
    "import { greet } from './greet.js';",
    "test('greets by name', () => equal(greet('Ada'), 'Hello Ada'));",
    '',
  ].join('\n'),
};

test('[QUA-10] a newcomer with a project of their own follows what is proposed, from init to a task that its own tests verified and that is merged', async () => {
  await using repository = daemonRepository({ settings: {}, env: { DROVER_REHEARSAL_TASK_MS: '100..200' } });
  const { root, env, git } = repository;
  git('rm', '-q', '-r', '.drover');
  for (const [file, text] of Object.entries(PROJECT)) writeFileSync(join(root, file), text);
  git('add', '-A');
  git('commit', '-q', '-m', 'A project');
  const person = openShell({ cwd: root, env });
  const { input, see } = person;

  await input('drover init --agent rehearsal\r');
  await see('only when "npm test" (from package.json) succeeds in its worktree? [yes]');
  await input('\r');
  await see('check  npm test (from package.json): must succeed before a task counts as done');
  await input('drover\r');
  await see('No agent yet.');
  await see('create task "…"');
  await input('\u001B[F');
  await see('❯ create task ""');
  await input('Greet people in French\r');
  await see('1 task ready, no agent is here.');
  await see(/launch 1 instance +Ctrl-G ↵/u);
  await input('\u0007');
  await see('❯ launch 1 instance');
  await input('\r');
  await see(/1 agent idle, 1 task ready .* Ctrl-G {2}run all ready tasks/u);
  await input('\u0007');
  await see('tasks ▰▰▰▰▰▰▰▰▰▰ 1/1');
  await mergeAndLeave(person, '1 agent keeps running.');
  expect(person.inputs()).toBeLessThanOrEqual(12);
  expect(git('log', '--merges', '--format=%s', 'drover/integration')).toContain('t1');
  const { stdout } = await runMain(['tasks', 'show', 't1', '--json'], { cwd: root, env });
  expect(JSON.parse(stdout)).toMatchObject({ run: { result: { check_ms: expect.toSatisfy((ms: number) => ms > 0) } } });
});
