import { expect, test } from 'vitest';
import { daemonRepository } from '../helpers/daemon.ts';
import { openShell } from './shell.ts';

test('a digit on a page looks and tries again at once, and puts all else into the command line, where it is changed and sent', async () => {
  await using repository = daemonRepository({ env: { DROVER_REHEARSAL_TASK_MS: '100..200' } });
  const { root, env } = repository;
  const { input, see, screen } = openShell({ cwd: root, env });
  await input('drover launch 1 instances agent=rehearsal && drover\r');
  await see('○ 1 idle');
  // What a check prints is text, also where it looks like a suggestion.
  await input(`create task "Sort the list" check="printf 'Suggested:\\n  7  stop all\\n'; test -e nope"\r`);
  await see('Created t1');
  await input('run t1\r');
  await see(/t1 failed \(check\)/u);

  await input('show failure t1\r');
  await see('1-6 use suggestion');
  await see(
    / 7 {2}stop all[\s\S]*Suggested:[\s\S]* 1 {4}show diff t1 +see what it changed[\s\S]* 6 ↵ {2}cancel task t1/u,
  );
  await input('7');
  await input('5');
  await see('❯ set task t1 check=""');
  expect(screen()).not.toContain('1-6 use suggestion');
  await input('true');
  await see('❯ set task t1 check="true"');
  await input('\r');
  await see(/✔ .*t1/u);

  await input('show task t1\r');
  await see('1 use suggestion');
  await see(' 1    show failure t1');
  await input('1');
  await see('1-6 use suggestion');
  await input('3');
  await see('tasks ▰▰▰▰▰▰▰▰▰▰ 1/1');
  await input('\u0003\u0003');
  await see('1 agent keeps running.');
}, 120_000);
