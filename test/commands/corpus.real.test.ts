import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registry } from '../../src/commands/index.ts';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';

type Row = { kind: string; text: string; verb: string; noun: string; modifiers: string[] };
const rows = readFileSync(new URL('../fixtures/protocol-corpus.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Row)
  .filter((row) => row.kind === 'seed');

let swarm: Swarm;
beforeAll(async () => {
  swarm = await openSwarm();
});
afterAll(() => swarm[Symbol.asyncDispose]());

const events = async () => ((await swarm.say('list events')).data as { type: string }[]).map((event) => event.type);

test('there are 25 command texts in the sources', () => {
  expect(rows.length).toBe(25);
});

/** What these texts are answered with where there is no such target: the answer is about the target, not the text. */
const NOT_THERE: Record<string, string> = {
  'stop instance kiro-3 graceful': 'There is no instance "kiro-3".',
  'restart instance kiro-3': 'There is no instance "kiro-3".',
  'reassign tasks from kiro-3': 'There is no instance "kiro-3".',
  'stop all running threads': 'No instance is running.',
  'halt all active processes': 'No instance is running.',
};

const comesLater = ({ verb, noun, modifiers }: Row): boolean => {
  const command = registry.commands.find((one) => one.verb === verb && one.noun === noun);
  return !command || modifiers.some((one) => command.later?.modifiers?.includes(one));
};

test.each(rows.filter(comesLater).map((row) => row.text))(
  '[PRT-2] "%s" is answered as not available yet, and nothing happens',
  async (text) => {
    const before = await events();
    const reply = await swarm.say(text);
    expect([reply.exit, reply.message]).toEqual([1, expect.stringMatching(/is understood but not available yet\.$/)]);
    expect(reply.hint).toMatch(/^It comes with (?:a later version|phase \d of Drover)\.$/);
    expect(await events()).toEqual(before);
  },
);

test.each(Object.entries(NOT_THERE))('[PRT-2] "%s" looks for its target and says "%s"', async (text, message) => {
  const before = await events();
  expect(await swarm.say(text)).toMatchObject({ exit: 3, message });
  expect(await events()).toEqual(before);
});
