import { expect, test } from 'vitest';
import { type EventDraft, emptyState, reduce } from '../../../src/state/index.ts';
import { groupTasks } from '../../../src/tasks/task-groups.ts';
import { swarmStatus } from '../../../src/text/swarm-status.ts';
import type { TabContext } from '../../../src/tui/tabs/tab.ts';
import { initialTab } from '../../../src/tui/tabs/tab-state.ts';
import { tasksTab } from '../../../src/tui/tabs/tasks.ts';
import { spread } from '../../../src/tui/widgets/pieces.ts';
import { created, resultAt, unchecked } from '../../tasks/journal.ts';
import { moved, START, started, task, threeAgents } from '../fake-swarm.ts';
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
      '  → rehearsal-2 ▰▱▱▱ 10% 1m',
    ],
    ['◇ ready 0'],
    ['… waiting 1', '… 2.3 Join both', '  after 2.1, 2.2'],
    ['✖ failed 1', '✖ 3 Breaks', expect.stringContaining('check')],
    ['✔ done 0'],
  ]);
});

test('on a narrow screen states share columns, with a heading for each', () => {
  const columns = textOf(tasksTab.body(tabContext([...threeAgents, ...failed], { width: 80 })));
  expect(columns.map(([title]) => title)).toEqual(['● running 2', '… waiting 1', '✔ done 0']);
  expect(columns[0]).toContain('✖ failed 1');
  expect(columns[1]).toEqual(['… waiting 1', '… 2.3 Join both', '  after 2.1, 2.2']);
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

const done = (id: string): readonly EventDraft[] => [
  task(id, `Task ${id}`),
  ...started(id, 'rehearsal-3'),
  { type: 'run.claimed', data: { id, summary: null } },
  {
    type: 'run.verified',
    data: {
      id,
      result: resultAt('b'.repeat(40)),
    },
  },
];

test('a column without tasks shrinks to its title, and what is done is folded to the newest', () => {
  const facts = [...threeAgents, ...['5', '6', '7', '8', '9', '10', '11'].flatMap(done)];
  const small = (context: TabContext, height: number): TabContext => ({
    ...context,
    size: { ...context.size, height },
  });
  const { columns } = tasksTab.body(small(tabContext(facts), 6));
  expect(columns.map(({ weight }) => weight)).toEqual([37, 11, 37, 12, 37]);
  const [, , , , folded] = textOf({ columns });
  expect(folded?.slice(0, 2)).toEqual(['✔ done 7', '✔ 5 Task 5 | 1m']);
  expect(folded?.at(-1)).toBe('▸ 2 more');
  expect(textOf(tasksTab.body(small(tabContext(facts, { own: { isUnfolded: true } }), 6)))[4]).toHaveLength(8);
  expect([0, 1].map((mode) => tasksTab.folds?.({ ...initialTab, mode }))).toEqual(['done', null]);
  expect(textOf(tasksTab.body(tabContext([])))).toEqual([['tasks', '(No task. Say: create task "…")']]);
});

test('[TUI-6] no more of what is done is folded than there is no room for', () => {
  const facts = [...threeAgents, ...Array.from({ length: 20 }, (_, i) => `${i + 5}`).flatMap(done)];
  const shown = (height: number): readonly string[] => {
    const context = tabContext(facts);
    return textOf(tasksTab.body({ ...context, size: { width: 140, height } }))
      .at(-1)!
      .slice(1);
  };
  expect([shown(4).length, shown(4).at(-1)]).toEqual([6, '▸ 15 more']);
  expect([shown(12).length, shown(12).at(-1)]).toEqual([12, '▸ 9 more']);
  expect([shown(76).length, shown(76).at(-1)]).toEqual([20, '✔ 24 Task 24 | 1m']);
});

const LONG = 'Handle every kind of quoting, nested braces and comments until nobody reads on any more';

test('[TUI-6] a long title goes on below itself while there is room for that, and is cut only where there is none', () => {
  const facts = [...threeAgents, task('4', LONG, ['2.3'])];
  const waiting = (height: number): readonly string[] => {
    const context = tabContext(facts, { own: { cursor: '4', column: 2 } });
    return textOf(tasksTab.body({ ...context, size: { width: 140, height } }))[2]!;
  };
  expect(waiting(30)).toEqual([
    '… waiting 2',
    '… 2.3 Join both',
    '  after 2.1, 2.2',
    '… 4 Handle every kind of quoting, nested braces and',
    '    comments until nobody reads on any more',
    // What belongs to a card stands below all of its title.
    '  after … 2.3 (by hand) Join both',
    '  after 2.3',
  ]);
  expect(waiting(4)).toContain(`… 4 ${LONG}`);
  const { columns } = tasksTab.body(tabContext(facts));
  expect(columns[2]!.lines.find(({ id }) => id === '4')!.text).toContain(LONG);
});

test('[TUI-6] on 40 columns the groups stand below each other', () => {
  const columns = textOf(tasksTab.body(tabContext([...threeAgents, ...failed, ...done('5')], { width: 40 })));
  expect(columns).toHaveLength(1);
  expect(columns[0]!.filter((line) => /^\S \w+ \d+$/u.test(line))).toEqual([
    '● running 2',
    '✖ failed 1',
    '… waiting 1',
    '✔ done 1',
  ]);
});

test('[TUI-6] in the list a title that goes on and on leaves who has it, on the screen', () => {
  const facts = [...threeAgents, task('4', LONG), ...started('4', 'rehearsal-3', 10)];
  const { columns } = tasksTab.body(tabContext(facts, { own: { mode: 1 }, width: 80 }));
  const line = columns[0]!.lines.find(({ id }) => id === '4')!;
  const drawn = spread(line.pieces, line.right ?? [], 80);
  expect(drawn).toMatch(/4 +\S*Handle every kind of quoting.*….* → rehearsal-3/u);
});

test('the age of work that is merged is that of the merge', () => {
  const at = (draft: EventDraft, seconds: number) => ({
    ...draft,
    at: new Date(Date.parse(START) + seconds * 1000).toISOString(),
  });
  const facts = [
    ...done('5'),
    { type: 'batch.started', data: { id: 'batch-1', target: 'drover/integration', base_commit: 'a', tasks: ['5'] } },
    { type: 'batch.merged', data: { id: 'batch-1', task: '5', branch: 'b-5', commit: 'c'.repeat(40) } },
    { type: 'batch.finished', data: { id: 'batch-1' } },
  ] as readonly EventDraft[];
  const context = tabContext([]);
  const state = [...threeAgents, ...facts].reduce(
    (before, draft) =>
      reduce(before, {
        ...at(draft, draft.type.startsWith('batch.') ? 60 : 0),
        ...{ seq: before.seq + 1, actor: 'test', corr: 'c1' },
      } as Parameters<typeof reduce>[1]),
    emptyState,
  );
  expect(textOf(tasksTab.body({ ...context, state })).at(-1)).toContain('✔ 5 Task 5 | merged 5s');
});

test('the head of the board counts apart what no check has looked at', () => {
  const facts = [...threeAgents, ...done('5'), task('6', 'Six'), ...started('6', 'rehearsal-3'), unchecked('6')];
  expect(textOf(tasksTab.body(tabContext(facts)))[4]?.[0]).toBe('✔ done 2 (1 unchecked)');
});

test('in a narrow column work that no check has looked at is marked as such before all else, merged or not', () => {
  const merged = (id: string, n: number): EventDraft[] => [
    { type: 'batch.started', data: { id: `batch-${n}`, target: 'drover/integration', base_commit: 'a', tasks: [id] } },
    { type: 'batch.merged', data: { id: `batch-${n}`, task: id, branch: `b-${id}`, commit: 'c'.repeat(40) } },
  ];
  const facts = [
    ...[
      ...threeAgents,
      ...done('5'),
      task('6', 'A task of some length'),
      ...started('6', 'rehearsal-3'),
      unchecked('6'),
    ],
    ...[...merged('5', 1), ...merged('6', 2)],
  ];
  const cards = (width: number): readonly string[] => textOf(tasksTab.body(tabContext(facts, { width }))).at(-1) ?? [];
  expect(cards(80).toSorted().slice(0, 2)).toEqual(['✔ 5 Task 5 | merged 1m', '✔ 6 A task of some length | unchecked']);
  expect(cards(300)).toContain('✔ 6 A task of some length | unchecked merged 1m');
  const inThird = tasksTab.body(tabContext([...facts, task('7', 'Seven')], { width: 80 })).columns.at(-1);
  const line = inThird?.lines.find(({ id }) => id === '6');
  expect(spread(line?.pieces ?? [], line?.right ?? [], 26)).toMatch(/unchecked/u);
});

test('a long title in a wide column has all of it, and who is at work stands below', () => {
  const facts = [...threeAgents, task('4', LONG), ...started('4', 'rehearsal-3', 20)];
  const [running] = textOf(tasksTab.body(tabContext(facts, { width: 220 })));
  const at = running!.findIndex((line) => line.startsWith('● 4'));
  expect(running!.slice(at, at + 2)).toEqual([`● 4 ${LONG}`, expect.stringMatching(/^ {2}→ rehearsal-3 .*20%/u)]);
});

test('where there is room a card is one line', () => {
  const [running] = textOf(tasksTab.body(tabContext(threeAgents, { width: 300 })));
  expect(running?.[1]).toBe('● 2.1 Parse the lines |  → rehearsal-1 ▰▰▱▱ 60% 1m');
});

test('[TUI-6] work that could not be merged stands apart, with whom and where it conflicts', () => {
  const facts: readonly EventDraft[] = [
    ...threeAgents,
    ...done('7'),
    ...done('8'),
    { type: 'batch.started', data: { id: 'batch-1', target: 'drover/integration', base_commit: 'a', tasks: ['8'] } },
    {
      type: 'conflict.examined',
      data: {
        ...{ batch: 'batch-1', task: '8', ours: 'a', theirs: 'b', with: ['7'], note: null },
        files: [{ path: 'src/app.txt', solved: false, how: 'both changed it', lines: 3, hunks: [] }],
      },
    },
    {
      type: 'batch.set_aside',
      data: {
        ...{ id: 'batch-1', task: '8', reason: 'conflict', message: 'conflict with 7' },
        ...{ files: ['src/app.txt'], commit: 'b'.repeat(40) },
      },
    },
    { type: 'batch.finished', data: { id: 'batch-1' } },
  ];
  const columns = textOf(tasksTab.body(tabContext(facts)));
  expect(columns[3]?.slice(0, 3)).toEqual(['⚡ conflict 1', '⚡ 8 Task 8 | 1m', '  with 7 in src/app.txt (3 lines)']);
  expect(columns[4]).toEqual(['✔ done 1', '✔ 7 Task 7 | 1m']);
});

test('[GIT-4] a task at work says with whose work it would conflict as it is now', () => {
  const clash: EventDraft = {
    type: 'conflict.predicted',
    data: {
      ...{ id: 'rehearsal-1/rehearsal-2', instances: ['rehearsal-1', 'rehearsal-2'], tasks: ['2.1', '2.2'] },
      files: [{ path: 'a.ts', kind: 'contents', lines: [[[3, 9]], [[3, 9]]] }],
      ...{ policy: 'warn', paused: null },
    },
  };
  const [running] = textOf(tasksTab.body(tabContext([...threeAgents, clash])));
  expect(running).toContain('  ⚡ with 2.2 in a.ts lines 3–9');
});

test('keys of a task run what can be said of it', () => {
  const context = tabContext([...threeAgents, ...failed]);
  expect(commandOf(tasksTab, 'enter', '2.1', context)).toBe('show task 2.1');
  expect(commandOf(tasksTab, 's', '2.1', context)).toBe('run task 2.1');
  expect(commandOf(tasksTab, 's', '3', context)).toBe('retry task 3');
  expect(commandOf(tasksTab, 'b', '3', context)).toBe('show brief 3');
  expect(commandOf(tasksTab, 'd', '3', context)).toBe('show diff 3');
  const again = tabContext([...threeAgents, ...failed, { type: 'task.reopened', data: { id: '3', reason: 'x' } }]);
  expect(commandOf(tasksTab, 'd', '3', again)).toBe('show diff 3');
  expect(commandOf(tasksTab, 'm', '3', context)).toBeNull();
  expect(commandOf(tasksTab, 'x', '3', context)).toBe('cancel task 3');
});

test('a task whose agent stands still has the mark of why, in the board and in the list', () => {
  const facts = [...threeAgents, moved('rehearsal-1', 'waiting', 'Which port?')];
  for (const mode of [0, 1]) {
    const lines = tasksTab.body(tabContext(facts, { own: { mode } })).columns.flatMap((column) => column.lines);
    const [asking, working] = ['2.1', '2.2'].map((id) => lines.findIndex((line) => line.id === id));
    expect(lines[asking!]!.pieces[0]).toMatchObject({ text: expect.stringContaining('?'), color: 'yellow' });
    expect(lines[working!]!.pieces[0]).toMatchObject({ text: expect.stringContaining('●'), color: 'green' });
    const words = (at: number) => {
      const next = lines.findIndex(({ id, heading }, i) => i > at && (id !== undefined || heading === true));
      return JSON.stringify(lines.slice(at, next));
    };
    expect([words(asking!).includes('waiting'), words(working!).includes('waiting')]).toEqual([true, false]);
  }
});

test('a task whose checks run does not stand still, whatever its agent does meanwhile', () => {
  const claimed: EventDraft = { type: 'run.claimed', data: { id: '2.1', summary: null } };
  const facts = [...threeAgents, claimed, moved('rehearsal-1', 'waiting', 'Which port?')];
  for (const mode of [0, 1]) {
    const lines = tasksTab.body(tabContext(facts, { own: { mode } })).columns.flatMap((column) => column.lines);
    const at = lines.findIndex(({ id }) => id === '2.1');
    expect(lines[at]!.pieces[0]).toMatchObject({ text: expect.stringContaining('●'), color: 'green' });
    expect(JSON.stringify(lines.slice(at, at + 2))).not.toContain('waiting');
  }
});

test('what is archived is neither listed nor counted, as on the command line', () => {
  const archived = (id: string): EventDraft => ({ type: 'task.archived', data: { id, archived: true } });
  const facts = [created('1'), created('2'), archived('2'), created('3', {}, true), archived('3')];
  for (const mode of [0, 1]) {
    const lines = textOf(tasksTab.body(tabContext(facts, { own: { mode } }))).flat();
    expect(lines.join('\n')).not.toMatch(/Title of [23]/u);
  }
  const { state } = tabContext(facts);
  expect(groupTasks(state).ready.map(({ id }) => id)).toEqual(['1']);
  expect(swarmStatus(state).tasks).toMatchObject({ total: 3, given_up: 1, ready: 1 });
});

test('where a card has no room for all of how far its task is, the bar goes first, and no number is cut', () => {
  const asking = [
    ...threeAgents,
    task('4', 'Choose'),
    ...started('4', 'rehearsal-3', 20),
    moved('rehearsal-3', 'waiting', 'Which?'),
  ];
  const facts = [...asking, task('5', 'Ready'), ...done('6')];
  const [running] = textOf(tasksTab.body(tabContext(facts, { width: 80 })));
  expect(running!.filter((line) => line.includes('→'))).toEqual([
    '  → rehearsal-1 60% 1m',
    '  → rehearsal-2 10% 1m',
    '  → rehearsal-3 waiting',
  ]);
});
