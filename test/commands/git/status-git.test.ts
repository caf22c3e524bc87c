import { expect, test } from 'vitest';
import { statusGit } from '../../../src/commands/git/status-git.ts';
import type { Git } from '../../../src/ports/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { partOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import { racing } from '../races/racing.ts';

test('a racer waits for no merge: only the work of its task does', async () => {
  const git = partOf<Git>({
    root: '/repo',
    resolve: async (name) => (name === 'main' ? 'c0' : null),
    worktreeState: async () => ({ branch: 'main', head: 'c0', dirty: [] }),
    currentBranch: async () => 'main',
    place: async (path) => path,
    worktrees: async () => [],
  });
  const desk = openDesk(statusGit, racing, {
    git,
    settings: settingsSchema.parse({}),
    paths: { worktrees: '/worktrees', key: 'k' } as never,
  });
  expect(await desk.say('git status')).toMatchObject({
    exit: 0,
    message: expect.stringContaining('Nothing waits to be merged.'),
    data: { unmerged: [] },
  });
});
