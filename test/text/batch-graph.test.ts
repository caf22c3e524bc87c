import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchGraph, batchNodes } from '../../src/text/batch-graph.ts';
import type { EventDraft } from '../../src/state/index.ts';
import { stateOf } from '../state/fold.ts';
import { taskCreated } from '../state/story.ts';

const titled = (id: string, title: string, dependencies: string[] = []): EventDraft => ({
  type: 'task.edited',
  data: { id, changes: { title, dependencies } },
});

const merged = (task: string, commit: string): EventDraft => ({
  type: 'batch.merged',
  data: { id: 'batch-1', task, branch: `feature/${task}`, commit },
});

const aside = (task: string, reason: 'conflict' | 'dependency', message: string): EventDraft => ({
  type: 'batch.set_aside',
  data: { id: 'batch-1', task, reason, message, files: [] },
});

const examined = (task: string, others: string[], path: string, solved: boolean): EventDraft => ({
  type: 'conflict.examined',
  data: {
    ...{ batch: 'batch-1', task, ours: 'c2', theirs: 'c9', with: others, note: null },
    files: [{ path, solved, how: 'merged key by key', lines: 1, hunks: [] }],
  },
});

const ids = ['t1', 't2', 't3', 't4', 't5', 't6'];

const stateWith = (title: string) =>
  stateOf(
    ...ids.map((id) => taskCreated(id)),
    ...ids.map((id) => titled(id, `${title} ${id}`)),
    titled('t2', 'Second', ['t1']),
    titled('t5', 'Fifth', ['t4']),
    { type: 'batch.started', data: { id: 'batch-1', target: 'drover/integration', base_commit: 'c0', tasks: ids } },
    merged('t1', 'c1'),
    merged('t2', 'c2'),
    examined('t3', ['t1'], 'package.json', true),
    merged('t3', 'c3'),
    examined('t4', ['t1'], `${title}.txt`, false),
    aside('t4', 'conflict', 'conflict with t1 in same.txt (1 line)'),
    aside('t5', 'dependency', 'it builds on t4, which was set aside'),
  );

const graphOf = (title: string, words: 'all' | 'names' = 'all') => {
  const state = stateWith(title);
  const batch = state.batches['batch-1']!;
  return batchGraph(batch, batchNodes(state, batch), { words, isThere: true });
};

test('[GIT-8] the graph of a batch shows what was merged in which order, what was resolved, and what hangs on what', () => {
  expect(graphOf('Task')).toEqual([
    '○ c0  where it began',
    '├─── ● t1  Task t1  c1',
    '│     ╰─ ✗ t4  Task t4  conflict with t1 in same.txt (1 line)',
    '│        ╰─ ✗ t5  Fifth  builds on t4; it builds on t4, which was set aside',
    '├─── ● t2  Second  c2  builds on t1',
    '├─── ● t3  Task t3  c3  conflict with t1 in package.json resolved',
    '◉ c3  drover/integration',
    '     ◌ t6  Task t6',
  ]);
  expect(graphOf('Task', 'names')).toEqual([
    '○ c0  where it began',
    '├─── ● t1  c1',
    '│     ╰─ ✗ t4  conflict with t1',
    '│        ╰─ ✗ t5  builds on t4',
    '├─── ● t2  c2  builds on t1',
    '├─── ● t3  c3  conflict with t1 resolved',
    '◉ c3  drover/integration',
    '     ◌ t6',
  ]);
});

test('tasks that hang on each other in a circle are all drawn', () => {
  const state = stateOf(
    taskCreated('t1'),
    taskCreated('t2'),
    { type: 'batch.started', data: { id: 'batch-1', target: 'x', base_commit: 'c0', tasks: ['t1', 't2'] } },
    examined('t1', ['t2'], 'a', false),
    aside('t1', 'conflict', 'a'),
    examined('t2', ['t1'], 'a', false),
    aside('t2', 'conflict', 'b'),
  );
  const batch = state.batches['batch-1']!;
  const text = batchGraph(batch, batchNodes(state, batch), { isThere: true }).join('\n');
  expect(text).toContain('✗ t1');
  expect(text).toContain('✗ t2');
});

test('whatever a title holds, it stays in its line, and nothing of it is in the graph of names', () => {
  const plain = graphOf('Task').length;
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('\n', '\u001b[2J', '\u202e', '~~~', '<b>', '`', 'a', '\r') }),
      (title) => {
        const lines = graphOf(title);
        expect(lines).toHaveLength(plain);
        expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u202e]/u);
        expect(graphOf(title, 'names')).toEqual(graphOf('Task', 'names'));
      },
    ),
  );
});
