import { expect, test } from 'vitest';
import { showSession } from '../../../src/commands/sessions/show-session.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance } from '../../tasks/journal.ts';
import { sessionsPort } from './sessions-port.ts';

test('a session is shown with its windows, its size and who looks at it', async () => {
  const { message, text } = await openDesk(showSession, instance('c-1'), sessionsPort({ 'c-1': 1 })).say(
    'show session c-1',
  );
  expect(message).toBe('r-c-1 of c-1; 1 look at it.');
  expect(text).toMatch(/^windows: +agent, shell\nsize: +120×36$/m);
  expect(text).toMatch(/^client: +\/dev\/pts\/0, 90×30$/m);
});

test('a session is found by its own name as well, and one that is not there is an error', async () => {
  const desk = openDesk(showSession, instance('c-1'), sessionsPort({ ghost: 0 }));
  expect((await desk.say('show session r-ghost')).text).toContain('no record knows it, see "clean sessions"');
  expect(await desk.say('show session c-1')).toMatchObject({ exit: 3, hint: 'Known: r-ghost.' });
});
