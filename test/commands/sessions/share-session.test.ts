import { expect, test } from 'vitest';
import { shareSession } from '../../../src/commands/sessions/share-session.ts';
import type { Context } from '../../../src/commands/define.ts';
import { personOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance } from '../../tasks/journal.ts';
import { sessionsPort } from './sessions-port.ts';

const UIDS: Readonly<Record<string, number>> = { bob: 1001, ada: 1000, nobody: 65_534 };

/** A machine with two users, ada being the owner. */
const sharing = (parts: Partial<Context['sharing']> = {}): Pick<Context, 'sharing'> => ({
  sharing: {
    accountOf: async (asked) => {
      const found = Object.entries(UIDS).find(([user, uid]) => asked === user || asked === String(uid));
      return found ? { user: found[0], uid: found[1] } : null;
    },
    ownUid: () => 1000,
    canTellGuests: async () => true,
    newSocket: () => '/tmp/drover-f00/ba4',
    isHere: () => true,
    settled: async () => undefined,
    ...parts,
  },
});

const deskOf = (parts: Partial<Context['sharing']> = {}) =>
  openDesk(shareSession, instance('c-1'), { ...sessionsPort({ 'c-1': 0 }), ...sharing(parts) });

test('[TMX-9] a user is let in to look, for a time, and the answer says how they join and how it ends', async () => {
  const desk = deskOf();
  const reply = await desk.say('share session c-1 user=bob');
  expect(reply).toMatchObject({
    exit: 0,
    message: 'bob may look at c-1 for 8h, and joins with: drover sessions join /tmp/drover-f00/ba4',
    hint: 'It ends at 2026-01-01T08:00:00.000Z, with the agent or the daemon, or when you say: unshare session c-1 user=bob',
  });
  expect(desk.recorded()).toEqual(['instance.shared']);
  expect(desk.state.instances['c-1']?.shares).toEqual([
    { user: 'bob', uid: 1001, rw: false, socket: '/tmp/drover-f00/ba4', until: '2026-01-01T08:00:00.000Z' },
  ]);
});

test('[TMX-9] to look is asked about, and to type is asked about as what it is', async () => {
  const desk = deskOf();
  expect(await desk.propose('share session c-1 user=bob ttl=30m')).toMatchObject({
    exit: 5,
    message: 'bob will see for 30m all that the terminal of c-1 shows, code and answers included.',
  });
  const typing = await desk.propose('share session c-1 user=bob rw');
  expect([typing.exit, typing.message]).toEqual([5, expect.stringContaining('is done with all your rights')]);
  expect(desk.recorded()).toEqual([]);
  expect((await desk.say('share session c-1 user=bob rw read-only')).exit).toBe(2);
  expect((await desk.say('share session r-c-1 user=bob rw')).data).toMatchObject({ rw: true, instance: 'c-1' });
});

test('[TMX-9] neither an agent nor an integrator may share', async () => {
  const desk = deskOf();
  expect((await desk.sayAs('c-1', 'share session c-1 user=bob')).exit).toBe(4);
  expect((await desk.sayBy(personOf('eve', 'integrator'), 'share session c-1 user=bob')).exit).toBe(4);
  expect(desk.recorded()).toEqual([]);
});

test('[TMX-9] nobody is let in who cannot be told from others, who is the owner, or who does not exist', async () => {
  expect((await deskOf().say('share session c-1 user=carol')).exit).toBe(3);
  expect((await deskOf().say('share session c-1 user=ada')).exit).toBe(6);
  expect((await deskOf().say('share session c-1 user=nobody')).exit).toBe(6);
  expect((await deskOf().say('share session c-1 user=-g')).exit).toBe(2);
  expect((await deskOf().say('share session c-1 user=bob ttl=8d')).exit).toBe(2);
  expect((await deskOf().say('share session c-9 user=bob')).exit).toBe(3);
  expect((await deskOf({ canTellGuests: async () => false }).say('share session c-1 user=bob')).exit).toBe(6);
  expect((await deskOf({ isHere: () => false }).say('share session c-1 user=bob')).exit).toBe(6);
});

test('[TMX-9] a user who is named by number is the same user, and is let in once', async () => {
  const desk = deskOf();
  expect((await desk.say('share session c-1 user=bob rw')).exit).toBe(0);
  expect((await desk.say('share session c-1 user=1001')).data).toMatchObject({ user: 'bob', uid: 1001 });
  expect(desk.state.instances['c-1']?.shares).toMatchObject([{ user: 'bob', rw: false }]);
  expect((await desk.say('share session c-1 user=4242')).exit).toBe(3);
  expect((await desk.say('share session c-1 user=bob ttl=0')).message).toContain('it is a time like 30m or 8h');
});

test('[TMX-9] what could not be opened is not said to be shared', async () => {
  const data = { instance_id: 'c-1', user: 'bob', because: 'no room' };
  const desk = deskOf({ settled: async () => desk.add({ type: 'instance.unshared', data }) });
  expect((await desk.say('share session c-1 user=bob')).exit).toBe(1);
});
