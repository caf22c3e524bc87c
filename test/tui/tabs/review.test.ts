import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { reviewTab } from '../../../src/tui/tabs/review.ts';
import { afterDecision, openReview } from '../../../src/tui/tabs/open-view.ts';
import { pressTabKey } from '../../../src/tui/tabs/tab-navigation.ts';
import { begin, created, failed, instance, started, verified } from '../../tasks/journal.ts';
import { type ScreenState, withOverlays, withTabs } from '../../../src/tui/model/screen-state.ts';
import { key, pressAll, text } from '../control/press-keys.ts';
import { asking, onPanes } from '../control/screens.ts';
import { reply } from '../fake-swarm.ts';
import { reviewHead } from './review-answer.ts';
import { tabContext, textOf } from './tab-context.ts';

const done = (id: string): EventDraft[] => [created(id), started(id, 'a-1'), verified(id)];
const approved = (task: string): EventDraft => ({ type: 'review.approved', data: { task, commit: 'abc', by: 'me' } });
const all = [...instance('a-1'), ...['t1', 't2', 't3', 't4'].flatMap(done)];

const LONG = 'src/commands/reviews/a-command-with-a-long-name.ts';
const shown = (drafts: readonly EventDraft[], task: string, paths?: readonly string[], width?: number): string[][] =>
  textOf(
    reviewTab.body(
      tabContext(drafts, {
        own: { subject: task },
        answers: { [`review task ${task}`]: reviewHead(task, paths) },
        ...(width === undefined ? {} : { width }),
      }),
    ),
  );

test('a review tells which one of all that wait it is; what was approved is behind', () => {
  const titleOf = (drafts: readonly EventDraft[], task: string) => shown(drafts, task).at(-1)![0];
  expect(titleOf(all, 't1')).toBe('review of t1  1 of 4  Count');
  expect(titleOf([...all, approved('t1'), approved('t2')], 't3')).toBe('review of t3  3 of 4  Count');
  expect(titleOf([...instance('a-1'), ...done('t1')], 't1')).toBe('review of t1  Count');
  expect(titleOf([...all, approved('t1')], 't1')).toBe('review of t1  Count');
});

test('a review says that its work is merged before it is read again', () => {
  const merged = (batch: string): EventDraft[] => [
    { type: 'batch.started', data: { id: batch, target: 'i', base_commit: 'c', tasks: ['t1'] } },
    { type: 'batch.merged', data: { id: batch, task: 't1', branch: 'b', commit: 'c1' } },
    { type: 'batch.finished', data: { id: batch } },
  ];
  const headOf = (drafts: readonly EventDraft[], to: string): string => {
    const answers = { 'review task t1': { ...reviewHead('t1'), to } };
    return textOf(reviewTab.body(tabContext(drafts, { own: { subject: 't1' }, answers })))
      .flat()
      .join('\n');
  };
  const commit = begin(...all).tasks['t1']!.run!.result!.head_commit;
  expect(headOf(all, commit)).toContain('done, not approved');
  const after = headOf([...all, ...merged('batch-7')], commit);
  expect(after).toContain('merged in batch-7');
  expect(after).not.toContain('not approved');
  // Another commit than the one that is merged is not told to be.
  expect(headOf([...all, ...merged('batch-7')], 'other')).not.toContain('merged in');
});

test.each([
  ['approve task t2 commit=abc', 't3'],
  ['return task t2 "say more"', 't3'],
  ['send back t2', 't3'],
])('after %s the next work opens that waits, and the first again behind the last', (command, next) => {
  const state = begin(...all);
  const after = (screen = openReview(onPanes, 't2'), answer = reply({ data: { task: 't2' } }), facts = state) =>
    afterDecision(screen, { command, reply: answer }, facts).tabs.states.review.subject;
  expect(after()).toBe(next);
  const last = afterDecision(
    openReview(onPanes, 't4'),
    { command: command.replaceAll('t2', 't4'), reply: reply({ data: { task: 't4' } }) },
    state,
  );
  expect(last.tabs.states.review.subject).toBe('t1');
  // Refused, of another task, or where none waits any more, what is open stays.
  expect(after(undefined, reply({ exit: 6, data: { task: 't2' } }))).toBe('t2');
  expect(after(openReview(onPanes, 't1'))).toBe('t1');
  expect(after(undefined, undefined, begin(...instance('a-1'), ...done('t2')))).toBe('t2');
});

