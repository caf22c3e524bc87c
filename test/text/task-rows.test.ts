import { expect, test } from 'vitest';
import type { EventDraft } from '../../src/state/index.ts';
import { swarmStatus } from '../../src/text/swarm-status.ts';
import { withWord } from '../../src/text/task-rows.ts';
import { begin, created, instance, started, verified } from '../tasks/journal.ts';
import { drawPanel, modelOf } from '../tui/panels/draw-panel.ts';

/** A task whose work was taken as it is: nothing said anything about it. */
const unverified = (id: string, commits = 1): EventDraft => {
  const fact = verified(id);
  return fact.type === 'run.verified'
    ? { ...fact, data: { ...fact.data, result: { ...fact.data.result, commits, check_ms: 0 } } }
    : fact;
};
const facts: readonly EventDraft[] = [
  ...instance('a-1'),
  ...['checked', 'unchecked', 'findings'].flatMap((id) => [created(id), started(id, 'a-1')]),
  verified('checked'),
  unverified('unchecked'),
  unverified('findings', 0),
  created('ticked', {}, true),
];

test('only work with commits that no check has looked at is unchecked, merged or not, and it is counted apart', () => {
  const state = begin(...facts);
  const rows = Object.values(state.tasks).map((task) => withWord(task, state));
  expect(rows.map(({ id, word, unchecked }) => [id, word, unchecked])).toEqual([
    ['checked', 'done', false],
    ['unchecked', 'done, unchecked', true],
    ['findings', 'done', false],
    ['ticked', 'done', false],
  ]);
  expect(withWord({ ...state.tasks['unchecked']!, batch: 'b' }, state).word).toBe('merged, unchecked');
  expect(swarmStatus(state).tasks).toMatchObject({ total: 4, done: 4, unchecked: 1 });
});

test('header and strip count them apart', () => {
  const model = modelOf([...facts], undefined, { columns: 160, rows: 40 });
  expect(drawPanel('header', model)).toContain('4/4 (1 unchecked)');
  expect(drawPanel('task-strip', model)).toContain('✔ 4 done (1 unchecked)');
});
