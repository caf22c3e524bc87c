import { expect, test } from 'vitest';
import { barredStep } from '../../../src/attention/attention.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { type ScreenState, withOverlays } from '../../../src/tui/model/screen-state.ts';
import { panels } from '../../../src/tui/panels/index.ts';
import type { TabId } from '../../../src/tui/tabs/tab-ids.ts';
import { created, moved, NOW, task, threeAgents } from '../fake-swarm.ts';
import { alert, drawPanel, modelOf } from './draw-panel.ts';
import { openTabIn } from '../tabs/open-tab-in.ts';

const SMALL = { columns: 60, rows: 16 };

test('a question comes first, that of the selected agent before others, and what happened before what helps', () => {
  const asks = (n: number): EventDraft => moved(`rehearsal-${n}`, 'waiting', 'Which port should the server listen on?');
  const model = modelOf([...threeAgents, asks(1), alert('error'), asks(3)], { panes: { selected: 'rehearsal-3' } });
  expect(drawPanel('banner', model)).toMatch(/^ \? rehearsal-3 asks: Which port .* {2}\+2 more .*Ctrl-G {2}answer$/u);
  const other = modelOf([...threeAgents, asks(1), alert('error')], {
    focus: 'panes',
    panes: { selected: 'rehearsal-2' },
  });
  expect(drawPanel('banner', other)).toMatch(/^ \? rehearsal-1 asks: .*\+1 more .* r {2}answer$/u);
  const small = modelOf([...threeAgents, asks(3)], { focus: 'panes', panes: { selected: 'rehearsal-3' } }, SMALL);
  expect(drawPanel('banner', small)).toBe(' ? rehearsal-3 asks: Which port should the…       r  answer');
});

test.each<[readonly EventDraft[], string]>([
  [[alert('info')], ' i info text'],
  [[alert('info'), alert('warning')], ' i warning text'],
  [[alert('error', 'list worktrees')], ` ✖ error text${' '.repeat(58)}Ctrl-G  list worktrees`],
])('the banner shows the gravest alert (%#)', (drafts, expected) => {
  const text = drawPanel('banner', modelOf([created(1), ...drafts]));
  expect(text?.replace(/\s{20,}/, ' ... ')).toBe(expected.replace(/\s{20,}/, ' ... '));
});

test('without an alert there is no banner, and no banner text either', () => {
  const model = modelOf([created(1)]);
  expect(drawPanel('banner', model)).toBeUndefined();
  const banner = panels.find(({ id }) => id === 'banner')!;
  expect(banner.select(model, { x: 0, y: 0, width: 10, height: 1 })).toEqual({ width: 10, left: [], right: [] });
});

test('the banner says what happened, how much more there is, and which key does what helps', () => {
  const drafts = [...threeAgents, alert('error', 'list worktrees'), alert('info')];
  expect(drawPanel('banner', modelOf(drafts))).toMatch(/ ✖ error text .* Ctrl-G {2}list worktrees$/u);
  expect(drawPanel('banner', modelOf(drafts, { focus: 'panes' }))).toMatch(/ g {2}list worktrees$/u);
  expect(drawPanel('banner', modelOf([...threeAgents, alert('info')]))).toBe(' i info text');
});

test('where nobody is needed the banner says what the swarm stands still without, and where nothing is, nothing', () => {
  const idle = [created(1), moved('rehearsal-1', 'idle'), task('1', 'One'), task('2', 'Two')];
  expect(drawPanel('banner', modelOf(idle))).toMatch(
    /^ → 1 agent idle, 2 tasks ready .* Ctrl-G {2}run all ready tasks$/u,
  );
  expect(drawPanel('banner', modelOf([...idle, alert('warning')]))).toContain('→ 1 agent idle');
  expect(
    drawPanel('banner', modelOf([...idle, { type: 'task.requested', data: { ids: ['1', '2'] } }])),
  ).toBeUndefined();
});

