import { expect, test } from 'vitest';
import type { EventDraft } from '../../src/state/index.ts';
import { fitInstruction } from '../../src/text/conflict-instruction.ts';
import { stateOf } from '../state/fold.ts';
import { taskCreated } from '../state/story.ts';

const hunk = { line: 2, before: ['title'], base: ['hello'], ours: ['good morning'], theirs: [], after: ['end'] };

const story: readonly EventDraft[] = [
  taskCreated('t1', { title: 'Greet in the morning', description: 'People rise early.\nBe kind.' }),
  taskCreated('t2', { title: 'Greet\u001b[2J nobody', description: '', details: ['No greeting at all'] }),
  {
    type: 'batch.started',
    data: { id: 'batch-1', target: 'drover/integration', base_commit: 'c0', tasks: ['t1', 't2'] },
  },
  {
    type: 'conflict.examined',
    data: {
      ...{ batch: 'batch-1', task: 't2', ours: 'c1', theirs: 'c2', with: ['t1', 'gone'], note: null },
      files: [
        { path: 'app.txt', solved: false, how: 'both sides changed the same lines', lines: 1, hunks: [hunk] },
        { path: 'package.json', solved: true, how: 'merged key by key', lines: 0, hunks: [] },
      ],
    },
  },
];

test('[GIT-5] whoever makes work fit reads what both tasks mean, where they meet, and what is to be done', () => {
  const state = stateOf(...story);
  const aside = { task: 't2', reason: 'conflict', message: 'x' } as const;
  const text = fitInstruction(state, state.batches['batch-1']!, aside)!;
  expect(text).toContain('(git merge drover/integration)');
  expect(text).toContain('t1: Greet in the morning\n    People rise early.\n    Be kind.');
  expect(text).toContain('t2: Greet nobody\n    - No greeting at all');
  expect(text.slice(text.indexOf('Where they meet:'))).toBe(
    [
      'Where they meet:',
      'app.txt: both sides changed the same lines',
      '    line 2 of what is merged',
      '           | title',
      '    before | hello',
      '    merged | good morning',
      '    yours  | (nothing)',
      '           | end',
    ].join('\n'),
  );
});

test('of a gate it reads the sentence and the end of what was printed; of what nobody has examined there is nothing to say', () => {
  const state = stateOf(...story);
  const batch = state.batches['batch-1']!;
  const printed = `${Array.from({ length: 90 }, (_line, n) => `line ${n}`).join('\n')}\n`;
  const text = fitInstruction(state, batch, { task: 't2', reason: 'gate', message: 'lint: it ended with 1' }, printed)!;
  expect(text).toContain('this work does not pass: lint: it ended with 1');
  expect([text.includes('line 89'), text.includes('line 29\n')]).toEqual([true, false]);
  expect(fitInstruction(state, batch, { task: 't1', reason: 'conflict', message: 'x' })).toBeUndefined();
});

test('a branch stands in the line for the shell as the shell reads it, whatever it is called', () => {
  const state = stateOf(...story);
  const batch = { ...state.batches['batch-1']!, target: 'ours/$(id)' };
  const text = fitInstruction(state, batch, { task: 't2', reason: 'conflict', message: 'x' })!;
  expect(text).toContain("(git merge 'ours/$(id)')");
});
