import { expect, test } from 'vitest';
import { understand } from '../../../src/commands/dispatch.ts';
import { commands, registry } from '../../../src/commands/index.ts';
import { parse } from '../../../src/protocol/parse.ts';
import { language } from '../../fixtures/signatures.ts';

test('nouns that a later version brings are understood and answered with the phase that brings them', () => {
  const phaseOf = (text: string) => {
    const parsed = parse(text, language);
    return parsed.ok ? parsed.signature.phase : parsed.error.message;
  };
  const phases = { campaign: 2, message: 2, metric: 2, trace: 2, lock: 2, worker: 3, flag: 5 };
  for (const [noun, phase] of Object.entries(phases)) expect([noun, phaseOf(`list ${noun}`)]).toEqual([noun, phase]);
  const there = new Set(commands.map(({ verb, noun }) => `${verb} ${noun}`));
  const first = registry.signatures.filter(({ phase, verb, noun }) => phase === 1 && !there.has(`${verb} ${noun}`));
  expect(first).toEqual([]);
});

// Each row of the table of verbs and nouns that keeps the work of a swarm in order, with all that it can be said with.
const THERE = [
  'clean worktrees',
  'clean stale worktrees dry-run',
  'clean worktrees older=7d',
  'clean sessions',
  'clean stale sessions dry-run',
  'clean sessions older=7d',
  'clean messages older=30d',
  'clean all messages older=30d dry-run',
  'clean events older=30d',
  'clean all events older=30d dry-run',
  'git sync',
  'git sync upstream',
  'git pull rebase',
  'git push',
  'sync branch feature/x merge dry-run',
  'sync all branches',
  'sync worktree kiro-3 rebase',
  'sync all worktrees up',
  'merge completed branches',
  'merge branch feature/x to=main squash',
  'merge all branches conflict-resolve rebase dry-run',
  'resolve conflict 3.1 auto',
  'resolve all conflicts ours',
  'resolve conflict 3.1 theirs',
  'resolve conflict 3.1 union agent=claude',
  'rollback integration batch-5',
  'rollback last integration',
  'rollback config version=3',
  'review task 3.1 detailed',
  'report integration batch-5',
  'report last integration format=html',
];

test.each(THERE)('"%s" is there', (text) => {
  expect(() => understand(language, { text })).not.toThrow();
});

test.each(['sync task 3.1', 'sync github', 'sync jira'])('"%s" comes with trackers', (text) => {
  expect(() => understand(language, { text })).toThrow(/is understood but not available yet\.$/u);
});
