import { expect, test } from 'vitest';
import { understand } from '../../../src/commands/dispatch.ts';
import { listWorktree } from '../../../src/commands/git/list-worktree.ts';
import { statusWorktree } from '../../../src/commands/git/status-worktree.ts';
import { languageOf } from '../../helpers/desk.ts';

const language = languageOf([statusWorktree]);

test('"status worktrees" is "list worktrees" in another word', () => {
  expect(statusWorktree).toMatchObject({ run: listWorktree.run, params: listWorktree.params, role: listWorktree.role });
  expect(understand(language, { text: 'status worktrees' }).command).toBe(statusWorktree);
});

test('what "status worktree" cannot do yet is refused', () => {
  expect(() => understand(language, { text: 'status worktrees health' })).toThrow(/not available yet/u);
});
