import { expect, test } from 'vitest';
import { detachInstance } from '../../../src/commands/sessions/detach-instance.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance } from '../../tasks/journal.ts';
import { sessionsPort } from './sessions-port.ts';

test('everybody who looks at the session of an instance is sent away', async () => {
  const desk = openDesk(
    detachInstance,
    [...instance('c-1'), ...instance('c-2', 'stopped')],
    sessionsPort({ 'c-1': 1, ghost: 1 }),
  );
  expect((await desk.say('detach c-1')).message).toBe('Detached 1 client from c-1.');
  // Whoever has no session is passed over, and what belongs to no instance is not meant.
  expect((await desk.say('detach all instances')).data).toEqual([{ session: 'r-c-1', instance: 'c-1', detached: 0 }]);
});

test('an instance that is named and has no session is refused, and one that is not there is an error', async () => {
  const desk = openDesk(detachInstance, instance('c-2', 'stopped'), sessionsPort({}));
  expect(await desk.say('detach c-2')).toMatchObject({ exit: 6, hint: 'First say: restart instance c-2' });
  expect((await desk.say('detach c-9')).exit).toBe(3);
});
