import { expect, test } from 'vitest';
import { daemonRepository } from '../helpers/daemon.ts';
import { openShell } from './shell.ts';

test('[QUA-10] a day’s work, from opening the view over assigning, answering and merging to coming back, takes at most 12 inputs', async () => {
  await using repository = daemonRepository({ env: { DROVER_REHEARSAL_TASK_MS: '100..200' } });
  const { root, env, git } = repository;
  const person = openShell({ cwd: root, env });
  const { input, see } = person;
  await input('drover launch 2 instances && drover\r');
  await see('○ 2 idle');

  await input('create task "Sort the list. rehearse: ask Which order?"\r');
  await see('Created t1');
  await input('assign t1 to rehearsal-2\r');
  await see('rehearsal-2 gets t1');
  await input('run t1\r');
  await see('? Which order?');
  await see(/\? rehearsal-2 asks: Which order\?.* Ctrl-G /);
  await input('\u0007');
  await see('? rehearsal-2 asks');
  await input('ascending\r');
  await see('✔ Sent "ascending" to rehearsal-2');
  await see('tasks ▰▰▰▰▰▰▰▰▰▰ 1/1');
  await input('merge completed branches\r');
  await see(/✔ .*1 branch.*merged|✔ .*[Mm]erged 1 branch/);
  expect(git('log', '--merges', '--format=%s', 'drover/integration')).toContain('t1');
  await input('\u001B');
  await see('q leave');
  await input('q');
  await see('2 agents keep running.');

  await input('drover\r');
  await see('○ 2 idle');
  await see('tasks ▰▰▰▰▰▰▰▰▰▰ 1/1');
  await input('\u0003\u0003');
  await see(/2 agents keep running\..*\s+me@home>/);
  expect(person.inputs()).toBeLessThanOrEqual(12);
}, 120_000);