test('what else is said about a task leaves its review open', () => {
  const screen = openReview(onPanes, 't2');
  for (const command of ['merge branch t2', 'mark task t2 file=a.ts', 'comment task t2 file=a.ts line=1 "x"'])
    expect(afterDecision(screen, { command, reply: reply({ data: { task: 't2' } }) }, begin(...all))).toBe(screen);
  const { tabs, ...others } = screen;
  const away = { ...others, tabs: { ...tabs, open: 'agents' as const } };
  const said = { command: 'approve task t2', reply: reply({ data: { task: 't2' } }) };
  expect(afterDecision(away, said, begin(...all))).toBe(away);
});

test('the next work does not come under what is being typed, searched or read meanwhile', () => {
  const screen = openReview(onPanes, 't2');
  const decided = { command: 'approve task t2', reply: reply({ data: { task: 't2' } }) };
  const after = (now: ScreenState) => afterDecision(now, decided, begin(...all));
  const typing = { ...screen, focus: 'prompt' } as const;
  for (const busy of [
    withTabs(screen, { searched: 'mer' }),
    pressAll(typing, [text('comment task t2 "no"')]).screen,
    pressAll(typing, [key('ctrl+r')]).screen,
    withOverlays(screen, { page: { title: 'x', lines: ['y'], top: 0 } }),
    withOverlays(screen, { dialog: asking.overlays.dialog }),
  ])
    expect(after(busy)).toBe(busy);
  // Who has only gone to the command line goes on there, beside the next work; a draft that waits there hinders nothing.
  expect(after(typing)).toMatchObject({ focus: 'prompt', tabs: { states: { review: { subject: 't3' } } } });
  const draft = { ...pressAll(typing, [text('li')]).screen, focus: 'panes' } as const;
  expect(after(draft)).toMatchObject({ focus: 'panes', tabs: { states: { review: { subject: 't3' } } } });
});

test('the list of files is as wide as their names, and where there is no room for that their ends stay', () => {
  const listed = (width: number) => shown(all, 't1', [LONG, 'b.ts'], width)[0]!.slice(1, 3);
  expect(listed(200)).toEqual([`· ${LONG} | +12 −3`, '· b.ts | +12 −3']);
  expect(listed(140)[0]).toMatch(/^· ….*long-name\.ts \| \+12 −3$/u);
  expect(listed(100)[0]).toMatch(/^· ….*long-name\.ts \| \+12 −3$/u);
});

test('s tries again what failed: what is selected in the list, and what is open, as in the other views', () => {
  const drafts = [...instance('a-1'), ...done('t1'), created('t2'), started('t2', 'a-1'), failed('t2')];
  const pressed = (own: NonNullable<Parameters<typeof tabContext>[1]>['own'] & {}, answers = {}) => {
    const context = tabContext(drafts, { own, answers });
    const { isOfUse } = reviewTab.keys.find(({ action }) => action === 'start')!;
    return [
      isOfUse?.(context, own.subject ?? own.cursor ?? null),
      pressTabKey({ tab: reviewTab, context, body: reviewTab.body(context) }, 's')?.command,
    ];
  };
  expect(pressed({ cursor: 't2' })).toEqual([true, 'retry task t2']);
  expect(pressed({ cursor: 't1' })[0]).toBe(false);
  expect(pressed({ subject: 't2' }, { 'review task t2': reviewHead('t2') })).toEqual([true, 'retry task t2']);
  expect(pressed({ subject: 't1' }, { 'review task t1': reviewHead('t1') })[0]).toBe(false);
});
