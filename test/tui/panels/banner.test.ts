import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { panels } from '../../../src/tui/panels/index.ts';
import { created, threeAgents } from '../fake-swarm.ts';
import { alert, drawPanel, modelOf } from './draw-panel.ts';

const SMALL = { columns: 60, rows: 16 };

test('the alert about the selected agent comes first, and says what happened before what helps', () => {
  const asks = (n: number): EventDraft => ({
    type: 'alert.raised',
    data: {
      id: `waiting:${n}`,
      severity: 'warning',
      text: `rehearsal-${n} asks: Which port should the server listen on?`,
      suggestion: `answer rehearsal-${n} "yes"`,
      instance: `rehearsal-${n}`,
      task: null,
    },
  });
  const model = modelOf([...threeAgents, asks(1), alert('error'), asks(3)], { panes: { selected: 'rehearsal-1' } });
  expect(drawPanel('banner', model)).toContain('! rehearsal-1 asks: Which port');
  expect(drawPanel('banner', model)).toContain('answer rehearsal-1 …');
  const other = modelOf([...threeAgents, asks(1), alert('error')], {
    focus: 'panes',
    panes: { selected: 'rehearsal-2' },
  });
  expect(drawPanel('banner', other)).toContain('✖ error text  +1 more');
  const small = modelOf([...threeAgents, asks(3)], { focus: 'panes', panes: { selected: 'rehearsal-3' } }, SMALL);
  expect(drawPanel('banner', small)).toBe(' ! rehearsal-3 asks: Which port shoul…  g  answer rehearsa…');
});

test.each<[readonly EventDraft[], string]>([
  [[alert('info')], ' i info text'],
  [[alert('info'), alert('warning')], ' ! warning text  +1 more'],
  [[alert('error', 'restart instance x')], ` ✖ error text${' '.repeat(58)}Ctrl-G  restart instance x`],
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
  const drafts = [...threeAgents, alert('error', 'restart instance a-1'), alert('info')];
  expect(drawPanel('banner', modelOf(drafts))).toMatch(/ ✖ error text {2}\+1 more .* Ctrl-G {2}restart instance a-1$/u);
  expect(drawPanel('banner', modelOf(drafts, { focus: 'panes' }))).toMatch(/ g {2}restart instance a-1$/u);
  expect(drawPanel('banner', modelOf([...threeAgents, alert('info')]))).toBe(' i info text');
});
