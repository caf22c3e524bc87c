import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import type { TabId } from '../../../src/tui/tabs/tab-ids.ts';
import type { TabState } from '../../../src/tui/tabs/tab-state.ts';
import { created, instance, started, verified } from '../../tasks/journal.ts';
import { reply, threeAgents } from '../fake-swarm.ts';
import { alert } from '../panels/draw-panel.ts';
import { openTabIn, trees, waitingAgent } from './open-tab-in.ts';
import { textOf } from './tab-context.ts';

const plan = {
  tasks: [{ id: '2.1', wave: 1, waits_for: [], end: null }],
  critical_path: [],
  unit: 'ms',
  length: 1,
  least: 1,
};
const said = [
  { ...alert('info'), data: { ...alert('info').data, raised_at: '' }, seq: 1, at: '2026-01-01T00:00:00Z', actor: 'a' },
];
const answers = new Map([
  ...trees,
  ['plan tasks', reply({ data: plan })],
  ['help', reply({ text: 'Agents\n  launch instance\n' })],
  [
    'list events type=command.finished,alert.raised,run.claimed,run.verified,run.failed,instance.moved limit=400',
    reply({ data: said }),
  ],
]);

const shownIn = (tab: TabId, drafts: readonly EventDraft[], own: Partial<TabState>, columns = 120): string[][] => {
  const { view, openIn } = openTabIn(tab, drafts, columns, answers);
  return textOf(openIn(view(own))!.body);
};

const VIEWS: readonly (readonly [tab: TabId, mode: number, drafts: readonly EventDraft[], really: RegExp])[] = [
  ['tasks', 0, threeAgents, /No task/u],
  ['tasks', 1, threeAgents, /No task/u],
  ['tasks', 2, threeAgents, /Nothing is left/u],
  ['tasks', 3, threeAgents, /Nothing has been done/u],
  ['worktrees', 0, threeAgents, /No worktree/u],
  ['messages', 0, threeAgents, /Nothing was said/u],
  ['alerts', 0, waitingAgent, /Nothing needs you/u],
  ['metrics', 0, threeAgents, /No agent/u],
  ['help', 0, threeAgents, /asking/u],
  ['review', 0, [...instance('a-1'), created('t1'), started('t1', 'a-1'), verified('t1')], /No task/u],
];

test.each(VIEWS)(
  'a filter that hides all of %s (%i) says so, and not that there is nothing',
  (tab, mode, drafts, really) => {
    const all = shownIn(tab, drafts, { mode }).flat().join('\n');
    expect(all).not.toMatch(really);
    const columns = shownIn(tab, drafts, { mode, filter: 'zzz' });
    expect(columns.flat().filter((text) => text.startsWith('('))).toEqual(['(nothing matches "zzz" · Esc shows all)']);
  },
);

test('beside a list stands what belongs to the first line that the filter leaves', () => {
  expect(shownIn('worktrees', threeAgents, { filter: 'two' }).map(([title]) => title)).toEqual([
    'worktrees',
    'diff of two',
  ]);
  expect(shownIn('alerts', waitingAgent, { filter: 'zzz' })).toHaveLength(1);
  const needs = shownIn('tasks', threeAgents, { mode: 1, filter: 'grammar' }).flat();
  expect(needs).toContainEqual(expect.stringContaining('before'));
});

test('a filter of the board finds what is done and folded', () => {
  const done = Array.from({ length: 40 }, (_, i) => `t${i + 1}`).flatMap((id) => [
    created(id, { title: `Shear sheep ${id}` }),
    started(id, 'a-1'),
    verified(id),
  ]);
  const board = (own: Partial<TabState>) =>
    shownIn('tasks', [...instance('a-1'), ...done], own)
      .flat()
      .join('\n');
  expect(board({})).toMatch(/▸ \d+ more/u);
  const found = board({ filter: 'sheep' });
  for (const id of ['t1', 't2', 't40']) expect(found).toContain(`sheep ${id}`);
  expect(found).not.toContain('more');
});

test('a filter of the help leaves the keys and the commands that have its words', () => {
  const [commands = [], keys = []] = shownIn('help', threeAgents, { filter: 'view' }, 140);
  expect(commands).toEqual(['commands']);
  expect(keys.length).toBeGreaterThan(1);
  const [, ...whole] = keys.join('\n').split(/\n(?! {15})/u);
  for (const text of whole) expect(text.replaceAll(/\s+/gu, ' ')).toContain('view');
  expect(shownIn('help', threeAgents, { filter: 'launch' }, 140)[0]).toEqual(['commands', '  launch instance']);
});
