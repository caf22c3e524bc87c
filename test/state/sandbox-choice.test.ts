import { expect, test } from 'vitest';
import {
  networkFor,
  sandboxFor,
  sandboxForChecks,
  sandboxForInstance,
  sandboxForSetUp,
} from '../../src/state/sandbox-choice.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import { emptySwarm } from '../../src/state/swarm.ts';

test('[SEC-9] the word of the run profile counts before that of the agent, and both before that of the repository', () => {
  const settings = settingsSchema.parse({
    sandbox: { mode: 'worktree', need: 'required' },
    agents: { codex: { sandbox: 'off' }, claude: {} },
    modes: { review: { sandbox: 'strict' } },
  });
  const wanted = (agent: string, mode: string | null) => sandboxFor(settings, { agent, mode }).mode;
  expect(wanted('claude', null)).toBe('worktree');
  expect(wanted('codex', null)).toBe('off');
  expect(wanted('codex', 'review')).toBe('strict');
  expect(wanted('codex', 'beast')).toBe('off');
  expect(wanted('constructor', 'constructor')).toBe('worktree');
  expect(sandboxFor(settings, { agent: 'codex', mode: null }).need).toBe('required');
});

test('[SEC-9] where nobody says a word whoever may do everything is shut in, and nobody else', () => {
  const modes = {
    own: { autonomy: 'full' },
    reader: { autonomy: 'full', read_only: true },
    beast: { enabled: true },
  } as const;
  const wanted = (settings: object, mode: string | null) =>
    sandboxFor(settingsSchema.parse(settings), { agent: 'claude', mode });
  const free = { mode: 'worktree', need: 'if-available', said: false };
  expect(wanted({}, 'beast')).toEqual(free);
  expect(wanted({ modes }, 'beast')).toEqual(free);
  expect(wanted({ modes }, 'own')).toEqual(free);
  const none = { ...free, mode: 'off' };
  for (const mode of [null, 'safe', 'tdd', 'review', 'reader', 'constructor'])
    expect(wanted({ modes }, mode)).toEqual(none);
  for (const said of [{ sandbox: { mode: 'off' } }, { agents: { claude: { sandbox: 'off' } } }])
    expect(wanted(said, 'beast')).toEqual({ ...none, said: true });
});

test('[SEC-9] who is started where somebody was shut in is so too, unless somebody lets it out', () => {
  const wanted = (settings: object, mode: string | null, before: object) =>
    sandboxForInstance(settingsSchema.parse(settings), { agent: 'claude', mode, ...before });
  const need = 'if-available';
  const held = { mode: 'worktree', need, said: true, inherited: true };
  const strict = { ...held, mode: 'strict' };
  for (const mode of [null, 'tdd']) expect(wanted({}, mode, {})).toEqual({ mode: 'off', need, said: false });
  // What an older daemon remembers is the sandbox of the program before.
  for (const before of [{ was_shut_in: 'worktree' }, { sandbox: 'worktree' }] as const)
    for (const mode of [null, 'tdd', 'beast']) expect(wanted({}, mode, before)).toEqual(held);
  expect(wanted({}, 'tdd', { sandbox: 'missing' })).toMatchObject({ mode: 'off' });
  expect(wanted({}, 'tdd', { sandbox: 'missing', was_shut_in: 'strict' })).toEqual(strict);
  const own = { ...strict, inherited: false };
  expect(wanted({ sandbox: { mode: 'worktree' } }, 'tdd', { was_shut_in: 'strict' })).toEqual(own);
  expect(wanted({ sandbox: { mode: 'strict' } }, 'tdd', { was_shut_in: 'worktree' })).toEqual(own);
  for (const said of [
    { sandbox: { mode: 'off' } },
    { sandbox: { need: 'off' } },
    { agents: { claude: { sandbox: 'off' } } },
    { modes: { tdd: { sandbox: 'off' } } },
  ])
    expect(wanted(said, 'tdd', { was_shut_in: 'strict' })).toMatchObject({ mode: 'off', said: true });
});

test('[SEC-9] strict reaches the list alone unless it says otherwise, and nobody without a sandbox is kept from anything', () => {
  const network = (mode: 'off' | 'worktree' | 'strict', said?: string) =>
    networkFor(settingsSchema.parse({ sandbox: said === undefined ? {} : { network: said } }), mode);
  expect([network('off'), network('worktree'), network('strict')]).toEqual(['on', 'on', 'allow-list']);
  expect([network('off', 'off'), network('worktree', 'allow-list'), network('strict', 'on')]).toEqual([
    'on',
    'allow-list',
    'on',
  ]);
});

