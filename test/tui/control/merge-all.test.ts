import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { mergeAll } from '../../../src/tui/control/merge-all.ts';
import { askingOf } from '../../../src/tui/control/merge-question.ts';
import { handlePromptKey } from '../../../src/tui/prompt/prompt-keys.ts';
import { forecast } from '../../../src/tui/prompt/prompt-forecast.ts';
import { withCommand } from '../../../src/tui/answering/suggestion.ts';
import { language } from '../../fixtures/signatures.ts';
import { begin, created, instance, started, verified } from '../../tasks/journal.ts';
import { screenWith } from '../screen-with.ts';
import { initialScreen } from '../../../src/tui/model/screen-state.ts';
import { keyContext } from './key-context.ts';

const IDS = ['t1', 't2', 't3', 't4', 't5'];
const done = (id: string): EventDraft[] => [created(id), started(id, 'a-1'), verified(id)];
const approved = (task: string): EventDraft => ({ type: 'review.approved', data: { task, commit: 'abc', by: 'me' } });

/** What these facts mean to the screen of somebody whose settings say so. */
const contextOf = (drafts: readonly EventDraft[], review: 'none' | 'before-merge' = 'none') => {
  const state = begin(...instance('a-1'), ...drafts);
  const settings = settingsSchema.parse({ agent: 'rehearsal', review });
  return keyContext({ state, hint: (text) => forecast(text, { state, settings }, language) });
};

test('[TUI-6] that a merge of more than three asks is foretold', () => {
  const known = (count: number) => contextOf(IDS.slice(0, count).flatMap(done)).hint('merge completed branches');
  const asking = [1, 3, 4, 5].map((count) => {
    const one = known(count);
    return one.kind === 'ok' ? askingOf(one) : one;
  });
  expect(asking).toEqual([undefined, undefined, 'asks first', 'asks first']);
});

const screen = screenWith(initialScreen(['a-1']), {});
const pressed = (...args: Parameters<typeof contextOf>) => mergeAll(screen, contextOf(...args));
const typed = (line: string, ...args: Parameters<typeof contextOf>) =>
  handlePromptKey(withCommand(screen, line), 'enter', contextOf(...args))!;

test('[TUI-6] the question names what the command merges: of unapproved work nothing', () => {
  const all = IDS.flatMap(done);
  expect(pressed(all).screen.overlays.dialog).toMatchObject({ title: 'Merge 5 tasks?' });
  const four = pressed([...all, ...IDS.slice(1).map(approved)], 'before-merge');
  expect(four.screen.overlays.dialog).toMatchObject({ title: 'Merge 4 tasks?' });
  expect(four.screen.overlays.dialog!.targets).not.toContain('t1 Title of t1');
  const two = pressed([...all, ...IDS.slice(3).map(approved)], 'before-merge');
  expect(two).toMatchObject({ effect: { kind: 'run', text: 'merge completed branches' } });
  const none = pressed(all, 'before-merge');
  expect([none.effect, none.screen.commands.message?.text]).toEqual([
    undefined,
    '5 finished branches wait for a review first: t1, t2, t3, t4, t5.',
  ]);
});

test('[TUI-6] the question says how much of what it merges nobody has reviewed', () => {
  const all = IDS.flatMap(done);
  const asked = (...reviewed: readonly string[]) =>
    pressed([...all, ...reviewed.map(approved)]).screen.overlays.dialog?.loses;
  expect(asked()).toContain(' None of the 5 was reviewed. ');
  expect(asked('t1', 't2')).toContain(' 3 of the 5 were not reviewed. ');
  expect(asked('t1', 't2', 't3', 't4')).toContain(' 1 of the 5 was not reviewed. ');
  expect(asked(...IDS)).not.toContain('reviewed');
});

/** Work that a batch has set aside for a conflict, and the same after it was done otherwise. */
const aside = (id: string, hasChanged: boolean): EventDraft[] => [
  ...done(id),
  { type: 'batch.started', data: { id: `b-${id}`, target: 'i', base_commit: 'c', tasks: [id] } },
  {
    type: 'batch.set_aside',
    data: {
      ...{ id: `b-${id}`, task: id, reason: 'conflict', message: 'x', files: [] },
      commit: hasChanged ? 'before' : 'abc',
    },
  },
  { type: 'batch.finished', data: { id: `b-${id}` } },
  {
    type: 'alert.raised',
    data: {
      ...{ id: `aside:${id}`, severity: 'warning', text: `${id} aside`, suggestion: null },
      ...{ instance: null, task: id },
    },
  },
];

test('[TUI-6] work that was set aside is counted once it has changed, and is merged where there is nothing else', () => {
  expect(pressed(IDS.flatMap((id) => aside(id, true))).screen.overlays.dialog).toMatchObject({
    title: 'Merge 5 tasks?',
  });
  expect(pressed(aside('t1', true)).effect).toEqual({ kind: 'run', text: 'merge completed branches' });
  const still = pressed(aside('t1', false));
  expect([still.effect, still.screen.commands.message?.text]).toEqual([
    undefined,
    'No finished branch waits to be merged; aside until they change: t1 (x).',
  ]);
});

test('[TUI-6] the question names a conflict that is foreseen between what is merged, and none with work that goes on', () => {
  const all = [...IDS.flatMap(done), ...IDS.map(approved)];
  const clash = (one: string, other: string): EventDraft => ({
    type: 'conflict.predicted',
    data: {
      ...{ id: `${one}:${other}`, instances: ['a-1', 'a-2'], tasks: [one, other], policy: 'warn', paused: null },
      files: [{ path: 'src/app.txt', kind: 'contents', lines: [[[3, 9]], [[3, 9]]] }],
    },
  });
  const asked = (...clashes: readonly EventDraft[]) => pressed([...all, ...clashes]).screen.overlays.dialog?.loses;
  expect(asked()).toMatch(/stay as they are\. What does not merge is set aside\.$/u);
  expect(asked(clash('t1', 't9'))).toBe(asked());
  expect(asked(clash('t1', 't2'))).toContain(
    ' Foreseen: t1 and t2 both change src/app.txt lines 3–9 (a-1 and a-2); what does not merge is set aside.',
  );
  expect(asked(clash('t1', 't2'), clash('t2', 't3'))).toContain('(a-1 and a-2), and 1 more conflict; what');
});

test('[TUI-6] the whole command in the line asks as the key does, and says before what it merges', () => {
  const all = IDS.flatMap(done);
  expect(contextOf(all).hint('merge completed branches')).toMatchObject({
    says: 'merges up to 5 tasks: t1, t2, t3, t4, t5',
  });
  const asked = typed('merge completed branches squash', all);
  expect(asked.effect).toBeUndefined();
  expect(asked.screen.overlays.dialog).toMatchObject({
    title: 'Merge 5 tasks?',
    command: 'merge completed branches squash',
  });
  const runs = (line: string, facts = all) => typed(line, facts).effect;
  expect(runs('merge completed branches', all.slice(0, 6))).toMatchObject({ kind: 'run' });
  // One that is named, one that is only tried, and one that asks by itself or is agreed to.
  for (const line of ['merge branch t1', 'merge completed branches dry-run', 'merge completed branches to=main'])
    expect(runs(line)).toEqual({ kind: 'run', text: line });
  expect(runs('merge completed branches yes')).toMatchObject({ kind: 'run' });
});
