import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { moved, started, task, threeAgents } from '../fake-swarm.ts';
import { initialTabs } from '../../../src/tui/tabs/tab-state.ts';
import { tasksTab } from '../../../src/tui/tabs/tasks.ts';
import { tabContext } from '../tabs/tab-context.ts';
import { drawPanel, modelOf } from './draw-panel.ts';

test('the task strip counts what people ask for', () => {
  const drafts: readonly EventDraft[] = [
    ...threeAgents,
    task('3', 'Ready one'),
    task('4', 'Blocked'),
    task('5', 'Failed'),
    task('6', 'Cancelled'),
    { type: 'task.blocked', data: { id: '4', reason: 'x' } },
    ...started('5', 'rehearsal-3'),
    { type: 'run.failed', data: { id: '5', failure: { class: 'check', message: 'x' } } },
    { type: 'task.cancelled', data: { id: '6' } },
  ];
  const counts = ' tasks  ● 2 running  ◇ 1 ready  … 1 waiting  ‖ 1 blocked  ✖ 1 failed';
  expect(drawPanel('task-strip', modelOf(drafts))).toBe(counts);
  const tabs = { open: 'tasks', states: initialTabs } as const;
  const model = modelOf(drafts, { tabs });
  const context = tabContext(drafts);
  const open = { tab: tasksTab, context, body: tasksTab.body(context) };
  // One that has no room is left out whole.
  expect(drawPanel('task-strip', { ...model, open })).toBe(counts);
});

const done = (id: string, title: string, check_ms: number): readonly EventDraft[] => [
  task(id, title),
  ...started(id, 'rehearsal-3'),
  { type: 'run.claimed', data: { id, summary: null } },
  {
    type: 'run.verified',
    data: {
      id,
      result: {
        ...{ head_commit: 'b', commits: 1, files: 1, insertions: 1, deletions: 0 },
        ...{ check_ms, check_output: '' },
      },
    },
  },
];

test('[TUI-6] beside the panes, which say who is at what, the strip says what comes next and what was done last', () => {
  const queued: readonly EventDraft[] = [
    task('9', 'Queued one'),
    { type: 'task.requested', data: { ids: ['9'], mode: null, fresh: false } },
  ];
  const drafts = [...threeAgents, ...done('7', 'Task 7', 5), ...done('8', 'Task 8', 5), ...queued];
  expect(drawPanel('task-strip', modelOf(drafts))).toMatch(/✔ 2 done {4}next 9 Queued one {2}last done 8 Task 8$/u);
  expect(drawPanel('task-strip', modelOf(threeAgents))).toMatch(/1 waiting$/u);
  // What was foretold has begun since.
  const model = modelOf([...drafts, ...started('9', 'rehearsal-3')]);
  const old = { ...model, outlook: { ...model.outlook, next: '9' } };
  expect(drawPanel('task-strip', old)).not.toContain('next');
  expect(drawPanel('header', old)).not.toContain('next');
});

test('no count is left out while there is room for it, and none for what was done last', () => {
  const drafts: readonly EventDraft[] = [
    ...[...threeAgents, ...done('8', 'Eight', 0), task('9', 'Nine'), task('10', 'Ten')],
    ...[task('11', 'Held'), { type: 'task.held', data: { id: '11', held: true } } as const],
    { type: 'task.requested', data: { ids: ['9', '10'], mode: null, fresh: false } },
  ];
  const surroundings = { agent: null, isUsual: true, plans: [], isManual: true };
  const drawn = (columns: number) =>
    drawPanel('task-strip', { ...modelOf(drafts, {}, { columns, rows: 24 }), surroundings });
  expect(drawn(80)).toBe(' ● 2 running  ◆ 2 queued (2 to assign)  … 1 waiting  ✔ 1 done (1 unchecked)');
  expect(drawn(62)).toBe(' ● 2 running  ⊘ 1 held  … 1 waiting  ✔ 1 done (1 unchecked)');
});

test('of what is at work the strip says how much stands still', () => {
  const drafts = [...threeAgents, task('7', 'Seven'), ...started('7', 'rehearsal-3'), moved('rehearsal-3', 'working')];
  expect(drawPanel('task-strip', modelOf(drafts))).toContain('● 3 running  ');
  const paused = [...drafts, moved('rehearsal-3', 'paused')];
  expect(drawPanel('task-strip', modelOf(paused))).toContain('● 3 running (1 stands still)  ');
});

test('[TUI-6] on 80 columns the strip has whole words only: what has no room is left out', () => {
  const LONG = 'The work that was done as number eight';
  const drafts: readonly EventDraft[] = [
    ...[...threeAgents, ...done('7', LONG, 0), ...done('8', LONG, 0), task('9', 'Queued after all that was said')],
    { type: 'task.requested', data: { ids: ['9'], mode: null, fresh: false } },
  ];
  const at = (columns: number): string => drawPanel('task-strip', modelOf(drafts, {}, { columns, rows: 24 })) ?? '';
  const counts = ' tasks  ● 2 running  ◆ 1 queued  … 1 waiting  ✔ 2 done (2 unchecked)';
  expect(at(80)).toBe(`${counts}    next 9`);
  expect(at(120)).toBe(`${counts}    next 9 Queued after…  last done 8 The work…`);
  // The groups that somebody has to know of stay longest.
  expect(at(50)).toBe(' ● 2 running  ◆ 1 queued  ✔ 2 done (2 unchecked)');
  expect(at(40)).toBe(' ● 2 running  ✔ 2 done (2 unchecked)');
  for (let columns = 30; columns <= 140; columns += 1) {
    const words = at(columns).replaceAll('…', ' ').split(/\s+/u);
    const whole = new Set(`${at(200)} ${counts}`.replaceAll('…', ' ').split(/\s+/u));
    expect(
      words.filter((word) => !whole.has(word)),
      `${columns} columns`,
    ).toEqual([]);
  }
});