test('[SEC-9] checks are shut in as agents are, without a network, unless the settings say otherwise', () => {
  const checks = (sandbox: object) => sandboxForChecks(settingsSchema.parse({ sandbox }), emptySwarm);
  expect(checks({})).toEqual({ mode: 'off', network: 'on' });
  expect(checks({ mode: 'strict', network: 'on' })).toEqual({ mode: 'strict', network: 'off' });
  const beside = (sandbox: object) => sandboxForChecks(settingsSchema.parse({ sandbox }), { had_shut_in: true });
  expect(beside({})).toEqual({ mode: 'worktree', network: 'off' });
  expect(beside({ network: 'on' })).toEqual({ mode: 'worktree', network: 'off' });
  expect(beside({ checks_network: 'on' })).toEqual({ mode: 'worktree', network: 'on' });
  // What such an agent wrote is also judged when it is removed.
  const asked = (word: string, more: object = {}) =>
    sandboxForChecks(settingsSchema.parse({ agents: { claude: { sandbox: word } }, ...more }), emptySwarm).mode;
  expect([asked('strict'), asked('worktree'), asked('off')]).toEqual(['strict', 'worktree', 'off']);
  expect(asked('strict', { sandbox: { checks: 'off' } })).toBe('off');
  const beast = settingsSchema.parse({ modes: { beast: { sandbox: 'worktree' } } });
  expect(sandboxForChecks(beast, emptySwarm).mode).toBe('worktree');
  expect(beside({ checks: 'off' })).toEqual({ mode: 'off', network: 'on' });
  expect(beside({ mode: 'off' })).toEqual({ mode: 'off', network: 'on' });
  expect(beside({ mode: 'strict' })).toEqual({ mode: 'strict', network: 'off' });
  expect(checks({ mode: 'strict', checks: 'off' })).toEqual({ mode: 'off', network: 'on' });
  // Nobody asked for that sandbox, but the word of whom it reaches is one.
  expect(beside({ checks_network: 'off' })).toEqual({ mode: 'worktree', network: 'off' });
  expect(beside({ checks_network: 'allow-list' })).toEqual({ mode: 'worktree', network: 'allow-list' });
  expect(checks({ checks_network: 'off' })).toEqual({ mode: 'off', network: 'on' });
  expect(checks({ checks: 'worktree', checks_network: 'allow-list' })).toEqual({
    mode: 'worktree',
    network: 'allow-list',
  });
});

test('[SEC-9] checks that nobody asked a sandbox for reach no more, and see no more, than whom they follow', () => {
  const agents = { claude: { sandbox: 'strict' } };
  const checks = (sandbox: object, more: object = { agents }) =>
    sandboxForChecks(settingsSchema.parse({ ...more, sandbox }), { had_shut_in: true });
  expect(checks({})).toEqual({ mode: 'strict', network: 'off' });
  expect(checks({ network: 'off' }, {})).toEqual({ mode: 'worktree', network: 'off' });
  expect(checks({ mode: 'worktree' })).toEqual({ mode: 'strict', network: 'off' });
  expect(checks({ mode: 'off' })).toEqual({ mode: 'off', network: 'on' });
  expect(checks({ checks: 'worktree' })).toEqual({ mode: 'worktree', network: 'off' });
});

test('[SEC-9] where nobody needs a sandbox nothing is in one, whatever else is said', () => {
  const settings = settingsSchema.parse({
    sandbox: { mode: 'strict', need: 'off', checks: 'strict', setup: 'worktree', network: 'off' },
    agents: { claude: { sandbox: 'strict' } },
    modes: { beast: { enabled: true, sandbox: 'strict' } },
  });
  const none = { mode: 'off', need: 'off', said: true };
  for (const mode of [null, 'beast']) expect(sandboxFor(settings, { agent: 'claude', mode })).toEqual(none);
  for (const walls of [sandboxForChecks, sandboxForSetUp])
    expect(walls(settings, { had_shut_in: true })).toEqual({ mode: 'off', network: 'on' });
});

test.each([
  [
    'hosts',
    ['registry.npmjs.org', '*.example.org', 'example.org:8443', '10.0.0.7:5000'],
    ['*', 'https://x.org', '127.0.0.1', '*.com', ''],
  ],
  [
    'read',
    ['/srv/data', '~/.m2/repository', '~/x y'],
    ['/', '~', '~/', 'data', './x', '../x', '/srv/../etc', '/srv/./x', '~ada/x', '', '/a\nb'],
  ],
  ['write', ['/srv/data'], ['/', '//']],
])('[SEC-9] sandbox.%s takes what means something and nothing else', (key, good, bad) => {
  const takes = (value: string) => settingsSchema.safeParse({ sandbox: { [key]: [value] } }).success;
  expect(good.filter((value) => !takes(value))).toEqual([]);
  expect(bad.filter((value) => takes(value))).toEqual([]);
});
