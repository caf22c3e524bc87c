import { expect, test } from 'vitest';
import { attachSession } from '../../../src/commands/sessions/attach-session.ts';
import { personOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance } from '../../tasks/journal.ts';
import { sessionsPort } from './sessions-port.ts';

test('a session is handed over by the command that attaches to it, to look only where that is said', async () => {
  const desk = openDesk(attachSession, instance('c-1'), sessionsPort({ 'c-1': 0 }));
  expect(await desk.say('attach session c-1')).toMatchObject({
    message: 'tmux attach -t =r-c-1',
    data: { instance: 'c-1', session: 'r-c-1', socket: null, read_only: false },
  });
  expect((await desk.say('attach session r-c-1 read-only')).message).toBe('tmux attach -r -t =r-c-1');
});

test('a viewer may only look, and a session that is not there is an error', async () => {
  const looking = openDesk(attachSession, instance('c-1'), {
    ...sessionsPort({ 'c-1': 0 }),
    actor: personOf('eve', 'viewer'),
  });
  expect(await looking.say('attach session c-1')).toMatchObject({
    exit: 4,
    hint: 'It takes the role operator, or "read-only" behind it.',
  });
  expect((await looking.say('attach session c-1 read-only')).exit).toBe(0);
  expect((await looking.say('attach session c-2 read-only')).exit).toBe(3);
});
