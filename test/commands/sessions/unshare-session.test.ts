import { expect, test } from 'vitest';
import type { Context } from '../../../src/commands/define.ts';
import { unshareSession } from '../../../src/commands/sessions/unshare-session.ts';
import type { Account } from '../../../src/ports/sharing.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { partOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance } from '../../tasks/journal.ts';

const shared = (instance_id: string, user: string): EventDraft => ({
  type: 'instance.shared',
  data: {
    instance_id,
    user,
    uid: user === 'bob' ? 1001 : 1002,
    rw: false,
    socket: `/tmp/drover-1/${user}`,
    until: '2026-01-01T08:00:00.000Z',
  },
});

const ACCOUNTS: Readonly<Record<string, Account>> = { 1001: { user: 'bob', uid: 1001 } };

const deskOf = () =>
  openDesk(
    unshareSession,
    [...instance('c-1'), ...instance('c-2'), shared('c-1', 'bob'), shared('c-1', 'eve'), shared('c-2', 'bob')],
    {
      sharing: partOf<Context['sharing']>({
        settled: async () => undefined,
        accountOf: async (user) => ACCOUNTS[user] ?? null,
      }),
    },
  );

test('[TMX-9] one user, all of a session, and all of them are let in no more', async () => {
  const desk = deskOf();
  expect((await desk.say('unshare session c-1 user=bob')).message).toBe('Ended 1 share: c-1 with bob.');
  expect(desk.state.instances['c-1']?.shares).toMatchObject([{ user: 'eve' }]);
  expect((await desk.say('unshare session c-1')).message).toBe('Ended 1 share: c-1 with eve.');
  expect((await desk.say('unshare session c-1')).message).toBe('Nothing of that is shared.');
  expect((await desk.say('unshare all sessions')).data).toEqual([{ instance: 'c-2', user: 'bob' }]);
  expect((await desk.say('unshare session c-9')).exit).toBe(3);
});

test('[TMX-9] whoever is named by number is let in no more, and who has no account any more neither', async () => {
  const desk = deskOf();
  expect((await desk.say('unshare session c-1 user=1001')).message).toBe('Ended 1 share: c-1 with bob.');
  expect((await desk.say('unshare session c-1 user=eve')).message).toBe('Ended 1 share: c-1 with eve.');
});

test('[TMX-9] an agent may not say who is let in', async () => {
  expect((await deskOf().sayAs('c-1', 'unshare session c-1')).exit).toBe(4);
});
