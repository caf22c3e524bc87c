import { expect, test } from 'vitest';
import { threeAgents } from '../fake-swarm.ts';
import { drawPanel, modelOf } from '../panels/draw-panel.ts';
import { asks, box } from './open-question.ts';

test('the dialogue shows the question, the choices with the marked one, and what is typed', () => {
  const shown = box({ chosen: 1 });
  for (const part of [
    '? rehearsal-1 asks',
    'Shall I go on?',
    '  1  Yes   it goes on',
    '❯ 2  No',
    '› or type an answer',
  ])
    expect(shown).toContain(part);
  expect(box({ sending: true })).toContain('sent, and not taken yet …');
  expect(box({ trouble: 'It says no.' })).toContain('It says no.');
  expect(box({}, undefined, false)).toContain('There is no connection');
  expect(box({ question: { ...asks, instance: 'rehearsal-1', mark: 'old' } })).toContain('It asks something else now.');
  expect(box({ question: { ...asks, instance: 'rehearsal-9' } })).toContain('It asks nothing any more.');
  expect(drawPanel('answering', modelOf(threeAgents))).toBeUndefined();
});

test('however long the question and small the screen, the choices and the line stay on it', () => {
  const long = { ...asks, text: 'word '.repeat(400), subject: 'line\n'.repeat(40) };
  for (const size of [
    { columns: 40, rows: 14 },
    { columns: 30, rows: 10 },
    { columns: 80, rows: 24 },
  ]) {
    const shown = box({ question: long }, size);
    for (const part of ['1  Yes', '2  No', '› or type']) expect(shown).toContain(part);
    expect(shown.split('\n').length).toBeLessThanOrEqual(size.rows);
  }
  expect(box({ question: long })).toContain('more lines');
});
