import { expect, test, vi } from 'vitest';
import { branchSentBack } from '../../../src/daemon/actions/sent-back-branch.ts';
import { gitBusy } from '../../../src/git/errors.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { after, assigned, begin, created, instance, started, verified } from '../../tasks/journal.ts';

const LOCKED = gitBusy({ reason: '/w/index.lock' });

test('work that was sent back is gone on with past a lock that a killed git left, with what the one before had not committed', async () => {
  const { type, data } = instance('c-1')[0] as Extract<
    ReturnType<typeof instance>[number],
    { type: 'instance.created' }
  >;
  const before = { type, data: { ...data, workspace_path: '/before' } } as const;
  const done = begin(before, ...instance('c-2'), created('1'), started('1', 'c-1'), verified('1'));
  const instruction = { branch: 'feature/1', by: 'cli', text: 'say more' };
  const back = after(
    done,
    { type: 'task.sent_back', data: { id: '1', reason: 'returned', instruction } },
    assigned('1', 'c-2'),
  );
  const saveWork = vi.fn(async () => 'saved').mockRejectedValueOnce(LOCKED);
  const switchTo = vi.fn(async () => undefined).mockRejectedValueOnce(LOCKED);
  const unlocked: string[] = [];
  const git = {
    ...{ saveWork, switchTo, addWorktree: async () => undefined, moveNestedAside: async () => null },
    resolve: async () => 'head',
    place: async (path: string) => path,
    worktrees: async () => [{ path: '/before', branch: 'feature/1' }],
    worktreeState: async () => ({ branch: 'feature/1', head: 'head', dirty: ['a.txt'] }),
    underWay: async () => null,
    keepHead: async () => null,
    unlock: async (path: string) => unlocked.push(path) > 0,
  };
  const services = servicesWith({
    ...{ ...servicesOn({ git }), store: { state: back }, ballast: { giveBackIfFull: async () => false } },
    log: () => undefined,
  });
  expect(await branchSentBack(services, back.tasks['1']!, back.instances['c-2']!)).toEqual({
    branch: 'feature/1',
    base: 'c0ffee',
  });
  expect([...new Set(unlocked)]).toEqual(['/before', '/w']);
});
