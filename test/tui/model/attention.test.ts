import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { attentionQueue, nextInQueue, sortByAttention } from '../../../src/tui/model/attention.ts';
import { paneInstances, sortInstances } from '../../../src/tui/model/instance-list.ts';
import { created, moved, started, stateOf, task } from '../fake-swarm.ts';
import { openView } from '../open-view.ts';
import { drawPanel, modelOf } from '../panels/draw-panel.ts';

const result = {
  head_commit: 'b'.repeat(40),
  commits: 1,
  files: 1,
  insertions: 1,
  deletions: 0,
  check_ms: 1,
  check_output: '',
} as const;
const done = (id: string): EventDraft => ({ type: 'run.verified', data: { id, result } });

const queueOf = (drafts: readonly EventDraft[]) => {
  const state = stateOf(drafts);
  return attentionQueue(state, paneInstances(state.instances)).map(({ id, reason }) => `${id} ${reason}`);
};
const six = [1, 2, 3, 4, 5, 6].map((n) => created(n));

test('who needs a person comes in this order: waiting, failed, stuck, unknown, done and not reviewed', () => {
  const queue = queueOf([
    ...six,
    task('1', 'One'),
    ...started('1', 'rehearsal-1'),
    done('1'),
    moved('rehearsal-1', 'idle'),
    moved('rehearsal-2', 'stuck'),
    moved('rehearsal-3', 'failed'),
    moved('rehearsal-4', 'waiting', 'May I?'),
    moved('rehearsal-5', 'unknown'),
    moved('rehearsal-6', 'working'),
  ]);
  expect(queue).toEqual([
    'rehearsal-4 waiting',
    'rehearsal-3 failed',
    'rehearsal-2 stuck',
    'rehearsal-5 unknown',
    'rehearsal-1 unreviewed',
  ]);
});

test('of those with the same reason the one that waits longest is first', () => {
  const state = stateOf([...six, moved('rehearsal-1', 'failed'), moved('rehearsal-2', 'lost')]);
  const later = {
    ...state.instances['rehearsal-1']!,
    state: { ...state.instances['rehearsal-1']!.state, since: '2027-01-01T00:00:00.000Z' },
  };
  const queue = attentionQueue(state, [later, state.instances['rehearsal-2']!]);
  expect(queue.map(({ id }) => id)).toEqual(['rehearsal-2', 'rehearsal-1']);
});

test('a result is to be looked at until it is merged, and not while its agent is busy with something else', () => {
  const ran = [created(1), task('1', 'One'), ...started('1', 'rehearsal-1'), done('1')];
  expect(queueOf([...ran, moved('rehearsal-1', 'idle')])).toEqual(['rehearsal-1 unreviewed']);
  expect(queueOf([...ran, moved('rehearsal-1', 'working')])).toEqual([]);
});

test('the queue is walked round and round, both ways', () => {
  const queue = ['c', 'a'];
  const walk = [
    nextInQueue(queue, 'x', 1),
    nextInQueue(queue, 'x', -1),
    nextInQueue(queue, 'a', 1),
    nextInQueue(queue, null, 1),
  ];
  expect(walk).toEqual(['c', 'a', 'c', 'c']);
  expect(nextInQueue([], 'a', 1)).toBeNull();
});

test('an order that was asked for stays as it is; who comes later stands at the end', () => {
  expect(sortByAttention(['c'], ['a', 'b', 'c'])).toEqual(['c', 'a', 'b']);
  const instances = paneInstances(stateOf(six).instances);
  const order = ['rehearsal-3', 'rehearsal-1', 'rehearsal-2'];
  expect(sortInstances(instances, order).map(({ instance_id }) => instance_id.slice(-1))).toEqual([
    '3',
    '1',
    '2',
    '4',
    '5',
    '6',
  ]);
  expect(sortInstances(instances, null)).toBe(instances);
});

test('the header says how many need a person', () => {
  expect(drawPanel('header', modelOf(six))).not.toContain('need');
  expect(drawPanel('header', modelOf([...six, moved('rehearsal-2', 'stuck')]))).toContain(' 1 needs you ');
  const two = [...six, moved('rehearsal-2', 'stuck'), moved('rehearsal-3', 'failed')];
  expect(drawPanel('header', modelOf(two, {}, { columns: 40, rows: 20 }))).toContain(' 2 need you ');
});

test('n walks through those who need a person; panes stand still until o puts them first, and O back', async () => {
  const view = openView(six, {}, { columns: 160, rows: 50 });
  await view.see('rehearsal-6');
  await view.panes();
  const names = () =>
    view
      .screen()
      .match(/rehearsal-\d(?= [━─])/gu)
      ?.join(' ') ?? '';
  const before = names();
  view.swarm.apply(moved('rehearsal-5', 'waiting', 'May I?'), moved('rehearsal-2', 'failed'));
  await view.see('2 need you');
  expect(names()).toBe(before);
  view.type('n');
  await view.see('▶ rehearsal-5');
  view.type('n');
  await view.see('▶ rehearsal-2');
  view.type('N');
  await view.see('▶ rehearsal-5');
  view.type('o');
  await view.see('who needs you comes first');
  expect(names().startsWith('rehearsal-5 rehearsal-2 rehearsal-1')).toBe(true);
  view.swarm.apply(moved('rehearsal-5', 'working'));
  await view.see('1 needs you');
  expect(names().startsWith('rehearsal-5 rehearsal-2 rehearsal-1')).toBe(true);
  view.type('O');
  await view.see('in the order of creation');
  expect(names()).toBe(before);
});

test('a filter hides nobody who needs a person: they are counted, and n takes the filter away from them', async () => {
  const view = openView([...six, moved('rehearsal-2', 'working')], {}, { columns: 160, rows: 50 });
  await view.panes();
  view.type('/working\r');
  await view.gone('rehearsal-5');
  view.swarm.apply(moved('rehearsal-5', 'waiting', 'May I?'));
  await view.see('1 needs you');
  expect(view.screen()).toMatch(/1 waiting.* 1 working/u);
  view.type('n');
  await view.see('▶ rehearsal-5');
  expect(view.screen()).toContain('rehearsal-1');
});

test('n keeps a filter that shows who needs a person', async () => {
  const view = openView([...six, moved('rehearsal-2', 'stuck'), moved('rehearsal-3', 'stuck')]);
  await view.panes();
  view.type('/stuck\r');
  await view.see('▶ rehearsal-2');
  view.type('n');
  await view.see('▶ rehearsal-3');
  expect(view.screen()).not.toContain('rehearsal-1');
});
