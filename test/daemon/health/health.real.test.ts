import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { reflectEdges } from '../../../src/daemon/health/edge-health.ts';
import type { DaemonServices } from '../../../src/daemon/services.ts';
import type { HealthReport } from '../../../src/ports/reflective.ts';
import type { Reply } from '../../../src/ports/swarm.ts';
import { openStore } from '../../../src/state/store/open.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { diskWith, systemError } from '../../state/store/disks.ts';
import { alert, BY_CLI, optionsIn } from '../../state/store/place.ts';

const PATIENCE = { timeout: 30_000, interval: 50 } as const;

let swarm: Swarm;
beforeAll(async () => {
  swarm = await openSwarm();
});
afterAll(() => swarm[Symbol.asyncDispose]());

const reportIn = ({ data }: Reply): HealthReport => (data as { health: HealthReport }).health;

/** What a part says of itself. */
const partOf = (reply: Reply, name: string) => {
  const part = reportIn(reply).services.find((one) => one.name === name);
  return part && [part.state, part.why];
};

/** Asks until a part is in this state. */
const untilPart = async (name: string, state: string): Promise<Reply> => {
  let reply = await swarm.say('status daemon health');
  await vi.waitUntil(async () => {
    reply = await swarm.say('status daemon health');
    return partOf(reply, name)?.[0] === state;
  }, PATIENCE);
  return reply;
};

test('[MON-1] every part of a daemon tells its name, how it is, what it counts and what it can', async () => {
  const reply = await swarm.say('status daemon health');
  expect(reply.exit).toBe(0);
  const { state, services } = reportIn(reply);
  expect(state).toBe('ok');
  const names = services.map(({ name }) => name);
  expect(names.toSorted()).toEqual([
    ...[
      'audit',
      'audit-watch',
      'base-watch',
      'checks',
      'conflict-radar',
      'disk-watch',
      'ended-session-watch',
      'git',
      'heart',
      'journal',
      'journal-watch',
      'ledgers',
      'limit-watch',
      'log-times',
      'machines',
      'memory-watch',
      'merge-cleaner',
      'network-watch',
      'orphan-watch',
      'pane-watch',
      'place-watch',
      'plan-watch',
      'processes',
      'reactor',
    ],
    ...[
      'record-watch',
      'ref-watch',
      'register-watch',
      'resource-meter',
      'secrets',
      'secrets-watch',
      'server',
      'settings',
      'settings-watch',
      'sharing',
      'spool',
      'tmux',
      'trash-watch',
      'usage-meter',
    ],
  ]);
  for (const { name, why, capabilities } of services) {
    expect([name, why]).toEqual([name, null]);
    expect([name, capabilities.length > 0]).toEqual([name, true]);
  }
  expect(reply.text).toMatch(/journal +✔ ok +events \d+, free mb \d+\n/);
  expect((await swarm.say('status daemon')).text).toMatch(
    /^The daemon runs as process \d+, started \d+s ago \(\d\d:\d\d\), at event /,
  );
  expect((await swarm.say('status swarm health')).message).toMatch(/All is well\.$/);
});

test('[MON-1] settings that cannot be read degrade the whole until they can', async () => {
  const file = join(swarm.root, '.drover/config.json');
  writeFileSync(file, '{ "agnet": "claude" }');
  const reply = await untilPart('settings', 'degraded');
  expect(reply).toMatchObject({ exit: 1, message: expect.stringMatching(/Not well: settings \(degraded\): .*agnet/) });
  expect(reportIn(reply).state).toBe('degraded');
  expect((await swarm.say('status swarm health')).message).toContain('Of the daemon: Not well: settings (degraded)');
  writeFileSync(file, '{ "agent": "rehearsal" }');
  expect(await untilPart('settings', 'ok')).toMatchObject({ exit: 0 });
});

test('[MON-1] a spool folder that cannot be read is told of, and is well again when it can', async () => {
  const { spool } = swarm.paths;
  rmSync(spool, { recursive: true });
  writeFileSync(spool, 'in the way');
  const reply = await untilPart('spool', 'degraded');
  expect(partOf(reply, 'spool')?.[1]).toMatch(/EEXIST|ENOTDIR/);
  rmSync(spool);
  await untilPart('spool', 'ok');
});

test('[MON-1] a tmux server that does not answer has failed, and one that is gone takes the agents with it', async () => {
  await swarm.say('launch 1 instance agent=rehearsal');
  const server = Number(swarm.tmux('display-message', '-p', '#{pid}'));
  process.kill(server, 'SIGSTOP');
  try {
    const reply = await swarm.say('status daemon health');
    expect(reply).toMatchObject({ exit: 1, message: expect.stringContaining('tmux (failed): ') });
    expect(reportIn(reply).state).toBe('failed');
  } finally {
    process.kill(server, 'SIGCONT');
  }
  await untilPart('tmux', 'ok');
  swarm.tmux('kill-server');
  const reply = await untilPart('tmux', 'degraded');
  expect(partOf(reply, 'tmux')).toEqual(['degraded', 'Without a session: rehearsal-1.']);
});

/** What the journal of a store says of itself. */
const journalOf = (services: Pick<DaemonServices, 'store' | 'paths'>) =>
  reflectEdges(services as DaemonServices).store.health();

test('[MON-1] a journal that the disk refuses has failed, with what helps', async () => {
  using folder = temporaryFolder('health');
  const refuse = async (): Promise<never> => {
    throw systemError('ENOSPC');
  };
  const options = optionsIn(folder.path, { openFile: diskWith(() => ({ append: refuse })) });
  await using store = await openStore(options);
  const services = { store, paths: options.paths };
  expect(await journalOf(services)).toMatchObject({ state: 'ok', indicators: { events: 0 } });
  await expect(store.append([alert('a')], BY_CLI)).rejects.toThrow('the disk is full');
  expect(await journalOf(services)).toMatchObject({
    state: 'failed',
    why: expect.stringMatching(/the disk is full\. Free some space, then start the daemon again\./),
  });
});
