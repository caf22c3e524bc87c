import { expect, test } from 'vitest';
import { answerInstance } from '../../../src/commands/instances/answer-instance.ts';
import { approveInstance } from '../../../src/commands/instances/approve-instance.ts';
import { denyInstance } from '../../../src/commands/instances/deny-instance.ts';
import type { AppEvent } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { forecast } from '../../../src/tui/prompt/prompt-forecast.ts';
import type { Instance } from '../../../src/state/instances.ts';
import { languageOf, openDesk } from '../../helpers/desk.ts';
import { instance } from '../../tasks/journal.ts';

const asks = (instance_id: string, question = `May ${instance_id} push?`) =>
  [
    ...instance(instance_id, 'starting'),
    { type: 'instance.started', data: { instance_id, session: 's', pane: '%1', pid: 7 } },
    {
      type: 'instance.moved',
      data: { instance_id, state: 'waiting', source: 'hook', question },
    },
  ] as const;

test('an agent that waits gets a no, and that is recorded', async () => {
  const given: string[] = [];
  const desk = openDesk(denyInstance, asks('c-1'), {
    giveAnswer: async (one, answer) => {
      given.push(`${one.instance_id} ${answer}`);
      return { confirmed: true };
    },
  });
  expect(await desk.propose('deny c-1')).toMatchObject({
    exit: 0,
    message: 'Denied what c-1 asked: May c-1 push?',
    data: [{ instance: 'c-1', answer: 'no', confirmed: true }],
  });
  expect(given).toEqual(['c-1 no']);
  expect(desk.events.find(({ type }) => type === 'instance.answered')).toMatchObject({ data: { decision: 'deny' } });
});

test('several are denied after one question only, and whoever asks nothing is refused', async () => {
  const desk = openDesk(denyInstance, [...asks('c-1'), ...asks('c-2'), ...instance('c-3')]);
  const asked = await desk.propose('deny all waiting instances');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('This answers no to 2 agents.')]);
  expect(await desk.say('deny c-3')).toMatchObject({ exit: 6, message: 'c-3 is idle; it asks nothing.' });
  expect((await desk.sayAs('c-1', 'deny c-2')).exit).toBe(4);
  expect(desk.recorded()).toEqual([]);
});

test('a question of an agent that is paused is not said to be none: it waits until that goes on', async () => {
  const desk = openDesk([answerInstance, denyInstance], asks('c-1'));
  const { since } = desk.state.instances['c-1']!.state;
  desk.add(
    { type: 'instance.pause_requested', data: { instance_id: 'c-1' } },
    { type: 'instance.paused', data: { instance_id: 'c-1', evidence: 'frozen' } },
  );
  const refused = {
    exit: 6,
    message: 'c-1 is paused; its question waits until it goes on: May c-1 push?',
    hint: 'Nothing was sent to c-1. First say: resume instance c-1',
  };
  expect(await desk.say('answer c-1 "yes"')).toMatchObject(refused);
  expect(await desk.say(`deny c-1 since=${since}`)).toMatchObject(refused);
});

test('[AGT-5] a yes or a no is for the question that was read: by its time, or by that of the answer', async () => {
  const given: string[] = [];
  const giveAnswer = async ({ question }: Instance): Promise<{ confirmed: boolean }> => {
    given.push(question ?? '');
    return { confirmed: true };
  };
  const desk = openDesk(denyInstance, asks('c-1'), { giveAnswer, saidAt: '2999-01-01T00:00:00.000Z' });
  const { since } = desk.state.instances['c-1']!.state;
  const late = await desk.propose('deny c-1 since=2020-01-01T00:00:00.000Z');
  expect(late).toMatchObject({
    exit: 6,
    message: 'c-1 is waiting; it was answered already, and asks something else by now: May c-1 push?',
    hint: `Nothing was sent to c-1. To say the same to what it asks now: deny c-1 since=${since}`,
  });
  expect(given).toEqual([]);
  expect(await desk.propose(`deny c-1 since=${since}`)).toMatchObject({ exit: 0 });
  expect(given).toEqual(['May c-1 push?']);
  const early = openDesk(denyInstance, asks('c-1'), { giveAnswer, saidAt: '2020-01-01T00:00:00.000Z' });
  expect(await early.propose('deny c-1')).toMatchObject({
    exit: 6,
    message: 'c-1 is waiting; it began to ask only after that was said: May c-1 push?',
  });
  expect(given).toHaveLength(1);
});

test('[AGT-5] an answer that somebody else was quicker with says so, and what is asked by now', async () => {
  const refused = { confirmed: false, known: true };
  const still = openDesk(denyInstance, asks('c-1'), { giveAnswer: async () => refused });
  expect(await still.propose('deny c-1')).toMatchObject({
    exit: 6,
    message: 'c-1 is waiting; this question was answered already and it has not gone on yet.',
  });
  const gone = openDesk(denyInstance, asks('c-1'), {
    giveAnswer: async () => {
      gone.add({ type: 'instance.moved', data: { instance_id: 'c-1', state: 'working', source: 'hook' } });
      return refused;
    },
  });
  expect(await gone.propose('deny c-1')).toMatchObject({
    exit: 6,
    message: 'c-1 is working; it was answered already.',
  });
});

