import { expect, test } from 'vitest';
import { readPsLineage } from '../../src/process/lineage.ts';

test('what ps prints is read as far as it tells something', () => {
  const printed = [
    '    1     0     0 ??       Sat Nov 21 03:24:27 2026 /sbin/launchd',
    '  412     1   501 ttys003  Sun Nov  1 09:00:05 2026 /bin/zsh -l',
    'nothing of the kind',
  ].join('\n');
  const unknown = { session: 0, env: {}, cwd: '', cgroup: '', isApart: false };
  expect(readPsLineage(printed)).toEqual([
    {
      ...unknown,
      pid: 1,
      parent: 0,
      user: 0,
      tty: '',
      startedAt: new Date(2026, 10, 21, 3, 24, 27).getTime(),
      argv: ['/sbin/launchd'],
    },
    {
      ...unknown,
      pid: 412,
      parent: 1,
      user: 501,
      tty: 'ttys003',
      startedAt: new Date(2026, 10, 1, 9, 0, 5).getTime(),
      argv: ['/bin/zsh', '-l'],
    },
  ]);
});
