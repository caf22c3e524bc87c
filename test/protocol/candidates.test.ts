import { expect, test } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { signatureOf } from '../../src/commands/define.ts';
import { complete } from '../../src/protocol/complete.ts';
import type { KnownIds } from '../../src/protocol/known-ids.ts';
import { knownIn } from '../../src/protocol/known-words.ts';
import { saidId } from '../../src/protocol/say.ts';
import type { EventDraft } from '../../src/state/index.ts';
import { stateOf, threeAgents } from '../tui/fake-swarm.ts';
import { language } from '../fixtures/signatures.ts';

const KNOWN = {
  instances: ['a-1'],
  tasks: ['t1'],
  batches: ['batch-1'],
  specs: ['cart'],
  worktrees: ['integration'],
  branches: ['feature/x'],
  alerts: ['failed:t1'],
  conflicts: ['a-1/a-2'],
  groups: ['backend'],
  parts: ['Web'],
  failures: ['t1'],
  races: ['t1'],
  settings: ['limits.maxInstances'],
  events: ['task', 'task.created'],
  deliveries: ['main'],
  plans: ['specs/cart'],
} satisfies KnownIds;

/** Commands whose ids are not offered, and why. */
const WITHOUT: Readonly<Record<string, string>> = {
  'adopt worktree': 'it is a folder that the swarm does not know yet',
  'create branch': 'it is a new name',
  'create group': 'it is a new name',
  'create task': 'it is a new name',
  'create worktree': 'it is a new name',
  'import task': 'it is any file, which the shell completes',
  'remove secret': 'names of secrets are no part of the state, which others may read',
  'restore ref': 'only git knows what it has kept',
  'restore worktree': 'only git knows what it has kept',
  'show audit': 'it is a number',
  'show event': 'it is a number',
  'test failure': 'what fails is said first, as one word',
};

const after = (text: string): readonly string[] =>
  complete(text, language, KNOWN).map((line) => line.slice(text.length));

const ALL = new Set([...Object.values(KNOWN).flat(), ...language.agents, ...(language.modes ?? [])].map(saidId));

test('every command that takes an id offers those that are known, or stands here with the reason why not', () => {
  const silent = commands
    .filter((command) => signatureOf(command).parameters.includes('id'))
    .map(({ verb, noun }) => `${verb} ${noun}`)
    .filter((name) => !after(`${name} `).some((word) => ALL.has(word)))
    .toSorted();
  expect(silent).toEqual(Object.keys(WITHOUT).toSorted());
});

test.each([
  ['import spec ', 'specs/cart'],
  ['show failure ', 't1'],
  ['show race ', 't1'],
  ['cancel race ', 't1'],
  ['show adapter ', language.agents[0]!],
  ['get config ', 'limits.maxInstances'],
  ['set config ', 'limits.maxInstances'],
  ['show config ', 'limits.maxInstances'],
  ['remove config ', 'limits.maxInstances'],
  ['merge completed branches to=', 'main'],
  ['list events type=', 'task.created'],
])('what is known is offered behind %s', (text, word) => {
  expect(after(text)).toContain(word);
});

test('a state knows its failures, races and where it delivered, and the program its settings and kinds of events', () => {
  const failed: EventDraft = { type: 'run.failed', data: { id: '2.1', failure: { class: 'check', message: 'x' } } };
  const racers = ['a', 'b'].map((racer) => ({ id: `2.3@${racer}`, instance: racer, agent: racer }));
  const race: EventDraft = { type: 'race.started', data: { id: '2.3', winner_by: 'ask', mode: null, racers } };
  const batch: EventDraft = {
    type: 'batch.started',
    data: { id: 'b', target: 'i', base_commit: 'c', tasks: [], deliver_to: 'main' },
  };
  const known = knownIn(stateOf([...threeAgents, failed, race, batch]), ['specs/cart']);
  expect([known.failures, known.races, known.deliveries]).toEqual([['2.1'], ['2.3'], ['main']]);
  expect(known.plans).toEqual(['specs/cart']);
  expect(known.settings).toContain('limits.maxInstances');
  expect(known.events).toEqual(expect.arrayContaining(['task', 'task.created']));
});
