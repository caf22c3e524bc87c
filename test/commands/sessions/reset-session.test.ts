import { expect, test } from 'vitest';
import { resetSession } from '../../../src/commands/sessions/reset-session.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance } from '../../tasks/journal.ts';
import { sessionsPort } from './sessions-port.ts';

test('windows that are missing are opened again, and then all are there', async () => {
  const desk = openDesk(resetSession, instance('c-1'), sessionsPort({ 'c-1': 0 }));
  expect(await desk.say('reset session c-1')).toMatchObject({
    message: 'Opened 1 window of c-1: log.',
    data: [{ instance: 'c-1', session: 'r-c-1', opened: ['log'] }],
    sideEffects: ['window log of r-c-1'],
  });
  expect((await desk.say('reset all sessions')).message).toBe('All windows of c-1 are there.');
});

test('an instance without a session is refused, and one that is not there is an error', async () => {
  const desk = openDesk(resetSession, instance('c-1', 'stopped'), sessionsPort({}));
  expect(await desk.say('reset session c-1')).toMatchObject({
    exit: 6,
    message: 'c-1 is stopped; it has no tmux session.',
  });
  expect((await desk.say('reset session c-2')).exit).toBe(3);
});
