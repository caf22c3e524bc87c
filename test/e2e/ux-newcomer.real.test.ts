import { expect, test } from 'vitest';
import { daemonRepository } from '../helpers/daemon.ts';
import { mergeAndLeave, openShell } from './shell.ts';

test('[QUA-10] a newcomer comes from a fresh repository to a merged task with at most 12 inputs, led by the examples', async () => {
  await using repository = daemonRepository({ settings: {}, env: { DROVER_REHEARSAL_TASK_MS: '100..200' } });
  const { root, env, git } = repository;
  git('rm', '-q', '-r', '.drover');
  git('commit', '-q', '--allow-empty', '-m', 'nothing yet');
  const person = openShell({ cwd: root, env });
  const { input, see } = person;

  await input('drover\r');
  await see('No agent yet.');
  await see('launch 3 instances agent=rehearsal');
  await input('launch 2 instances agent=rehearsal\r');
  await see('○ 2 idle');
  await see('Try: create task "…"');
  await input('\u001B[F');
  await see('❯ create task ""');
  await input('Greet people. rehearse: ask Shall I greet in English?\r');
  await see(/2 agents idle, 1 task ready .* Ctrl-G {2}run all ready tasks/u);
  await input('\u0007');
  await see('? Shall I greet in English?');
  await see('Enter answer rehearsal-1');
  await input('\r');
  await see('? rehearsal-1 asks · t');
  await input('y\r');
  await see('✔ Sent "yes" to rehearsal-1');
  await see('tasks ▰▰▰▰▰▰▰▰▰▰ 1/1');
  await see(/1 task done, to review .* Ctrl-G {2}review task t1/u);
  await mergeAndLeave(person, '2 agents keep running.');
  expect(git('log', '--merges', '--format=%s', 'drover/integration')).toContain('t1');
  expect(person.inputs()).toBeLessThanOrEqual(12);
  expect(git('status', '--porcelain')).toBe('');
}, 120_000);
