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

test('[WEB-4] a request may ask for less than the role of its speaker, and never for more', async () => {
  const person: Speaker = { kind: 'person', because: 'x' };
  const roleOf = async (speaker: Speaker, role: RunFrame['role'] & string) =>
    (await actorOf(services, speaker, { ...frame, actor: 'web:tablet', role })).role;
  expect(await Promise.all((['viewer', 'operator', 'admin'] as const).map((role) => roleOf(person, role)))).toEqual([
    ...['viewer', 'operator', 'admin'],
  ]);
  expect(await roleOf(unknown, 'admin')).toBe('viewer');
  const agent: Speaker = { kind: 'instance', id: 'claude-1', because: 'x' };
  expect(await actorOf(services, agent, { ...frame, actor: 'web:tablet', role: 'admin' })).toEqual({
    ...{ name: 'claude-1', role: 'agent', instance: 'claude-1' },
  });
  expect(observedName(person, { actor: 'web:tablet' })).toBe('web:tablet');
  expect(observedName(person, { actor: 'web:Tab let' })).toBe('cli');
});

test('a person who has let themselves do less hears what that is, and how it is taken back; who asked for less does not', async () => {
  const less = servicesWith({ settings: settingsSchema.parse({ security: { localRole: 'operator' } }) });
  const person: Speaker = { kind: 'person', because: 'x' };
  const way = expect.stringMatching(/^security\.localRole is operator here; .* DROVER_SECURITY_LOCAL_ROLE=admin /u);
  expect(await actorOf(less, person, frame)).toEqual({ name: 'tui', role: 'operator', instance: null, doubt: way });
  expect(await actorOf(less, person, { ...frame, role: 'viewer' })).toEqual({
    name: 'tui',
    role: 'viewer',
    instance: null,
  });
  // What to do comes first: where there is little room, the end is cut.
  const doubt = expect.stringMatching(/^Say it in a terminal .*: nobody can tell whether a person says it here, for /u);
  expect(await actorOf(less, unknown, frame)).toMatchObject({ doubt });
});
