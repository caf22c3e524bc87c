import { expect, test } from 'vitest';
import { actorOf, observedName } from '../../../src/daemon/serve/actor.ts';
import { PEERLESS, type Speaker } from '../../../src/daemon/serve/speaker.ts';
import type { RunFrame } from '../../../src/protocol/frame.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { servicesWith } from '../../helpers/services.ts';

const services = servicesWith({ settings: settingsSchema.parse({}) });
const frame = { actor: 'tui' } as RunFrame;
const unknown: Speaker = { kind: 'unknown', because: 'x', suspect: 'claude-1', peerless: false };

test('where the system says of nobody who connects, people keep their role', async () => {
  expect(await actorOf(services, PEERLESS, frame)).toEqual({ name: 'tui', role: 'admin', instance: null });
});

test('[SEC-11] one of whom it cannot be told, where it could be, may look only, under the name that it points to', async () => {
  expect(await actorOf(services, unknown, frame)).toMatchObject({ name: 'claude-1', role: 'viewer', instance: null });
  expect(observedName({ ...unknown, suspect: null }, frame)).toBe('unknown');
});
