import { expect, test } from 'vitest';
import { detachSession } from '../../../src/commands/sessions/detach-session.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance } from '../../tasks/journal.ts';
import { sessionsPort } from './sessions-port.ts';

test('everybody who looks at a session is sent away', async () => {
  const desk = openDesk(detachSession, instance('c-1'), sessionsPort({ 'c-1': 2, ghost: 1 }));
  expect(await desk.say('detach session c-1')).toMatchObject({
    message: 'Detached 2 clients from c-1.',
    data: [{ session: 'r-c-1', instance: 'c-1', detached: 2 }],
    sideEffects: ['2 detached from r-c-1'],
  });
  expect((await desk.say('detach all sessions')).message).toBe('Detached 1 client from c-1, r-ghost.');
  expect((await desk.say('detach session c-1')).message).toBe('Nobody is attached to c-1.');
});

test('a session that is not there is an error', async () => {
  expect((await openDesk(detachSession, [], sessionsPort({})).say('detach session c-1')).exit).toBe(3);
});
