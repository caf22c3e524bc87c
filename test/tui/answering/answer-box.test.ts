import { expect, test } from 'vitest';
import { answerBox } from '../../../src/tui/answering/answer-box.ts';
import { withOverlays } from '../../../src/tui/model/screen-state.ts';
import { emptyPrompt } from '../../../src/tui/prompt/prompt-state.ts';
import { threeAgents } from '../fake-swarm.ts';
import { drawPanel, modelOf } from '../panels/draw-panel.ts';
import { asks, box, model, waitingAgents } from './open-question.ts';

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
  expect(box({ question: { ...asks, instance: 'rehearsal-9' } })).toContain('It waits for no answer now.');
  const open = model({});
  const instances = open.instances.map((one) => ({ ...one, hold: 'frozen' as const }));
  const paused = drawPanel('answering', { ...open, instances, questions: new Map() });
  expect(paused).toContain('It is paused: it takes an answer when it goes on.');
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

test('the dialogue stands at the pane that asks, with the last lines of its agent', () => {
  const size = { columns: 160, rows: 45 };
  const two = modelOf(waitingAgents, { panes: { arrangement: 'tiles' } }, size);
  const question = two.questions.get('rehearsal-2')!;
  const answering = { question, chosen: null, line: emptyPrompt, sending: false, trouble: null };
  const tail = ['reading config', 'no port is set'];
  const model = { ...two, tail, screen: withOverlays(two.screen, { answering }) };
  const tile = two.layout.tiles.tiles[1]!;
  const { rect, lines } = answerBox(answering, model);
  expect([rect.x, rect.y + rect.height]).toEqual([tile.x, tile.y + tile.height + two.layout.grid.y]);
  expect(rect.width).toBeLessThanOrEqual(tile.width);
  const text = lines.map((pieces) =>
    pieces
      .map((one) => one.text)
      .join('')
      .trim(),
  );
  expect(text.filter((line) => line !== '')).toEqual([...tail, 'Which port?', '› your answer']);
  // What a tool is to do, or a plan, goes first; what the agent said before stands where room is left.
  const linesOf = (subject: string): readonly string[] =>
    answerBox({ ...answering, question: { ...asks, instance: 'rehearsal-2', subject } }, model).lines.map((pieces) =>
      pieces
        .map((one) => one.text)
        .join('')
        .trim(),
    );
  expect(
    linesOf('rm -rf build')
      .filter((line) => line !== '')
      .slice(0, 4),
  ).toEqual([...tail, 'Shall I go on?', 'rm -rf build']);
  const plan = linesOf('step\n'.repeat(80));
  expect(plan).not.toContain(tail[1]);
  expect(plan.some((line) => line.includes('more lines'))).toBe(true);
  // In another view it stands above the command line.
  const elsewhere = answerBox(answering, { ...model, open: {} as never });
  expect(elsewhere.rect.y + elsewhere.rect.height).toBe(size.rows - two.layout.prompt.height);
});
