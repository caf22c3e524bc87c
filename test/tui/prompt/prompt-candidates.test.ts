import { expect, test } from 'vitest';
import { candidatesFor } from '../../../src/tui/prompt/prompt-candidates.ts';
import { language } from '../../fixtures/signatures.ts';
import { stateOf, threeAgents } from '../fake-swarm.ts';

const state = stateOf(threeAgents);

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
  expect(helps('show task 2')['2.3']).toBe('waits for 2.1 2.2 · Join both');
  expect(helps('run task 2.3 in ')['beast-mode']).toBe('in beast mode');
  expect(helps('launch instance ag')['agent=']).toMatch(/\S/u);
  expect(helps('launch 2 instances agent=')).toMatchObject(
    Object.fromEntries(language.agents.map((name) => [`agent=${name}`, 'an agent that can be launched'])),
  );
  expect(Object.keys(helps('launch instances agent=cla'))).toEqual(['agent=claude']);
  expect(helps('stop instance agent=')).not.toHaveProperty('agent=claude');
});

test('[TUI-2] a value that is offered says what it is', () => {
  expect(helps('run task 2.3 mode=')['mode=tdd']).toBe('In which mode; see "list modes"');
  expect(helps('create task "One" priority=')['priority=urgent']).toBe('low, normal, high or urgent');
  expect(helps('stop all agents except=')['except=rehearsal-1']).toBe('● working · 2.1 Parse the lines');
  expect(helps('show worktree ')['"integration"']).toBe('where batches are put together');
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

test('settings, run profiles and plans are offered with what they are', () => {
  expect(helps('get config limits.maxI')['limits.maxInstances']).toMatch(/\S/u);
  const surroundings = { plans: ['import spec specs/cart'] };
  expect(candidatesFor('import spec ', { state, language, surroundings })).toContainEqual({
    word: 'specs/cart',
    help: 'a plan of which nothing is imported',
  });
});
