import { expect, test } from 'vitest';
import { offeredTo } from '../../../src/attention/attention.ts';
import { withTabs } from '../../../src/tui/model/screen-state.ts';
import { reviewTab } from '../../../src/tui/tabs/review.ts';
import { tabFooter } from '../../../src/tui/tabs/tab-footer.ts';
import type { TabId } from '../../../src/tui/tabs/tab-ids.ts';
import type { TabState } from '../../../src/tui/tabs/tab-state.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { created, failed, instance, started, verified } from '../../tasks/journal.ts';
import { moved, threeAgents } from '../fake-swarm.ts';
import { alert, modelOf } from '../panels/draw-panel.ts';
import { openTabIn } from './open-tab-in.ts';
import { tabContext } from './tab-context.ts';

const key = (label: string, help: string) => [{ text: `[${label} ${help}]` }];
const footerOf = (tab: TabId, own: Partial<TabState> = {}, isFiltering = false): string | null => {
  const { view, openIn } = openTabIn(tab, threeAgents);
  const screen = withTabs(view(own), { isFiltering });
  const pieces = tabFooter({ ...modelOf(threeAgents), screen, open: openIn(screen) }, key);
  return pieces?.map(({ text }) => text).join('') ?? null;
};

test('the footer of a view has its keys, and what Esc does there', () => {
  expect(footerOf('tasks')).toContain('[/ filter][Esc agents][? keys]');
  expect(footerOf('log')).toContain('[/ search]');
  expect(footerOf('tasks', { filter: 'parse' })).toMatch(/^ \/ parse .*\[Esc show all\]/u);
});

test('[SEC-1] the footer of a view names no key that says what is refused to who looks', () => {
  const { view, openIn } = openTabIn('tasks', threeAgents);
  const screen = view({});
  const open = openIn(screen)!;
  const attention = offeredTo(open.context.attention, (line) => line.startsWith('show '));
  const pieces = tabFooter(
    { ...modelOf(threeAgents), screen, open: { ...open, context: { ...open.context, attention } } },
    key,
  );
  const text = pieces!.map((piece) => piece.text).join('');
  expect(text).toMatch(/^\[Enter show\]\[b brief\]\[R review\]\[d diff\]\[/u);
  expect(text).not.toMatch(/start|merge|cancel/u);
});

test('the footer of the tasks names no key that would be refused for the selected one', () => {
  const facts = [
    ...[...instance('a-1'), created('1'), started('1', 'a-1'), verified('1')],
    ...[created('2'), started('2', 'a-1'), verified('2'), created('3'), created('4', { dependencies: ['3'] })],
    { type: 'batch.started', data: { id: 'b1', target: 'i', base_commit: 'c', tasks: ['1'] } },
    { type: 'batch.merged', data: { id: 'b1', task: '1', branch: 'b', commit: 'c1' } },
    { type: 'batch.finished', data: { id: 'b1' } },
  ] as readonly EventDraft[];
  const keysFor = (cursor: string, column: number) => {
    const { view, openIn } = openTabIn('tasks', facts);
    const screen = view({ cursor, column, mode: 1 });
    const pieces = tabFooter({ ...modelOf(facts), screen, open: openIn(screen) }, key)!;
    return /^(?<own>.*?)\[(?:z|v) /u.exec(pieces.map(({ text }) => text).join(''))?.groups?.['own'];
  };
  expect(keysFor('1', 0)).toBe('[Enter show][b brief][R review][d diff]');
  expect(keysFor('2', 0)).toBe('[Enter show][b brief][R review][d diff][m merge]');
  expect(keysFor('3', 0)).toBe('[Enter show][s start][b brief][x cancel]');
  // It waits for a task that nobody has asked for.
  expect(keysFor('4', 0)).toBe('[Enter show][b brief][x cancel]');
});

test('the key that takes an alert away is named for what it does to what is selected', () => {
  const facts = [
    ...threeAgents,
    moved('rehearsal-1', 'lost'),
    moved('rehearsal-2', 'waiting', 'Which?'),
    alert('info'),
  ];
  const footer = (cursor: string) => {
    const { view, openIn } = openTabIn('alerts', facts);
    const screen = view({ cursor });
    const pieces = tabFooter({ ...modelOf(facts), screen, open: openIn(screen) }, key);
    return /\[x (?<what>[^\]]+)\]/u.exec(pieces!.map(({ text }) => text).join(''))?.groups?.['what'];
  };
  expect(['instance rehearsal-1', 'instance rehearsal-2', 'info'].map(footer)).toEqual([
    'stop the agent',
    undefined,
    'dismiss',
  ]);
});

test('the panes have a footer of their own, unless a filter narrows them', () => {
  expect(footerOf('agents')).toBeNull();
  expect(footerOf('agents', { filter: 'idle' })).toBe(' / idle ');
});

const merged: readonly EventDraft[] = [
  { type: 'batch.started', data: { id: 'b1', target: 'i', base_commit: 'c', tasks: ['t1'] } },
  { type: 'batch.merged', data: { id: 'b1', task: 't1', branch: 'b', commit: 'c1' } },
  { type: 'batch.finished', data: { id: 'b1' } },
];

test('a review names the keys that can do anything for the work that is shown', () => {
  const done = [...instance('a-1'), created('t1'), started('t1', 'a-1'), verified('t1')];
  const footer = (
    drafts: readonly EventDraft[],
    subject: string | null,
    { approved = false, cursor = null as string | null } = {},
  ) => {
    const comments = [{ id: 'c1', file: 'a.ts' }];
    const head = { task: 't1', to: 'abc', approved, files: [], review: { comments, taken_over: null } };
    const context = tabContext(drafts, { own: { subject, cursor }, answers: { 'review task t1': head } });
    const model = modelOf(drafts, { focus: 'panes', tabs: { open: 'review' } });
    const lines = cursor === null ? [] : [{ id: cursor, pieces: [] }];
    const open = { tab: reviewTab, context, body: { columns: [{ title: [], lines, weight: 1 }] } };
    return tabFooter({ ...model, open }, key)!
      .map(({ text }) => text)
      .join('');
  };
  expect(footer(done, 't1')).toMatch(/^\[A approve\]\[S send back\]\[c comment\].*\[t take over\]\[m merge\]/u);
  expect(footer(done, 't1', { approved: true })).toMatch(/^\[S send back\]\[c comment\].*\[m merge\]/u);
  const broken = [...instance('a-1'), created('t1'), started('t1', 'a-1'), failed('t1')];
  expect(footer(broken, 't1')).toMatch(/^\[S send back\]\[s try again\]\[c comment\]/u);
  const after = footer([...done, ...merged], 't1');
  expect(after).toMatch(/^\[c comment\]/u);
  expect(after).not.toMatch(/approve|send back|take over|merge/u);
  expect(footer(done, null)).toMatch(/^\[Enter open\]\[v as/u);
  // Enter and x are for a line: one below the name of its file, and a comment.
  expect(footer(done, 't1', { cursor: 'f0' })).not.toMatch(/Enter|take the comment back/u);
  expect(footer(done, 't1', { cursor: 'f0n3' })).toMatch(/\[Enter top of the file\]\[v as/u);
  expect(footer(done, 't1', { cursor: 'c:c1' })).toMatch(/\[x take the comment back\]/u);
});

test('while a filter is typed it stands in the footer', () => {
  expect(footerOf('tasks', { filter: 'par' }, true)).toBe(' / par▏   [Enter keep][Esc show all]');
});
