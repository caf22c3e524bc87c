import { expect, test } from 'vitest';
import { attentionOf, offeredTo } from '../../../src/attention/attention.ts';
import { maySay } from '../../../src/commands/dispatch.ts';
import { parse } from '../../../src/protocol/parse.ts';
import type { Role } from '../../../src/protocol/signature.ts';
import { emptyState } from '../../../src/state/index.ts';
import { boundIn, keyGroups, keyTables } from '../../../src/tui/control/key-list.ts';
import { ACTIONS, actionOf, isNamed, KEY_TABLE, meantKey } from '../../../src/tui/control/key-table.ts';
import { openKeyList } from '../../../src/tui/control/pane-keys.ts';
import { initialScreen } from '../../../src/tui/model/screen-state.ts';
import { helpTab } from '../../../src/tui/tabs/help.ts';
import { tabOf } from '../../../src/tui/tabs/index.ts';
import { TAB_IDS, type TabId } from '../../../src/tui/tabs/tab-ids.ts';
import { language } from '../../fixtures/signatures.ts';
import { personOf } from '../../helpers/context.ts';
import { created, instance, started, verified } from '../../tasks/journal.ts';
import { tabContext } from '../tabs/tab-context.ts';

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

test('the list of a view says what a key does there, and not what it does elsewhere', () => {
  const helpOf = (view: TabId, key: string): string | undefined =>
    keyGroups(view)
      .flatMap(({ lines }) => lines)
      .find(({ label }) => label === key)?.help;
  expect(TAB_IDS.map((view) => helpOf(view, 'x'))).toEqual([
    'cancel the task of the selected agent',
    'cancel the selected task',
    'remove the selected worktree',
    undefined,
    'dismiss the selected alert; stop the agent that is lost',
    ...[undefined, undefined, undefined],
    'take the selected comment back',
  ]);
  expect([helpOf('agents', 'v'), helpOf('tasks', 'v'), helpOf('review', 'v')]).toEqual([
    'another layout: tiles, a list, one pane',
    'show it in another way: board, list, graph, timeline',
    'show it in another way: as it fits, side by side, one below the other',
  ]);
  expect([helpOf('agents', 'z'), helpOf('tasks', 'z')]).toEqual([
    'the selected pane alone; again: all panes',
    'all done; again: as before',
  ]);
  expect(helpOf('alerts', '/')).toBe('show only what has these words');
  expect(helpOf('agents', 'Enter')).not.toContain('elsewhere');
});

test('the list of a view says what its keys do as it is shown', () => {
  const tasksAs = (mode: number) => {
    const first = initialScreen([]);
    const own = { ...first.tabs.states.tasks, mode };
    const tabs = { ...first.tabs, open: 'tasks', states: { ...first.tabs.states, tasks: own } } as const;
    const { page } = openKeyList({ ...first, tabs }, { maySay: () => true }).overlays;
    const lines = keyGroups(page!.keysOf!).flatMap((group) => group.lines);
    return lines.find(({ label }) => label === 'z')?.help;
  };
  expect([0, 1, 2, 3].map(tasksAs)).toEqual([
    'all done; again: as before',
    undefined,
    undefined,
    'closer; again: all the time',
  ]);
});

test('a familiar key stands for one of the table, and for none that means something else here', () => {
  for (const key of ['<', '>', 'G', 'ctrl+b', 'ctrl+u', 'ctrl+f', 'ctrl+d']) {
    expect(actionOf(key)).toBeUndefined();
    expect(actionOf(meantKey(key))).toBeDefined();
  }
});

const mayAs = (role: Role) => (line: string) => maySay({ actor: personOf('eve', role), language }, line);

test('[SEC-1] a key that says what somebody is refused is not named to them, in any list of keys', () => {
  const unnamed = (role: Role) => ACTIONS.filter((action) => !isNamed(action, mayAs(role)));
  expect(unnamed('admin')).toEqual([]);
  expect(unnamed('operator')).toEqual(['merge', 'mergeAll']);
  expect(unnamed('viewer')).toEqual([
    ...['answer', 'attach', 'start', 'merge', 'mergeAll', 'remove'],
    ...['approve', 'sendBack', 'comment', 'seen', 'takeOver'],
  ]);
  const { page } = openKeyList(initialScreen([]), { maySay: mayAs('viewer') }).overlays;
  const labels = keyGroups('agents', page?.unnamed).flatMap(({ lines }) => lines.map(({ label }) => label));
  expect(labels).toEqual(expect.arrayContaining(['Enter', 'd', 'n', 'g', 'q']));
  for (const label of ['r', 'a', 's', 'm', 'M', 'x']) expect(labels).not.toContain(label);
  const { columns } = helpTab.body({
    ...tabContext([]),
    attention: offeredTo(attentionOf(emptyState), mayAs('viewer')),
  });
  const told = columns[1]!.lines.map(({ pieces }) => pieces[0]!.text.trim());
  expect([told.includes('n'), told.includes('r')]).toEqual([true, false]);
});

test('each key says in every view what takes the role by which it is named', () => {
  const context = tabContext([...instance('a-1'), created('t1'), started('t1', 'a-1'), verified('t1')]);
  for (const view of TAB_IDS)
    for (const { action, command } of tabOf(view)?.keys ?? [])
      for (const id of ['t1', 'a-1'])
        for (const role of ['viewer', 'operator'] as const) {
          const line = command?.(id, context) ?? null;
          if (line !== null && parse(line, language).ok)
            expect([view, action, role, mayAs(role)(line)]).toEqual([view, action, role, isNamed(action, mayAs(role))]);
        }
  for (const action of ACTIONS) {
    const row: { readonly says?: string } = KEY_TABLE[action];
    if (row.says !== undefined) expect(parse(row.says, language)).toMatchObject({ ok: true });
  }
});

test.each(['ready', 'next', '3-1'])(
  'a key of a task is about the one that is selected, also where that is called %s',
  (id) => {
    const done = [...instance('a-1'), created(id), started(id, 'a-1'), verified(id)];
    for (const context of [tabContext([created(id)]), tabContext(done)])
      for (const { action, command } of tabOf('tasks')?.keys ?? []) {
        const line = command?.(id, context) ?? null;
        const read = line === null ? null : parse(line, language);
        if (read !== null)
          expect([action, read]).toMatchObject([action, { ok: true, meaning: { parameters: { id } } }]);
      }
  },
);
