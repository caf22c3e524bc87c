import { expect, test } from 'vitest';
import { statusDaemon } from '../../../src/commands/swarm/status-daemon.ts';
import { pathsOf } from '../../../src/lib/paths.ts';
import { openDesk } from '../../helpers/desk.ts';

const paths = pathsOf({
  root: '/r',
  key: 'k',
  commonDir: '/r/.git',
  home: '/home/ada',
  data: '/data',
  worktrees: '/w',
  socket: '/run/k.sock',
});

test('the daemon tells of its process, its version, its socket and its folder', async () => {
  const desk = openDesk(statusDaemon, [{ type: 'daemon.started', data: { pid: 4711, version: '0.1.0' } }], {
    paths,
    version: '0.1.0',
    processesStarted: () => 12,
  });
  const { message, data } = await desk.say('status daemon');
  expect(message).toMatch(/^The daemon runs as process 4711, started 0s ago \(\d\d:\d\d\), at event 1\.$/u);
  expect(data).toEqual({
    running: true,
    pid: 4711,
    version: '0.1.0',
    started_at: '2026-01-01T00:00:00.000Z',
    socket: '/run/k.sock',
    state: '/r/.git/drover',
    seq: 1,
    processes_started: 12,
  });
});

test('an agent may not ask about the daemon', async () => {
  expect((await openDesk(statusDaemon).sayAs('c-1', 'status daemon')).exit).toBe(4);
});
