import { expect, test } from 'vitest';
import { makeModelSource } from '../../../src/tui/app/model-source.ts';
import { initialScreen } from '../../../src/tui/model/screen-state.ts';
import { upNext } from '../../../src/tui/model/up-next.ts';
import { withFilter } from '../../../src/tui/tabs/tab-filter.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { created, fakeSwarm, moved, NOW, START, started, task, threeAgents } from '../fake-swarm.ts';

import { requested } from '../../tasks/journal.ts';
import { type ScreenChanges, screenWith } from '../screen-with.ts';

const IDS = ['rehearsal-1', 'rehearsal-2', 'rehearsal-3'];

const open = (changes: ScreenChanges = {}) => {
  const keeper = { screen: screenWith(initialScreen(IDS), changes) };
  const client = fakeSwarm(threeAgents);
  const options = { client, io: { size: () => ({ columns: 120, rows: 36 }) }, now: () => NOW };
  return { keeper, client, source: makeModelSource(options, { answers: new Map() }, keeper) };
};

test('the model tells what the swarm is now: its instances, and who needs a person', () => {
  const { source, client } = open();
  expect(source.current()).toMatchObject({ ids: IDS, present: IDS, open: null, now: NOW, queue: [] });
  client.apply(moved('rehearsal-2', 'waiting', 'Which port?'));
  const { queue, questions } = source.current();
  expect([[...queue], [...questions.keys()]]).toEqual([['rehearsal-2'], ['rehearsal-2']]);
});

test('[SEC-1] what whoever sits here is refused is not offered; it is as soon as they may', () => {
  let may = false;
  const [none, all] = [(line: string) => line.startsWith('show '), () => true];
  const client = fakeSwarm([...threeAgents, task('2.4', 'Write it down')]);
  const options = { client, io: { size: () => ({ columns: 120, rows: 36 }) }, maySay: () => (may ? all : none) };
  const source = makeModelSource(options, { answers: new Map() }, { screen: screenWith(initialScreen(IDS), {}) });
  const offered = () => {
    const { attention, layout } = source.current();
    return [attention.work[0]?.command, layout.banner.height];
  };
  expect(offered()).toEqual([undefined, 0]);
  may = true;
  expect(offered()).toEqual(['run all ready tasks', 1]);
});

test('[SEC-1] that whoever sits here may only look is said as long as it is so, also where there is no agent', () => {
  let why: string | undefined = 'You may only look.';
  for (const drafts of [threeAgents, []]) {
    const options = {
      ...{ client: fakeSwarm(drafts), io: { size: () => ({ columns: 120, rows: 36 }) }, onlyLooks: () => why },
    };
    const source = makeModelSource(options, { answers: new Map() }, { screen: screenWith(initialScreen([]), {}) });
    const said = () => {
      const { attention, layout } = source.current();
      return [attention.barred?.why, layout.banner.height];
    };
    why = 'You may only look.';
    expect(said()).toEqual([why, 1]);
    why = undefined;
    expect(said()).toEqual([undefined, 0]);
  }
});

test('instances stand in the order that was asked for; a filter hides some, but never who is typed into', () => {
  const order = ['rehearsal-3', 'rehearsal-2', 'rehearsal-1'];
  const { source, keeper } = open({ panes: { order } });
  expect(source.current().ids).toEqual(order);
  keeper.screen = { ...keeper.screen, tabs: withFilter(keeper.screen.tabs, 'idle') };
  expect(source.current()).toMatchObject({ ids: ['rehearsal-3'], present: order });
  const typing = { id: 'rehearsal-1', over: null, focus: 'panes' } as const;
  keeper.screen = screenWith(keeper.screen, { panes: { typing } });
  expect(source.current().ids).toEqual(['rehearsal-3', 'rehearsal-1']);
});

test('the layout goes by the size of the terminal and what is selected', () => {
  const { source, keeper } = open();
  expect(source.current().layout.tiles.tiles).toHaveLength(3);
  keeper.screen = screenWith(keeper.screen, { panes: { isZoomed: true } });
  expect(source.current().layout.shape).toBe('focus');
});

test('a tab is open where the screen says so, with what is foretold of the work', () => {
  const { source, keeper } = open();
  const metrics = source.openIn(screenWith(keeper.screen, { tabs: { open: 'metrics' } }));
  expect(metrics?.context.outlook).toMatchObject({ foretold: 2, open: 3 });
  expect(source.openIn(keeper.screen)).toBeNull();
});

test('what is foretold is foretold anew after a while, though nothing has changed', () => {
  let now = Date.parse(START);
  const long = { ...task('4', 'Long') } as Extract<EventDraft, { type: 'task.created' }>;
  const estimated = { ...long, data: { ...long.data, task: { ...long.data.task, estimated_duration: 60_000 } } };
  const client = fakeSwarm([created(1), moved('rehearsal-1', 'working'), estimated, ...started('4', 'rehearsal-1')]);
  const options = { client, io: { size: () => ({ columns: 120, rows: 36 }) }, now: () => now };
  const source = makeModelSource(options, { answers: new Map() }, { screen: screenWith(initialScreen(IDS), {}) });
  const leftAfter = (ms: number): number | null => {
    now = Date.parse(START) + ms;
    return source.current().outlook.leftMs;
  };
  expect([0, 5000, 30_000, 59_000, 120_000, -3_600_000].map(leftAfter)).toEqual([
    ...[60_000, 55_000, 30_000, 5900, 12_000, 60_000],
  ]);
});

test('no time is told for a moment more when all agents are stopped or paused', () => {
  const long = { ...task('4', 'Long') } as Extract<EventDraft, { type: 'task.created' }>;
  const estimated = { ...long, data: { ...long.data, task: { ...long.data.task, estimated_duration: 60_000 } } };
  for (const state of ['paused', 'stopping'] as const) {
    const client = fakeSwarm([created(1), moved('rehearsal-1', 'working'), estimated, ...started('4', 'rehearsal-1')]);
    const options = { client, io: { size: () => ({ columns: 120, rows: 36 }) }, now: () => NOW };
    const source = makeModelSource(options, { answers: new Map() }, { screen: screenWith(initialScreen(IDS), {}) });
    expect(source.current().outlook.leftMs).not.toBeNull();
    client.apply(moved('rehearsal-1', state));
    expect([state, source.current().outlook.leftMs]).toEqual([state, null]);
  }
});

test('what has begun is not called next for a moment more', () => {
  const urgent = { ...task('4', 'Soon') } as Extract<EventDraft, { type: 'task.created' }>;
  const client = fakeSwarm([
    ...[created(1), moved('rehearsal-1', 'idle'), task('3', 'Later')],
    { ...urgent, data: { ...urgent.data, task: { ...urgent.data.task, priority: 'urgent' } } },
    ...[task('2', 'Last'), requested('4', '3', '2')],
  ]);
  const options = { client, io: { size: () => ({ columns: 120, rows: 36 }) }, now: () => NOW };
  const source = makeModelSource(options, { answers: new Map() }, { screen: screenWith(initialScreen(IDS), {}) });
  const next = () => upNext(source.current())?.id;
  expect(next()).toBe('4');
  for (const draft of started('4', 'rehearsal-1')) client.apply(draft);
  expect([next(), source.current().outlook.next]).toEqual(['2', '2']);
});
