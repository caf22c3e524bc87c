import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { promptText } from '../../../src/tui/prompt/prompt-state.ts';
import { created, failed, instance, started, verified } from '../../tasks/journal.ts';
import { tabFooter } from '../../../src/tui/tabs/tab-footer.ts';
import { reply } from '../fake-swarm.ts';
import { modelOf } from '../panels/draw-panel.ts';
import { openTabIn } from './open-tab-in.ts';
import { commentOn, reviewAnswers } from './review-answer.ts';
import { shownColumns } from '../../../src/tui/tabs/tab-window.ts';

const begun = [...instance('a-1'), created('t1'), started('t1', 'a-1')];
const done = [...begun, verified('t1')];

/** What a key of an open review says, a command or a note. */
const said = (name: string, drafts: readonly EventDraft[]): string | undefined => {
  const { view, press } = openTabIn('review', drafts, 120, reviewAnswers('t1'));
  const { screen, effects } = press(view({ subject: 't1' }), name);
  const [effect] = effects;
  return effect?.kind === 'run' ? effect.text : screen.commands.message?.text;
};

test('only work that failed is done once more by a key of its review', () => {
  const approved: EventDraft = { type: 'review.approved', data: { task: 't1', commit: 'abc', by: 'me' } };
  expect(said('s', [...begun, failed('t1')])).toBe('retry task t1');
  // The daemon refuses that, and says how it is done all the same.
  expect(said('s', done)).toBe('run task t1');
  expect(said('s', [...done, approved])).toBe('run task t1');
});

const PATCHED = ['diff --git a/a.ts b/a.ts', 'index 1..2 100644', '@@ -0,0 +1,1 @@', '+one'].join('\n');

/** An open review with its first line of code selected. */
const onCode = (drafts: readonly EventDraft[] = done, comments: readonly ReturnType<typeof commentOn>[] = []) => {
  const open = openTabIn('review', drafts, 120, reviewAnswers('t1', ['a.ts'], { patch: PATCHED, comments }));
  return { ...open, screen: open.view({ subject: 't1', cursor: 'f0n1' }) };
};

test('behind a comment the keys are those of the review again', () => {
  const { screen, press, type } = onCode();
  const begun = press(screen, 'c').screen;
  expect([begun.focus, promptText(begun.prompt)]).toEqual(['prompt', 'comment task t1 file=a.ts line=1 ""']);
  const { screen: after, effects } = press(type(begun, 'why?'), 'enter');
  expect(effects).toEqual([{ kind: 'run', text: 'comment task t1 file=a.ts line=1 "why?"' }]);
  expect([after.focus, promptText(after.prompt)]).toEqual(['panes', '']);
  expect(press(after, 'A').effects).toEqual([{ kind: 'run', text: 'approve task t1 commit=abc' }]);
});

test('a comment that is gone on with later gives the keys back; a command that was begun in the line does not', () => {
  const { screen, press, type } = onCode();
  const left = press(type(press(screen, 'c').screen, 'why'), 'esc').screen;
  expect(left.focus).toBe('panes');
  expect(press(type(press(left, ':').screen, '?'), 'enter').screen.focus).toBe('panes');
  // Emptied and left, the line is nobody's.
  const emptied = press(press(press(screen, 'c').screen, 'ctrl+u').screen, 'ctrl+k').screen;
  const own = press(press(emptied, 'esc').screen, ':').screen;
  expect(press(type(own, 'list tasks'), 'enter').screen.focus).toBe('prompt');
  // And one that is given up, or emptied, and written anew is nobody's either.
  for (const keys of [['ctrl+c'], ['ctrl+u', 'ctrl+k']]) {
    const given = keys.reduce((before, key) => press(before, key).screen, press(screen, 'c').screen);
    expect(press(type(given, 'list tasks'), 'enter').screen.focus).toBe('prompt');
  }
});

