import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { tasksTab } from '../../../src/tui/tabs/tasks.ts';
import { created } from '../../tasks/journal.ts';
import { tabContext, textOf } from './tab-context.ts';

const plan = [
  created('1', {}, true),
  created('2'),
  created('3', { dependencies: ['1', '2', 'gone'], dependency_rules: { group: ['1'], said: ['2'] } }),
  created('4', { dependencies: ['3'], dependency_rules: { wave: ['3'] } }),
];

test.each([0, 1])(
  '[TSK-10] below the selected task stands what it waits for and what waits for it, with the rules (%s)',
  (mode) => {
    const lines = textOf(tasksTab.body(tabContext(plan, { own: { mode, cursor: '3' } }))).flat();
    const at = lines.findIndex((line) => /… 3\s+Title of 3/u.test(line));
    expect(lines.slice(at + 1, at + 5)).toEqual([
      '  after ◇ 2 (said) Title of 2',
      '  after gone (by hand) is not there',
      '  after ✔ 1 (group) Title of 1',
      '  before … 4 (wave) Title of 4',
    ]);
  },
);

test('of many the first are named and the rest is counted', () => {
  const ids = Array.from({ length: 9 }, (_, at) => `1.${at + 1}`);
  const many = [...ids.map((id) => created(id)), created('2', { dependencies: ids })];
  const lines = textOf(tasksTab.body(tabContext(many, { own: { mode: 1, cursor: '2' } }))).flat();
  expect(lines).toContain('  after and 3 more');
});

test('a task that was cancelled, or archived before it was done, is not drawn as done', () => {
  const facts: readonly EventDraft[] = [
    ...[created('1'), created('2', { dependencies: ['1'] }), created('3', { dependencies: ['2'] })],
    { type: 'task.cancelled', data: { id: '1' } },
    { type: 'task.archived', data: { id: '3', archived: true } },
  ];
  const lines = textOf(tasksTab.body(tabContext(facts, { own: { mode: 1, cursor: '2' } }))).flat();
  expect(lines).toContain('  after × 1 (by hand) Title of 1, cancelled');
  expect(lines).toContain('  before × 3 (by hand) Title of 3, archived');
});
