import { expect, onTestFinished, test, vi } from 'vitest';
import { forecaster, reader } from '../../../src/cli/screen/tui-client.ts';
import { openReplica } from '../../../src/client/replica.ts';
import { openIntroductions } from '../../../src/daemon/serve/introductions.ts';
import type { Speaker } from '../../../src/daemon/serve/speaker.ts';
import type { Link } from '../../../src/ports/link.ts';
import type { Role } from '../../../src/protocol/signature.ts';
import { language, settings } from '../../fixtures/signatures.ts';
import { partOf } from '../../helpers/context.ts';
import { openSwarm } from '../../helpers/swarm.ts';

test('[SEC-1] a screen is told at once whom the daemon takes it for, and again when the settings change', async () => {
  await using swarm = await openSwarm();
  const view = { columns: 80, color: false };
  const replica = await openReplica({ paths: swarm.paths, env: swarm.env, view: () => view, actor: 'tui' });
  onTestFinished(replica.close);
  await vi.waitUntil(() => replica.identity);
  expect(replica.identity).toEqual({ name: 'tui', role: 'admin' });
  const [maySay, foretell] = [reader(replica, () => language), forecaster(replica, () => language, { settings })];
  expect([maySay()('run all ready tasks'), foretell('launch 1 instance').kind]).toEqual([true, 'ok']);
  await swarm.say('set config security.localRole=viewer');
  await vi.waitUntil(() => replica.identity?.role === 'viewer');
  expect(['run all ready tasks', 'show swarm', 'list tasks', 'resume swarm'].map(maySay())).toEqual([
    ...[false, true, true, false],
  ]);
  const { message, hint } = await replica.run('launch 1 instance');
  expect(foretell('launch 1 instance')).toEqual({ kind: 'error', message, help: hint, understood: true });
});

test('who has gone, and whoever is who they were, is told nothing', async () => {
  let role: Role = 'operator';
  const said: unknown[] = [];
  const gone = Promise.withResolvers<void>();
  let isClosed = false;
  const link = partOf<Link>({
    get isClosed() {
      return isClosed;
    },
    closed: gone.promise,
    send: (frame) => said.push(JSON.parse(frame)) > 0,
  });
  const log: string[] = [];
  const recognise = async (_speaker: Speaker, name: string) => ({ name, role, instance: null, doubt: 'Who knows.' });
  const introductions = openIntroductions(recognise, (line) => void log.push(line));
  introductions.add(link, Promise.resolve({ kind: 'person', because: 'it is a test' }), 'tui');
  await vi.waitUntil(() => said.length > 0);
  introductions.settingsChanged();
  role = 'viewer';
  introductions.settingsChanged();
  await vi.waitUntil(() => said.length > 1);
  const identity = { name: 'tui', doubt: 'Who knows.' };
  expect(said).toEqual([
    { kind: 'identity', identity: { ...identity, role: 'operator' } },
    { kind: 'identity', identity: { ...identity, role: 'viewer' } },
  ]);
  const lost = Promise.reject<Speaker>(new Error('no such process'));
  introductions.add(link, lost, 'tui');
  await vi.waitUntil(() => log.length > 0);
  expect(log).toEqual(['a client could not be told who it is: no such process']);
  isClosed = true;
  role = 'admin';
  introductions.settingsChanged();
  gone.resolve();
  await vi.waitUntil(() => log.length > 1);
  introductions.settingsChanged();
  expect(said).toHaveLength(2);
});
