import type { Question } from '../../../src/attention/question.ts';
import type { InputEvent } from '../../../src/tui/input/decoder.ts';
import { initialScreen, withOverlays } from '../../../src/tui/model/screen-state.ts';
import { IDS, keyContext } from '../control/key-context.ts';
import { key, pressAll } from '../control/press-keys.ts';
import { created, moved, START } from '../fake-swarm.ts';
import { drawPanel, modelOf } from '../panels/draw-panel.ts';

/** A question that can be answered by yes or no. */
export const asks: Question = {
  instance: 'a-1',
  since: START,
  mark: 'first',
  text: 'Shall I go on?',
  subject: '',
  choices: [
    { label: 'Yes', help: 'it goes on', answer: 'yes' },
    { label: 'No', help: '', answer: 'no' },
  ],
  many: false,
  words: 'or type an answer',
};

/** What keys depend on while an agent waits with this question, or with none. */
export const waiting = (question: Question | null = asks) =>
  keyContext({ questions: new Map(question ? [[question.instance, question]] : []) });

export const start = initialScreen(IDS);

/** A screen with the dialogue of that question open. */
export const openedQuestion = pressAll(start, [key('enter')], waiting()).screen;

/** The screen after these events in the dialogue. */
export const pressInQuestion = (events: readonly InputEvent[], context = waiting()) =>
  pressAll(openedQuestion, events, context);

/** What sending this answer asks of the world. */
export const sent = (answer: string) => [{ kind: 'answer', instance: 'a-1', since: START, mark: 'first', answer }];

/** What there is to draw of an open dialogue with these changes. */
export const model = (changes: object, size = { columns: 100, rows: 30 }, connected = true) => {
  const base = modelOf([created(1), moved('rehearsal-1', 'waiting', 'Shall I go on?')], {}, size);
  const question = { ...asks, ...base.questions.get('rehearsal-1')!, choices: asks.choices };
  const answering = { ...openedQuestion.overlays.answering!, question, ...changes };
  return { ...base, connected, screen: withOverlays(base.screen, { answering }) };
};

/** What the dialogue looks like with these changes. */
export const box = (changes: object, size?: { columns: number; rows: number }, connected?: boolean) =>
  drawPanel('answering', model(changes, size, connected)) ?? '';

/** Two agents, of which the second waits with a question. */
export const waitingAgents = [
  created(1),
  created(2),
  moved('rehearsal-1', 'idle'),
  moved('rehearsal-2', 'waiting', 'Which port?'),
];
