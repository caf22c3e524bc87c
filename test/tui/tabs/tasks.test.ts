import { expect, test } from 'vitest';
import { tasksTab } from '../../../src/tui/tabs/tasks.ts';
import { started, task, threeAgents } from '../fake-swarm.ts';
import { commandOf, tabContext, textOf } from './tab-context.ts';

const failed = [
  task('3', 'Breaks'),
  ...started('3', 'rehearsal-3', 20),
  { type: 'run.failed', data: { id: '3', failure: { class: 'check', message: 'no' } } },
] as const;

test('the board has a column for each state, with who is at work and what is waited for', () => {
  const columns = textOf(tasksTab.body(tabContext([...threeAgents, ...failed])));
  expect(columns).toEqual([
    [
      '● running 2',
      '● 2.1 Parse the lines',
      '  before … 2.3 (by hand) Join both',
      '  → rehearsal-1 ▰▰▱▱ 60% 1m',
      '● 2.2 Write the grammar',
      '  → rehearsal-2 ▱▱▱▱ 10% 1m',
    ],
    ['◇ ready 0', '(none)'],
    ['… waiting 1', '… 2.3 Join both', '  after 2.1, 2.2'],
    ['✖ failed 1', '✖ 3 Breaks', expect.stringContaining('check')],
    ['✔ done 0', '(none)'],
  ]);
});

test('on a narrow screen states share columns, with a heading for each', () => {
  const columns = textOf(tasksTab.body(tabContext([...threeAgents, ...failed], { width: 80 })));
  expect(columns.map(([title]) => title)).toEqual(['● running 2', '◇ ready 0', '✔ done 0']);
  expect(columns[0]).toContain('✖ failed 1');
  expect(columns[1]).toEqual(['◇ ready 0', '… waiting 1', '… 2.3 Join both', '  after 2.1, 2.2']);
});

test('the list has one line for each task', () => {
  const [list] = textOf(tasksTab.body(tabContext(threeAgents, { own: { mode: 1 } })));
  expect(list).toEqual([
    'tasks',
    '● running 2',
    '  ● 2.1    Parse the lines → rehearsal-1 | ▰▰▰▰▱▱ 60% 1m',
    '  before … 2.3 (by hand) Join both',
    '  ● 2.2    Write the grammar → rehearsal-2 | ▰▱▱▱▱▱ 10% 1m',
    '… waiting 1',
    '  … 2.3    Join both  after 2.1, 2.2',
  ]);
  expect(textOf(tasksTab.body(tabContext([], { own: { mode: 1 } })))).toEqual([
    ['tasks', '(No task. Say: create task "…")'],
  ]);
});

test('keys of a task run what can be said of it', () => {
  const context = tabContext([...threeAgents, ...failed]);
  expect(commandOf(tasksTab, 'enter', '2.1', context)).toBe('show task 2.1');
  expect(commandOf(tasksTab, 'r', '2.1', context)).toBe('run task 2.1');
  expect(commandOf(tasksTab, 'r', '3', context)).toBe('retry task 3');
  expect(commandOf(tasksTab, 'b', '3', context)).toBe('show brief 3');
  expect(commandOf(tasksTab, 'd', '3', context)).toBe('show diff 3');
  expect(commandOf(tasksTab, 'm', '3', context)).toBeNull();
  expect(commandOf(tasksTab, 'x', '3', context)).toBe('cancel task 3');
});
