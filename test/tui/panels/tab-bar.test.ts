import { expect, test } from 'vitest';
import { shortTabTitle, TAB_IDS, tabTitle } from '../../../src/tui/tabs/tab-ids.ts';
import { tabBarRect, tabBoundsOf } from '../../../src/tui/tabs/tab-labels.ts';
import { alert, drawPanel, modelOf } from './draw-panel.ts';

const at = (columns: number, rows = 30) =>
  drawPanel('tab-bar', modelOf([], { tabs: { open: 'tasks' } }, { columns, rows }));

test('the bar numbers the views and names them; on 80 columns by short names, on fewer only the one that is open', () => {
  expect(at(160)?.trim()).toBe(TAB_IDS.map((id, i) => `${i + 1} ${tabTitle(id)}`).join('  '));
  expect(at(80)?.trim()).toBe(TAB_IDS.map((id, i) => `${i + 1} ${shortTabTitle(id)}`).join(' '));
  expect(at(50)?.trim()).toBe(TAB_IDS.map((id, i) => `${i + 1}${id === 'tasks' ? ` ${tabTitle(id)}` : ''}`).join('  '));
});

test('on a screen without room for the bar there is none', () => {
  expect([at(160, 10), at(12)]).toEqual([undefined, undefined]);
});

test('how many alerts need a person stands behind their view', () => {
  const bar = drawPanel('tab-bar', modelOf([alert('error'), alert('warning')], {}, { columns: 160, rows: 30 }));
  expect(bar).toContain(` ${tabTitle('alerts')} 1 `);
});

test('where the name of each view stands is known, for the mouse', () => {
  const model = modelOf([alert('error')], {}, { columns: 160, rows: 30 });
  const [bar = ''] = drawPanel('tab-bar', model)?.split('\n') ?? [];
  const { x: left } = tabBarRect(model)!;
  expect(tabBoundsOf(model).map(({ rect: { x, width } }) => bar.slice(x - left, x - left + width).trim())).toEqual(
    TAB_IDS.map((id, i) => `${i + 1} ${tabTitle(id)}${id === 'alerts' ? ' 1' : ''}`),
  );
  expect(tabBoundsOf(modelOf([], {}, { columns: 160, rows: 10 }))).toEqual([]);
});

test('the count fits on 80 columns as well, and is told from the number of its view on fewer', () => {
  const bar = drawPanel('tab-bar', modelOf([alert('error')], {}, { columns: 80, rows: 24 }));
  expect(bar).toContain(' 5 Alerts·1 6 Stats ');
  const narrow = drawPanel('tab-bar', modelOf([alert('error')], {}, { columns: 60, rows: 24 }));
  expect(narrow).toContain('  5·1  6  ');
});
