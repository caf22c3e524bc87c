import { expect, test } from 'vitest';
import { listSession } from '../../../src/commands/sessions/list-session.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance } from '../../tasks/journal.ts';
import { sessionsPort } from './sessions-port.ts';

test('sessions are listed with whose they are, and those that no record knows are told apart', async () => {
  const desk = openDesk(listSession, instance('c-1'), sessionsPort({ 'c-1': 2, ghost: 0 }));
  const { message, data, text } = await desk.say('list sessions');
  expect(message).toBe('2 sessions, 1 of no instance.');
  expect(data).toMatchObject([
    { session: 'r-c-1', instance: 'c-1', orphan: false, clients: [{}, {}] },
    { session: 'r-ghost', instance: null, orphan: true },
  ]);
  expect(text).toMatch(/^r-c-1 +c-1 +2 +agent shell +120×36/m);
  expect((await desk.say('list stale sessions')).data).toMatchObject([{ session: 'r-ghost' }]);
});

test('a session that is not there is an error that names those that are', async () => {
  const desk = openDesk(listSession, instance('c-1'), sessionsPort({ 'c-1': 0 }));
  expect(await desk.say('list sessions c-9')).toMatchObject({ exit: 3, message: 'There is no session "c-9".' });
});
