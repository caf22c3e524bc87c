import { expect, test } from 'vitest';
import type { EventDraft, State } from '../../src/state/index.ts';
import { builtOnIn, comingAlong, discardedBase } from '../../src/tasks/built-on.ts';
import { mergedBy } from '../../src/tasks/taken-work.ts';
import { mergedIn } from '../../src/text/built-on-text.ts';
import { mergesBySaying } from '../../src/tasks/mergeable.ts';
import { after, begin, created, resultAt, started } from './journal.ts';

const verified = (id: string, commit: string): EventDraft => ({
  type: 'run.verified',
  data: { id, result: resultAt(commit) },
});
const done = (id: string, commit: string, ...dependencies: string[]) => [
  created(id, { dependencies }),
  started(id, 'a-1'),
  verified(id, commit),
];
const on = (id: string, ...works: readonly (readonly [string, string])[]): EventDraft => ({
  type: 'run.built_on',
  data: { id, on: works.map(([task, commit]) => ({ task, commit })) },
});
const reopened = (id: string): EventDraft => ({ type: 'task.reopened', data: { id, reason: 'x' } });
const target = 'drover/integration';
const merged = (batch: string, task: string, head: string): EventDraft[] => [
  { type: 'batch.started', data: { id: batch, target, base_commit: `before-${batch}`, tasks: [task] } },
  { type: 'batch.merged', data: { id: batch, task, branch: 'b', commit: `m-${head}`, head } },
  { type: 'batch.finished', data: { id: batch } },
];
const rolledBack = (id: string, method: 'reset' | 'revert'): EventDraft[] => [
  { type: 'batch.rollback_started', data: { id, method, from_commit: 'tip', to_commit: `back-${id}` } },
  { type: 'batch.rolled_back', data: { id } },
];
const discarded = (state: State, id: string) => discardedBase(state, state.tasks[id]!)?.commit;

test('[GIT-11] work on an attempt that was done anew is left out, unless the new one has that attempt in it', () => {
  const state = begin(...done('1', 'c1'), ...done('2', 'c2', '1'), on('2', ['1', 'c1']));
  expect([discarded(state, '2'), mergesBySaying(state, false).length]).toEqual([undefined, 2]);
  const anew = after(state, reopened('1'), started('1', 'a-1'), verified('1', 'd1'));
  expect(discarded(anew, '2')).toBe('c1');
  expect(mergesBySaying(anew, false).map(({ id }) => id)).toEqual(['1']);
  expect(discarded(after(anew, on('1', ['1', 'c1'])), '2')).toBe(undefined);
  // What was given up with its task is nobody's to do anew.
  expect(discarded(after(anew, { type: 'task.cancelled', data: { id: '1' } }), '2')).toBe(undefined);
});

test('what a person adds to verified work has that in it, so that what is built on it is not to be done anew', () => {
  const state = begin(...done('1', 'c1'), ...done('2', 'c2', '1'), on('2', ['1', 'c1']));
  const goesOn = (before: State, head: string, among: readonly string[]) => {
    const on = builtOnIn(before, { id: '1', head }, among);
    return after(before, verified('1', head), { type: 'run.built_on', data: { id: '1', on: [...on] } });
  };
  const more = goesOn(state, 'd1', ['c1', 'd1']);
  expect(discarded(more, '2')).toBe(undefined);
  expect(discarded(goesOn(more, 'e1', ['c1', 'd1', 'e1']), '2')).toBe(undefined);
  // They have made it anew.
  expect(discarded(goesOn(state, 'f1', ['f1']), '2')).toBe('c1');
});

test('what is merged is no longer told of, until it is taken back', () => {
  const state = begin(
    ...done('1', 'c1'),
    ...done('2', 'c2', '1'),
    on('2', ['1', 'c1']),
    ...merged('batch-1', '1', 'c1'),
  );
  expect(discarded(state, '2')).toBe(undefined);
  expect(builtOnIn(state, { id: '2', head: 'c2' }, ['c1', 'c2'])).toEqual([]);
  const back = after(state, ...rolledBack('batch-1', 'revert'), reopened('1'));
  expect(discarded(back, '2')).toBe('c1');
  const work = { task: '1', commit: 'c1' };
  expect(builtOnIn(back, { id: '2', head: 'c2' }, ['c1', 'c2'])).toEqual([work]);
  expect(builtOnIn(back, { id: '2', head: 'c2' }, ['m-c1'])).toEqual([work]);
  // With the commit that takes it back nothing of it is there.
  expect(builtOnIn(back, { id: '2', head: 'c2' }, ['c1', 'm-c1', 'back-batch-1'])).toEqual([]);
});

test('what is merged with later work on it is merged as well', () => {
  const state = begin(
    ...done('1', 'c1'),
    ...done('2', 'c2', '1'),
    ...[on('2', ['1', 'c1']), reopened('1'), started('1', 'a-1'), verified('1', 'd1'), on('1', ['1', 'c1'])],
    ...merged('batch-1', '1', 'd1'),
  );
  expect(discarded(after(state, reopened('1')), '2')).toBe(undefined);
});

test('a task is merged along only with its last attempt, and where nobody wants another one', () => {
  const back = begin(
    ...done('1', 'c1'),
    ...done('2', 'c2', '1'),
    on('2', ['1', 'c1']),
    ...merged('batch-1', '1', 'c1'),
    ...rolledBack('batch-1', 'reset'),
    reopened('1'),
  );
  const along = (state: State) => comingAlong(state, state.tasks['2']!).map(({ id }) => id);
  expect(along(back)).toEqual(['1']);
  const instruction = { branch: 'b', by: 'cli', text: 'once more' };
  const wanted: readonly (readonly EventDraft[])[] = [
    [{ type: 'task.requested', data: { ids: ['1'] } }],
    [{ type: 'task.sent_back', data: { id: '1', reason: 'x', instruction } }],
    [{ type: 'task.archived', data: { id: '1', archived: true } }],
    [{ type: 'task.cancelled', data: { id: '1' } }],
    [started('1', 'a-1'), verified('1', 'd1'), reopened('1')],
    merged('batch-2', '2', 'c2'),
  ];
  for (const facts of wanted) expect([facts, along(after(back, ...facts))]).toEqual([facts, []]);
  const came = { type: 'task.came_along', data: { id: '1', batch: 'batch-2', commit: 'm-c2' } } as const;
  const both = after(back, ...merged('batch-2', '2', 'c2'), came);
  expect(both.tasks['1']).toMatchObject({ state: 'done', batch: 'batch-2', merge_commit: 'm-c2', history: [] });
  expect(both.tasks['1']!.run?.result?.head_commit).toBe('c1');
  expect(mergedBy(both, both.batches['batch-2']!).map(({ id }) => id)).toEqual(['2', '1']);
  expect(mergedIn(both, both.tasks['1']!, both.tasks['1']!.run!)).toBe('batch-2 along with 2');
  // Whoever has begun it meanwhile goes on.
  expect(after(back, started('1', 'a-1'), came).tasks['1']!.state).toBe('running');
});
