import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { initialScreen, type ScreenState, withPanes } from '../../../src/tui/model/screen-state.ts';
import { openReview } from '../../../src/tui/tabs/open-view.ts';
import { begin, created, instance, started, verified } from '../../tasks/journal.ts';
import { keyContext } from '../control/key-context.ts';
import { onPanes } from '../control/screens.ts';
import { pressAll, text } from '../control/press-keys.ts';
import { openTabIn } from './open-tab-in.ts';

const done = (id: string): EventDraft[] => [created(id), started(id, 'a-1'), verified(id)];
const merged = (id: string): EventDraft[] => [
  { type: 'batch.started', data: { id: `b-${id}`, target: 'i', base_commit: 'c', tasks: [id] } },
  { type: 'batch.merged', data: { id: `b-${id}`, task: id, branch: 'b', commit: 'c1' } },
  { type: 'batch.finished', data: { id: `b-${id}` } },
];
const three = [...instance('a-1'), ...done('t1'), ...done('t2'), ...done('t3')];

/** What the view for reviews shows after its number was pressed. */
const shownBy = (screen: ScreenState, drafts: readonly EventDraft[], typed = '9'): string | null => {
  const pressed = pressAll(screen, [text(typed)], keyContext({ state: begin(...drafts) })).screen;
  expect(pressed.tabs.open).toBe('review');
  return pressed.tabs.states.review.subject;
};

/** The agents again, after the review of a task. */
const after = (task: string): ScreenState => {
  const { tabs, ...screen } = openReview(onPanes, task);
  return { ...screen, tabs: { ...tabs, open: 'agents' } };
};

test('the view for reviews opens on the first work that waits for one, and not on what was merged meanwhile', () => {
  expect(shownBy(onPanes, three)).toBe('t1');
  expect(shownBy(initialScreen([]), [...three, ...merged('t1')])).toBe('t2');
  expect(shownBy(after('t1'), [...three, ...merged('t1')])).toBe('t2');
  expect(shownBy(after('t3'), three)).toBe('t3');
  expect(shownBy(after('t1'), [...three, ...['t1', 't2', 't3'].flatMap(merged)])).toBeNull();
});

test('whoever has the view open already stays where they are', () => {
  expect(shownBy(openReview(onPanes, 't1'), [...three, ...merged('t1')])).toBe('t1');
});

test('the key for the work of an agent that has done none leads to the list', () => {
  expect(shownBy(withPanes(after('t1'), { selected: 'a-2' }), three, 'R')).toBeNull();
});

test('the list of reviews begins with the work that the view opens on', () => {
  // What was done first stands later in the plan.
  const drafts = [
    ...instance('a-1'),
    created('t1'),
    created('t2'),
    created('t3'),
    ...['t3', 't2', 't1'].flatMap((id) => [started(id, 'a-1'), verified(id)]),
  ];
  const { view, openIn } = openTabIn('review', drafts);
  const ids = openIn(view())!.body.columns[0]!.lines.map(({ id }) => id);
  expect([shownBy(onPanes, drafts), ...ids]).toEqual(['t1', 't1', 't2', 't3']);
});
