import { expect, test } from 'vitest';
import { showEvent } from '../../../src/commands/watching/show-event.ts';
import { openDesk } from '../../helpers/desk.ts';
import { story } from '../../state/story.ts';

/** The number of the first event of a type in the story. */
const numberOf = (type: string): number => story.findIndex((fact) => fact.type === type) + 1;

test('[TUI-6] an event is told in words, and as it is recorded where that is asked for', async () => {
  const desk = openDesk(showEvent, story);
  const number = numberOf('run.claimed');
  const { message, data } = await desk.say(`show event ${number}`);
  expect(message.split('\n').filter((line) => !line.startsWith('when:'))).toEqual([
    `Event ${number}`,
    'who:        claude-1',
    'kind:       reports done (run.claimed)',
    expect.stringMatching(/^task: {7}1 \S/u),
    'text:       all there',
    '',
    `As it is recorded: show event ${number} detailed`,
  ]);
  expect(data).toMatchObject({ seq: number, data: { summary: 'all there' } });
  const whole = await desk.say(`show event ${number} detailed`);
  const [words, recorded] = whole.message.split('As it is recorded:\n');
  expect(message.startsWith(words!)).toBe(true);
  expect(JSON.parse(recorded!)).toEqual(data);
});

test('a failure and an alert are told with what else they say, and control sequences are only seen', async () => {
  const alert = {
    id: 'x',
    severity: 'error',
    text: 'look\u001B[2J',
    suggestion: 'list tasks',
    instance: null,
    task: null,
  };
  const failure = { class: 'check', message: 'red', output: 'one\ntwo' } as const;
  const desk = openDesk(showEvent, [
    ...story,
    { type: 'alert.raised', data: { ...alert, severity: 'error' } },
    { type: 'run.failed', data: { id: '1', failure } },
  ]);
  const told = async (number: number) => (await desk.say(`show event ${number}`)).message;
  const alerted = await told(story.length + 1);
  expect(alerted).toContain('to:         you\n');
  expect(alerted).toContain('kind:       an alert (alert.raised)\n');
  expect(alerted).toContain(String.raw`text:       look\u001b[2J`);
  expect(alerted).toContain('suggestion: list tasks\n');
  const failed = await told(story.length + 2);
  expect(failed).toContain('kind:       failed (check) (run.failed)\n');
  expect(failed).toContain('text:       red\n');
  expect(failed).toContain('output:     one\n            two\n');
});

test('[TUI-6] any event is told without braces', async () => {
  const desk = openDesk(showEvent, story);
  for (const number of story.keys())
    expect((await desk.say(`show event ${number + 1}`)).message).not.toMatch(/[{}]|\[object/u);
});

test('a number that no event has, and what is no number, are refused', async () => {
  const desk = openDesk(showEvent, story);
  expect(await desk.say('show event 999')).toMatchObject({
    exit: 3,
    hint: expect.stringContaining(`1 to ${story.length}`),
  });
  expect((await desk.say('show event abc')).exit).toBe(2);
});
