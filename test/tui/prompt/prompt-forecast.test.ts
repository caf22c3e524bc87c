import { expect, test } from 'vitest';
import { completer, forecaster } from '../../../src/cli/screen/tui-client.ts';
import { languageOf } from '../../../src/commands/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { candidatesFor } from '../../../src/tui/prompt/prompt-candidates.ts';
import { forecast } from '../../../src/tui/prompt/prompt-forecast.ts';
import { scriptOf } from '../../../src/tui/prompt/prompt-script.ts';
import { language } from '../../fixtures/signatures.ts';
import { created, fakeSwarm, moved, stateOf, threeAgents } from '../fake-swarm.ts';

const state = stateOf(threeAgents);
const foretold = (text: string, of = state) => forecast(text, of, language);

test('[TUI-2] it is said whom a command is about and whether it asks first, as things stand', () => {
  expect(foretold('stop all instances')).toEqual({
    kind: 'ok',
    says: 'stops 3 instances: rehearsal-1, rehearsal-2, rehearsal-3',
    asks: expect.stringContaining('2 task runs end unfinished'),
  });
  expect(foretold('stop all instances --yes')).toEqual({
    kind: 'ok',
    says: 'stops 3 instances: rehearsal-1, rehearsal-2, rehearsal-3',
  });
  expect(foretold('stop idle instances')).toEqual({ kind: 'ok', says: 'stops rehearsal-3' });
  expect(foretold('stop rehearsal-1 force')).toMatchObject({
    says: 'stops rehearsal-1 · force',
    asks: expect.any(String),
  });
  expect(foretold('tell rehearsal-1 "go on"')).toMatchObject({ says: 'tells rehearsal-1 · "go on"' });
});

test('many are counted and the first of them named', () => {
  const many = stateOf(
    Array.from({ length: 12 }, (_, i) => [created(i + 1), moved(`rehearsal-${i + 1}`, 'idle')]).flat(),
  );
  expect(foretold('stop all instances', many)).toMatchObject({
    says: 'stops 12 instances: rehearsal-1, rehearsal-2, rehearsal-3, rehearsal-4, rehearsal-5, rehearsal-6 and 6 more',
  });
});

test('a command about nobody says so before it is run, and what an unknown name could be', () => {
  expect(foretold('stop waiting instances')).toMatchObject({ kind: 'error' });
  expect(foretold('stop rehearsal-9')).toMatchObject({
    kind: 'error',
    message: expect.stringContaining('rehearsal-9'),
  });
  expect(foretold('run blocked tasks')).toMatchObject({
    kind: 'error',
    message: 'There is no task like that now.',
    understood: true,
  });
});

test('a command that is about nothing there is yet says what it does', () => {
  expect(foretold('scale up instances 1')).toMatchObject({
    says: expect.stringMatching(/^scale up instances 1 · \S/u),
  });
  expect(foretold('launch 2')).toMatchObject({ says: expect.stringMatching(/^launch instance count=2 · Start/u) });
  expect(foretold('list tasks')).toEqual({ kind: 'ok', says: 'lists 3 tasks: 2.1, 2.2, 2.3' });
  expect(foretold('create task "Parse it"')).toMatchObject({ kind: 'ok' });
});

test('what is not whole, or not understood, stays as the language says it', () => {
  expect(foretold('rnu')).toMatchObject({ kind: 'error', suggestion: 'run' });
  expect(foretold('launch inst')).toMatchObject({ kind: 'incomplete' });
  expect(foretold('launch 3 instances count=x')).toMatchObject({ kind: 'error' });
  expect(foretold('set task 2.1 priority=odd')).toMatchObject({ kind: 'error', understood: false });
});

test('[TUI-2] several commands are understood together, also where one needs what another makes', () => {
  const script = 'create task "One"\nrun blocked tasks\nstop rehearsal-9';
  expect(scriptOf(script, (text) => foretold(text))).toMatchObject({ kind: 'several' });
  expect(scriptOf('create task "One"\nrnu tasks', (text) => foretold(text))).toMatchObject({
    kind: 'wrong',
    line: 'rnu tasks',
  });
});

const helps = (text: string) =>
  Object.fromEntries(candidatesFor(text, { state, language }).map(({ word, help }) => [word, help]));

test('[TUI-2] every word that is offered says what it means', () => {
  expect(helps('laun')['launch']).toMatch(/^Start agents.*\(instance, swarm\)$/u);
  expect(helps('pre')['preview']).toBe('Show what a command would do, to whom, without doing it');
  expect(helps('batc')).toEqual({});
  expect(helps('instan')['instances']).toMatch(/^launch, scale/u);
  expect(helps('stop ')['instance']).toMatch(/^End agents/u);
  expect(helps('stop ')['all']).toBe('every one');
  expect(helps('instances st')['stop']).toMatch(/^End/u);
  expect(helps('stop instance ')['rehearsal-1']).toBe('● working · 2.1 Parse the lines');
  expect(helps('stop instance ')['rehearsal-3']).toBe('○ idle');
  expect(helps('stop instance rehearsal-1 ')['force']).toBe('at once, without waiting for it');
  expect(helps('stop instance rehearsal-1,reh')['rehearsal-1,rehearsal-3']).toBe('○ idle');
  expect(helps('show task 2')['2.3']).toBe('open · Join both');
  expect(helps('run task 2.3 in ')['beast-mode']).toBe('with the run profile beast');
  expect(helps('launch instance ag')['agent=']).toMatch(/\S/u);
});

test('no command has a word without an explanation', () => {
  const unexplained = language.commands.flatMap(({ verb, noun }) =>
    Object.entries(helps(`${verb} ${noun} `)).flatMap(([word, help]) =>
      help === '' ? [`${verb} ${noun}: ${word}`] : [],
    ),
  );
  expect(unexplained).toEqual([]);
  expect(Object.entries(helps('')).filter(([, help]) => help === '')).toEqual([]);
});

test('[TUI-2] the agents of the configuration are offered and understood, as they are now', () => {
  const client = fakeSwarm(threeAgents);
  let now = language;
  const configure = (...names: readonly string[]) => {
    const agents = Object.fromEntries(names.map((name) => [name, { command: [name] }]));
    now = languageOf(settingsSchema.parse({ agents }));
  };
  const [complete, foretell] = [completer(client, () => now), forecaster(client, () => now)];
  const offered = () => complete('launch 2 with ').map(({ word }) => word);
  expect(offered()).not.toContain('mine');
  expect(foretell('launch 2 mine agents')).toMatchObject({ kind: 'error', message: 'Unknown agent "mine".' });
  configure('mine');
  expect(offered()).toContain('mine');
  expect(complete('launch 2 with mi')).toEqual([{ word: 'mine', help: 'an agent that can be launched' }]);
  expect(foretell('launch 2 mine agents')).toMatchObject({ kind: 'ok' });
  configure();
  expect(offered()).not.toContain('mine');
});