test.each([
  { comments: [], words: '', foretold: { kind: 'incomplete' } },
  { comments: [], words: 'shorter', foretold: { kind: 'ok', says: 'sends t1 back to a-1 · "shorter"' } },
  { comments: [commentOn('a.ts')], words: '', foretold: { kind: 'ok', says: 'sends t1 back to a-1 with 1 comment' } },
  {
    comments: [commentOn('a.ts')],
    words: 'shorter',
    foretold: { kind: 'ok', says: 'sends t1 back to a-1 with 1 comment · "shorter"' },
  },
])('S asks for words whatever comments there are: $comments.length of them and "$words"', (one) => {
  const { comments, words, foretold } = one;
  const said = comments.map(
    ({ sent: _, at: _at, ...comment }): EventDraft => ({
      type: 'review.commented',
      data: { task: 't1', comment },
    }),
  );
  const { screen, press, type, hint } = onCode([...done, ...said], comments);
  const { screen: begun, effects } = press(screen, 'S');
  expect([effects, begun.focus, promptText(begun.prompt)]).toEqual([[], 'prompt', 'return task t1 ""']);
  const typed = type(begun, words);
  expect(hint(promptText(typed.prompt))).toMatchObject(foretold);
  const sent = press(typed, 'enter');
  const isSent = foretold.kind === 'ok';
  expect(sent.effects).toEqual(isSent ? [{ kind: 'run', text: `return task t1 "${words}"` }] : []);
  expect(sent.screen.focus).toBe(isSent ? 'panes' : 'prompt');
});

const LONG = Array.from({ length: 4000 }, (_, i) => `w${i}`).join(' ');
const PATCH = [
  ...['diff --git a/a.ts b/a.ts', 'index 1..2 100644', '--- a/a.ts', '+++ b/a.ts', '@@ -0,0 +1,34 @@'],
  ...Array.from({ length: 16 }, (_, i) => `+before ${i}`),
  ...[`+${LONG}`, `+${'two rows '.repeat(20)}`],
  ...Array.from({ length: 16 }, (_, i) => `+behind ${i}`),
].join('\n');

const SMALL_FILES = Array.from({ length: 40 }, (_, i) => `small${i}.ts`);
const SMALL = SMALL_FILES.map((name) =>
  [
    ...[`diff --git a/${name} b/${name}`, 'index 1..2 100644', `--- a/${name}`, `+++ b/${name}`],
    ...['@@ -0,0 +1,3 @@', '+one', '+two', '+three'],
  ].join('\n'),
).join('\n');

const WALKS = [
  [['down'], ['up']],
  [['pagedown'], ['pageup']],
  [
    ['pagedown', 'down', 'down'],
    ['pageup', 'up'],
  ],
] as const;

test.each(
  WALKS.flatMap(([forth, back]) => [
    { forth, back, patch: PATCH, files: ['a.ts'] },
    { forth, back, patch: SMALL, files: SMALL_FILES },
  ]),
)(
  'by $forth every row of a change is seen, also of a line that is longer than the screen, and by $back back: $files.length files',
  ({ forth, back, patch, files }) => {
    const { view, openIn, press } = openTabIn('review', done, 90, reviewAnswers('t1', files, { patch }));
    let screen = view({ subject: 't1' });
    const count = openIn(screen)!.body.columns.at(-1)!.lines.length;
    const seen = new Set<number>();
    const look = (): number => {
      const { body, context } = openIn(screen)!;
      const { top, lines, at, end } = shownColumns(body, context.own, context.size.height).at(-1)!;
      for (const row of lines.keys()) seen.add(top + row);
      // Some row of the selected line is in sight.
      expect(at < lines.length && end > 0).toBe(true);
      return top;
    };
    const walk = (keys: readonly string[]): void => {
      let still = 0;
      for (let i = 0, top = look(); still < 40; i += 1) {
        ({ screen } = press(screen, keys[i % keys.length]!));
        const now = look();
        still = now === top ? still + 1 : 0;
        top = now;
      }
    };
    walk(forth);
    expect(seen.size).toBe(count);
    seen.clear();
    walk(back);
    expect(seen.size).toBe(count);
  },
);

test('while a work is read its keys say so', () => {
  const { view, press } = openTabIn('review', done);
  for (const name of ['A', 'S', '}', 'c'])
    expect(press(view({ subject: 't1' }), name).screen.commands.message?.text).toBe('the work is being read');
  const refused = new Map([['review task t1', reply({ exit: 3, message: 'There is no task "t1".' })]]);
  const wrong = openTabIn('review', done, 120, refused);
  expect(wrong.press(wrong.view({ subject: 't1' }), 'A').screen.commands.message?.text).toBe('nothing is selected');
});

test('a key is named for the line that is selected, also where nobody has gone to it', () => {
  const drafts = [...begun, failed('t1')];
  const { view, openIn } = openTabIn('review', drafts);
  const screen = view({});
  const pieces = tabFooter({ ...modelOf(drafts), screen, open: openIn(screen) }, (label) => [{ text: `[${label}]` }]);
  expect(pieces!.map(({ text }) => text).join('')).toContain('[s]');
});
