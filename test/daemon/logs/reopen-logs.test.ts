import { expect, test } from 'vitest';
import { makeLogReopener } from '../../../src/daemon/logs/reopen-logs.ts';
import type { PaneInfo } from '../../../src/ports/index.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated } from '../../state/story.ts';

const stage = () => {
  const told: string[] = [];
  const opened: string[] = [];
  const state = stateOf(
    ...['claude-1', 'claude-2'].flatMap((id, n) => [
      instanceCreated(id),
      { type: 'instance.started', data: { instance_id: id, session: id, pane: `%${n}`, pid: 1 } } as const,
    ]),
  );
  const services = servicesWith({ store: { state }, log: (line: string) => void told.push(line) });
  const { home } = servicesOn({
    paths: { key: 'k', logs: '/logs' },
    tmux: {
      checkpoint: async (pane: string, folder: string) => {
        opened.push(`${pane} ${folder}`);
        if (pane === '%0') throw new Error('no such pane');
      },
    },
  });
  const clock = { now: 0 };
  const reopen = makeLogReopener(services, home, () => clock.now);
  const pane = (n: number, more: Partial<PaneInfo> = {}): PaneInfo => ({
    ...{ session: `claude-${n + 1}`, droverId: `k/claude-${n + 1}`, pane: `%${n}`, pid: 1, dead: false },
    ...{ exitCode: null, exitSignal: null, cols: 80, rows: 24, title: '', attached: 0, server: '' },
    ...{ isLogged: false, ...more },
  });
  return { clock, told, opened, reopen, pane };
};

test('the log of a living pane that nobody writes is opened at once, and at most every thirty seconds', async () => {
  const { clock, told, opened, reopen, pane } = stage();
  await reopen([pane(0, { isLogged: true }), pane(1, { dead: true })]);
  expect(opened).toEqual([]);
  await reopen([pane(1)]);
  expect(opened).toEqual(['%1 /logs/claude-2']);
  expect(told).toEqual([expect.stringContaining('claude-2')]);
  clock.now = 29_000;
  await reopen([pane(1)]);
  expect(opened).toHaveLength(1);
  clock.now = 30_000;
  await reopen([pane(1)]);
  expect(opened).toHaveLength(2);
});

test('one that cannot be opened holds up no other, and is told of', async () => {
  const { told, opened, reopen, pane } = stage();
  await reopen([pane(0), pane(1)]);
  expect(opened.map((one) => one.slice(0, 2))).toEqual(['%0', '%1']);
  expect(told).toContain('the log of claude-1 cannot be written: no such pane');
});
