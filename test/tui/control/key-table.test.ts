import { expect, test } from 'vitest';
import { boundIn, keyGroups, keyTables } from '../../../src/tui/control/key-list.ts';
import { ACTIONS, actionOf, KEY_TABLE, meantKey } from '../../../src/tui/control/key-table.ts';
import { tabOf } from '../../../src/tui/tabs/index.ts';
import { TAB_IDS } from '../../../src/tui/tabs/tab-ids.ts';

test('no key has two meanings, in whichever view', () => {
  const keys = ACTIONS.flatMap((action) => KEY_TABLE[action].keys);
  expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
  for (const action of ACTIONS) for (const key of KEY_TABLE[action].keys) expect(actionOf(key)).toBe(action);
  for (const view of TAB_IDS) {
    const own = (tabOf(view)?.keys ?? []).map(({ action }) => action);
    expect(own.filter((action, i) => own.indexOf(action) !== i)).toEqual([]);
    expect(own.filter((action) => !boundIn(view).has(action))).toEqual([]);
  }
});

test('every key of the table is bound in some view, and told in the list of keys and in the documents', () => {
  const bound = new Set(TAB_IDS.flatMap((view) => [...boundIn(view).keys()]));
  expect(ACTIONS.filter((action) => !bound.has(action))).toEqual([]);
  const told = keyTables().flatMap(({ rows }) => rows.map(([label, , where]) => [label, where]));
  expect(told).toHaveLength(ACTIONS.length);
  expect(told.filter(([, where]) => where === '')).toEqual([]);
  expect(told).toContainEqual(['M', 'all']);
  expect(told).toContainEqual(['b', 'Agents, Tasks']);
});

test('the list of a view has its own keys and those of all views, by what they are for', () => {
  const labels = keyGroups('tasks').flatMap(({ lines }) => lines.map(({ label }) => label));
  for (const label of ['s', 'b', 'x', 'r', 'M', '?', 'q']) expect(labels).toContain(label);
  for (const label of ['A', 'c', 'o']) expect(labels).not.toContain(label);
  expect(keyGroups('agents').map(({ title }) => title)).toEqual([
    ...['Look', 'Answer', 'Decide', 'Move', 'The screen', 'Command line'],
  ]);
});

test('a familiar key stands for one of the table, and for none that means something else here', () => {
  for (const key of ['<', '>', 'G', 'ctrl+b', 'ctrl+u', 'ctrl+f', 'ctrl+d']) {
    expect(actionOf(key)).toBeUndefined();
    expect(actionOf(meantKey(key))).toBeDefined();
  }
});
