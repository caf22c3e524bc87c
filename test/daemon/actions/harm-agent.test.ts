import { expect, test } from 'vitest';
import { harmAgent } from '../../../src/daemon/actions/harm-agent.ts';
import type { DaemonServices } from '../../../src/daemon/services.ts';
import type { Target } from '../../../src/ports/target.ts';
import type { Instance } from '../../../src/state/instances.ts';
import { partOf } from '../../helpers/context.ts';

const INSTANCE = partOf<Instance>({ instance_id: 'a-1', session: 'r-a-1', pid: 100, host: 'local' });

/** A machine on which these processes run, and what is done to them. */
const machine = (table: string) => {
  const done: unknown[] = [];
  const target = partOf<Target>({
    env: {},
    paths: partOf<Target['paths']>({ root: '/r', key: 'there' }),
    processes: partOf<Target['processes']>({
      run: async () => ({ code: 0, signal: null, stdout: table, stderr: '', timedOut: false, truncated: false }),
      signal: async (pids, what) => {
        done.push([what, ...pids]);
        return [];
      },
    }),
    tmux: partOf<Target['tmux']>({
      kill: async (mark) => {
        done.push(['kill', mark]);
        return [];
      },
    }),
  });
  const services = partOf<DaemonServices>({
    targetOf: () => target,
    signal: new AbortController().signal,
    paths: partOf<DaemonServices['paths']>({ key: 'here' }),
  });
  return { done, services };
};

test('[QUA-4] a crash kills what runs below the shell of the pane and nothing else, a lost session is ended by its mark', async () => {
  const table = [
    '  100     1 pts/1 S sh /d/pane.sh /d/instances/a-1/launch.sh',
    '  101   100 pts/1 S /bin/sh /d/instances/a-1/launch.sh',
    '  102   101 pts/1 S node agent',
    '  200     1 pts/2 S node other',
  ];
  const { done, services } = machine(table.join('\n'));
  await harmAgent(services, INSTANCE, 'instance-crash');
  await harmAgent(services, INSTANCE, 'session-lost');
  expect(done).toEqual([
    ['kill', 101, 102],
    ['kill', 'there/a-1'],
  ]);
});