test('while what is typed goes to an agent the banner says how its key is reached', () => {
  const drafts = [...threeAgents, alert('error', 'list worktrees')];
  const typing = { id: 'a-1', over: null, focus: 'panes' } as const;
  expect(drawPanel('banner', modelOf(drafts, { focus: 'panes', panes: { typing } }))).toMatch(
    / Ctrl-\] g {2}list worktrees$/u,
  );
  const fromLine = { ...typing, focus: 'prompt' } as const;
  expect(drawPanel('banner', modelOf(drafts, { focus: 'panes', panes: { typing: fromLine } }))).toMatch(
    / Ctrl-\] Ctrl-G {2}list worktrees$/u,
  );
});

test('the key of the banner says whether it does the step, or only writes it for Enter to run', () => {
  const key = (drafts: readonly EventDraft[], focus: 'panes' | 'prompt' = 'prompt') =>
    / {2,}(?<key>(?:Ctrl-G|g)(?: ↵)?) {2}\S.*$/u.exec(drawPanel('banner', modelOf(drafts, { focus }))!)?.groups?.[
      'key'
    ];
  const idle = [created(1), moved('rehearsal-1', 'idle'), task('1', 'One')];
  const stopped = [created(1), moved('rehearsal-1', 'stopped'), task('1', 'One')];
  expect([key(idle), key(idle, 'panes')]).toEqual(['Ctrl-G', 'g']);
  expect([key(stopped), key(stopped, 'panes')]).toEqual(['Ctrl-G ↵', 'g ↵']);
});

test('where a view or a page has the key for something of its own, the banner names the key that takes its step from anywhere', () => {
  const drafts = [created(1), alert('error', 'list worktrees'), alert('info', 'show alert "info"')];
  const help = (tab: TabId, cursor: string | null, page: ScreenState['overlays']['page'] = null) => {
    const { view, openIn } = openTabIn(tab, drafts);
    const screen = withOverlays(view({ cursor }), { page });
    return / {2}(?<key>Ctrl-G|g) {2}list/u.exec(
      drawPanel('banner', { ...modelOf(drafts), screen, open: openIn(screen) })!,
    )?.groups?.['key'];
  };
  // There `g` does what the selected alert suggests.
  expect(help('alerts', 'info')).toBe('Ctrl-G');
  expect(help('messages', null)).toBe('g');
  expect(help('messages', null, { title: 'a page', lines: ['text'], top: 0 })).toBe('Ctrl-G');
  const asks = [...drafts, moved('rehearsal-1', 'waiting', 'Which port?')];
  const page = { title: 'a page', lines: ['text'], top: 0 };
  expect(drawPanel('banner', modelOf(asks, { focus: 'panes' }))).toMatch(/ r {2}answer$/u);
  expect(drawPanel('banner', modelOf(asks, { focus: 'panes', overlays: { page } }))).toMatch(/ Ctrl-G {2}answer$/u);
});

test('the banner says when something happens as people say it, also of what is only to be known', () => {
  const due = new Date(NOW + 30_000).toISOString();
  const told = (suggestion: string | null): EventDraft => ({
    type: 'alert.raised',
    data: {
      ...{ id: 'x', severity: 'info', text: `it is started again by itself at ${due}` },
      ...{ suggestion, instance: null, task: null },
    },
  });
  for (const suggestion of [null, 'show alert "x"'])
    expect(drawPanel('banner', modelOf([...threeAgents, told(suggestion)]))).toMatch(
      /^ i it is started again by itself in 30s/u,
    );
});

test('[SEC-1] the banner says to whoever may only look what to do, and what needs a person before it', () => {
  const why =
    'You may only look. Say it in a terminal that no agent could have opened: nobody can tell whether a person says it here.';
  const barred = (drafts: readonly EventDraft[]) => {
    const model = modelOf([...drafts, alert('info')]);
    return drawPanel('banner', { ...model, attention: { ...model.attention, barred: barredStep(why) } });
  };
  expect(barred(threeAgents)).toMatch(
    /^ ! You may only look\. Say it in a terminal that no agent could have opened:.*Ctrl-G {2}status swarm$/u,
  );
  expect(barred([...threeAgents, moved('rehearsal-1', 'waiting', 'Which?')])).toMatch(
    /^ \? rehearsal-1 asks: Which\?/u,
  );
});
