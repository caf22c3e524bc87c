import { expect, test } from 'vitest';
import { checkIntegration } from '../../../src/commands/git/check-integration.ts';
import type { Git } from '../../../src/ports/index.ts';
import type { WorkLook } from '../../../src/ports/radar.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { partOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instanceCreated, taskCreated } from '../../state/story.ts';

const result = { head_commit: 'c8', commits: 1, files: 1, insertions: 1, deletions: 0, check_ms: 5, check_output: '' };
const done: readonly EventDraft[] = [
  instanceCreated('claude-1'),
  instanceCreated('claude-2'),
  { type: 'instance.moved', data: { instance_id: 'claude-2', state: 'stopped', source: 'hook' } },
  taskCreated('t8'),
  { type: 'run.started', data: { id: 't8', instance: 'claude-2', branch: 'feature/t8', start_commit: 'c' } },
  { type: 'run.verified', data: { id: 't8', result } },
];
const look: WorkLook = { head: 'c1', tree: 'x1', objects: '/o', unwatched: null, left_out: 0 };
const signal = new AbortController().signal;
const radar = { now: () => [], looks: () => new Map([['claude-1', look]]), examine: async () => [] };

test('it compares worktrees, waiting branches and the target, and says which could not be looked at', async () => {
  const asked: unknown[] = [];
  const git = partOf<Git>({
    resolve: async (name) => (name === 'refs/heads/drover/integration' ? 'c0' : name),
    foresee: async (works) => {
      asked.push(...works.map(({ head, tree }) => [head, tree]));
      const clash = { path: 'a.txt', kind: 'contents', lines: [[[1, 2]], [[1, 2]]] } as const;
      return [
        { pair: [0, 1], both: ['b.txt'], clashes: [] },
        { pair: [1, 2], both: ['a.txt'], clashes: [clash] },
      ];
    },
  });
  const reply = await openDesk(checkIntegration, done, { git, radar, signal }).say('integrate check');
  expect(asked).toEqual([
    ['c0', null],
    ['c1', 'x1'],
    ['c8', null],
  ]);
  expect(reply).toMatchObject({
    exit: 6,
    message: expect.stringContaining('1 conflict foreseen. Not looked at: claude-2.'),
    data: {
      sides: [{ kind: 'integration' }, { kind: 'worktree', uncommitted: true }, { name: 'feature/t8', kind: 'branch' }],
      conflicts: [{ second: 'feature/t8', tasks: [null, 't8'] }],
    },
  });
});

test('without any conflict that is the answer', async () => {
  const git = partOf<Git>({ resolve: async () => 'c0', foresee: async () => [] });
  const reply = await openDesk(checkIntegration, [], { git, radar, signal }).say('check integration');
  expect(reply).toMatchObject({ exit: 0, message: expect.stringContaining('no conflict is foreseen') });
});