test('[AGT-5] to several, each is tried: who got the answer is told, and who did not and why', async () => {
  const given: string[] = [];
  const desk = openDesk(approveInstance, [...asks('c-1'), ...asks('c-2'), ...asks('c-3')], {
    giveAnswer: async (one) => {
      if (one.instance_id === 'c-2') return { confirmed: false, known: true };
      given.push(one.instance_id);
      return { confirmed: true };
    },
  });
  const said = await desk.say('approve all waiting instances');
  expect(said).toMatchObject({ exit: 124, data: [{ instance: 'c-1' }, { instance: 'c-3' }] });
  expect(said.message).toBe(
    'Approved what c-1, c-3 asked. c-2 is waiting; this question was answered already and it has not gone on yet. Nothing was sent to c-2. Look at it: attach c-2. To say something more: tell c-2 "…".',
  );
  expect(given).toEqual(['c-1', 'c-3']);
  const late = openDesk(denyInstance, [...asks('c-1'), ...asks('c-2')], {
    giveAnswer: async () => ({ confirmed: false, known: true }),
  });
  expect(await late.say('deny all waiting instances')).toMatchObject({
    exit: 6,
    message: expect.stringMatching(/^Denied nothing\. c-1 is waiting.* c-2 is waiting/u),
    data: [],
  });
});

test('[AGT-5] an answer in words is offered again as it was said', async () => {
  const desk = openDesk(answerInstance, asks('c-1'));
  const { since } = desk.state.instances['c-1']!.state;
  expect(await desk.say('answer c-1 since=2020-01-01T00:00:00.000Z "rather \\"not\\""')).toMatchObject({
    exit: 6,
    hint: `Nothing was sent to c-1. To say the same to what it asks now: answer c-1 since=${since} "rather \\"not\\""`,
  });
});

const AT = '2026-01-01T00:00:00.000Z';

/** What a request has recorded before the death of its daemon: whom it began to answer, since when they asked, and who had it. */
const earlierOf = (asked: Readonly<Record<string, string>>, answered: readonly string[] = []): AppEvent[] => {
  const shared = { seq: 99, at: AT, actor: 'cli', corr: 'c-1' };
  const places = Object.entries(asked).map(([id, since]) => [id, `${since} May ${id} push?`]);
  return [
    { ...shared, type: 'command.begun', data: { places: Object.fromEntries(places) } },
    ...answered.map((instance_id): AppEvent => {
      const what = { tool: 'question', subject: `May ${instance_id} push?`, decision: 'deny', rule: null } as const;
      return { ...shared, type: 'instance.answered', data: { instance_id, ...what } };
    }),
  ];
};

const BEFORE = '2025-12-31T23:59:59.000Z';
const unknown = (id: string): string =>
  `Whether ${id} got its answer is not known: the daemon ended in the middle of that.`;

test.each<[string, AppEvent[], [number, string], string[]]>([
  ['deny c-1,c-3', earlierOf({ 'c-1': AT, 'c-3': AT }, ['c-1']), [0, 'Denied what c-1, c-3 asked'], ['c-3']],
  // Whoever began to ask after the request had begun was not meant by it.
  ['deny all waiting instances', earlierOf({ 'c-1': AT }, ['c-1']), [0, 'Denied what c-1 asked: May c-1 push?'], []],
  ['deny last instance', earlierOf({ 'c-1': AT }, ['c-1']), [0, 'Denied what c-1 asked: May c-1 push?'], []],
  // Its terminal remembers the key, of which nothing was written down.
  ['deny c-4', earlierOf({ 'c-4': BEFORE }), [0, 'Denied what c-4 asked: May c-4 push?'], []],
  [
    'deny c-1,c-2',
    earlierOf({ 'c-1': AT, 'c-2': AT }, ['c-1']),
    [124, `Denied what c-1 asked: May c-1 push? ${unknown('c-2')}`],
    [],
  ],
  ['deny c-3', earlierOf({ 'c-3': BEFORE }), [1, unknown('c-3')], []],
  ['deny c-5', earlierOf({ 'c-5': AT }), [1, unknown('c-5')], ['c-5']],
])(
  '[CLI-8] "%s", said again after the death of its daemon, answers who had no answer, and nothing that is asked since',
  async (text, earlier, [exit, message], told) => {
    const given: string[] = [];
    const giveAnswer = async ({ instance_id }: Instance): Promise<{ confirmed: boolean; known?: boolean }> => {
      given.push(instance_id);
      return instance_id === 'c-5' ? { confirmed: false, known: true } : { confirmed: true };
    };
    const hasHeard = async ({ instance_id }: Instance): Promise<boolean> => instance_id === 'c-4';
    const facts = [...instance('c-1'), ...instance('c-2'), ...asks('c-3'), ...asks('c-4'), ...asks('c-5')];
    const desk = openDesk(denyInstance, facts, { giveAnswer, hasHeard, earlier });
    const reply = await desk.say(text);
    expect([reply.exit, reply.message]).toEqual([exit, expect.stringContaining(message)]);
    expect(given).toEqual(told);
  },
);

test('a yes to a question that asks for words is foretold to be refused, as it is', async () => {
  const desk = openDesk([approveInstance, denyInstance], asks('c-1', 'Which colour?'));
  const refused = 'c-1 is waiting; it asks for words, and not for a yes: Which colour?';
  const settings = settingsSchema.parse({});
  const language = languageOf([approveInstance, denyInstance]);
  const says = (line: string) => forecast(line, { state: desk.state, settings }, language);
  expect(says('approve c-1')).toMatchObject({
    kind: 'error',
    message: refused,
    help: 'Nothing was sent to c-1. To answer it: answer c-1 "…"',
  });
  expect(await desk.say('approve c-1')).toMatchObject({ exit: 6, message: refused });
  // A no is an answer to everything.
  expect(says('deny c-1')).toMatchObject({ kind: 'ok' });
});
