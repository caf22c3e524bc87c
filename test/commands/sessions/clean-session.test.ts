import { expect, test } from 'vitest';
import { cleanSession } from '../../../src/commands/sessions/clean-session.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance } from '../../tasks/journal.ts';
import { sessionsPort } from './sessions-port.ts';

const orphans = {
  type: 'alert.raised',
  data: {
    id: 'orphans',
    severity: 'warning',
    text: '1 session: r-ghost',
    suggestion: null,
    instance: null,
    task: null,
  },
} as const;

test('sessions that no record knows are ended after a question, and the alert about them goes', async () => {
  const desk = openDesk(cleanSession, [...instance('c-1'), orphans], sessionsPort({ 'c-1': 0, ghost: 0 }));
  expect(await desk.propose('clean sessions')).toMatchObject({ exit: 5, message: expect.stringContaining('r-ghost') });
  expect(await desk.propose('clean sessions dry-run')).toMatchObject({
    message: 'This would end 1 session: r-ghost.',
    data: { removed: ['r-ghost'], kept: [], dry_run: true },
  });
  expect(await desk.say('clean sessions')).toMatchObject({
    message: 'Ended 1 session: r-ghost.',
    data: { removed: ['r-ghost'], kept: [], dry_run: false },
    sideEffects: ['session r-ghost ended'],
  });
  expect([desk.recorded(), desk.state.alerts]).toEqual([['alert.cleared'], {}]);
  expect((await desk.say('clean sessions')).message).toBe('No session is left over.');
});

test('the question about named sessions is about these, and no others', async () => {
  const desk = openDesk(cleanSession, [orphans], sessionsPort({ ghost: 0, other: 0 }));
  const one = await desk.propose('clean session r-ghost');
  expect(one.confirm).toMatchObject({
    targets: ['r-ghost'],
    loses:
      'This ends 1 session (r-ghost), where no record knows it; what you run there yourself goes on in a session of another name.',
  });
  expect((await desk.propose('clean sessions r-ghost, r-other older=3d')).confirm).toMatchObject({
    targets: ['r-ghost', 'r-other'],
    loses: expect.stringContaining('where no record knows them, and in which nothing happened for 3d; what you'),
  });
  expect((await desk.say('clean session r-ghost')).message).toBe('Ended 1 session: r-ghost.');
});

test('the session of an instance is never ended here', async () => {
  const desk = openDesk(cleanSession, instance('c-1'), sessionsPort({ 'c-1': 0 }));
  expect(await desk.say('clean session c-1')).toMatchObject({ exit: 6, hint: 'To end it: stop instance c-1' });
});

test('with an age only those go in which nothing happened for so long, and the others are named', async () => {
  const now = () => '2026-01-03T00:00:00.000Z';
  const desk = openDesk(cleanSession, [...instance('c-1'), orphans], { ...sessionsPort({ ghost: 0 }), now });
  expect(await desk.propose('clean sessions older=3d')).toMatchObject({
    exit: 5,
    message: expect.stringContaining('and in which nothing happened for 3d'),
  });
  expect(await desk.say('clean sessions older=3d')).toMatchObject({
    message: 'Ended 0 sessions. This one stays, as something happened there since: r-ghost.',
    data: { removed: [], kept: ['r-ghost'] },
  });
  expect(await desk.say('clean sessions older=1d dry-run')).toMatchObject({
    data: { removed: ['r-ghost'], kept: [], dry_run: true },
  });
  expect((await desk.say('clean sessions older=1d')).message).toBe('Ended 1 session: r-ghost.');
  expect((await desk.say('clean sessions older=soon')).exit).toBe(2);
});
