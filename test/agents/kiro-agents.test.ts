import { expect, test } from 'vitest';
import type { FoundFile } from '../../src/agents/adapter.ts';
import { adapterFor } from '../../src/agents/index.ts';
import { kiro } from '../../src/agents/kiro.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import { launchOptions } from './options.ts';

const HOOK = "'/opt/it'\\''s drover/hook.sh'";
const mine = { prompt: 'file://./mine.md', allowedTools: ['fs_read'], hooks: { stop: [{ command: 'theirs' }] } };
const file = (path: string, content: unknown): FoundFile => ({ path, content: JSON.stringify(content) });
const SETTINGS = file('/h/.kiro/settings/cli.json', { 'chat.defaultAgent': 'mine' });

const launched = (found: readonly FoundFile[], args?: readonly string[]) =>
  kiro.launch(launchOptions({ found, ...(args ? { mode: { name: 'm', leeway: 'edit', args } } : {}) }));
const derived = (found: readonly FoundFile[], name = 'drover-kiro') => {
  const content = launched(found).files.find(({ path }) => path.endsWith(`/${name}.json`))?.content;
  return content === undefined ? undefined : (JSON.parse(content) as Record<string, unknown>);
};

test('the agent of the person is copied in our name, with our hooks behind theirs and everything else as it was', () => {
  const found = [file('/h/.kiro/agents/mine.json', mine), SETTINGS];
  const { argv, env } = launched(found);
  expect(argv).toEqual(['kiro-cli', 'chat', '--agent', 'drover-kiro']);
  expect(env['KIRO_AGENT_CONFIG_DIR']).toBe("/state/it's x-1/derived");
  const ours = { command: HOOK, timeout_ms: 10_000 };
  expect(derived(found)).toEqual({
    name: 'drover-kiro',
    prompt: 'file:///h/.kiro/agents/mine.md',
    allowedTools: ['fs_read'],
    hooks: { agentSpawn: [ours], userPromptSubmit: [ours], postToolUse: [ours], stop: [{ command: 'theirs' }, ours] },
  });
  expect(derived(found, 'mine')).toEqual({ ...mine, name: 'mine', prompt: 'file:///h/.kiro/agents/mine.md' });
});

test('hooks that stand in one list, as those of later versions do, stay one', () => {
  const hooks = [{ name: 'theirs', trigger: 'Stop', action: { type: 'command', command: 'theirs' } }];
  const { hooks: made } = derived([file('/h/.kiro/agents/mine.json', { hooks }), SETTINGS])!;
  expect(made).toEqual([
    hooks[0],
    ...['UserPromptSubmit', 'PostToolUse', 'Stop'].map((trigger) =>
      expect.objectContaining({ trigger, action: { type: 'command', command: HOOK } }),
    ),
  ]);
});

test('of two agents with one name that of the repository counts, as it does for Kiro', () => {
  const found = [
    file('/w/x-1/.kiro/agents/here.json', { name: 'mine', description: 'near' }),
    file('/h/.kiro/agents/mine.json', { name: 'mine', description: 'far' }),
    SETTINGS,
  ];
  expect(derived(found)!['description']).toBe('near');
});

test('an agent that a profile names is the one that is copied, in the place of its name', () => {
  const found = [
    file('/h/.kiro/agents/mine.json', mine),
    file('/h/.kiro/agents/other.json', { description: 'o' }),
    SETTINGS,
  ];
  for (const args of [
    ['--agent', 'other', '--model', 'm'],
    ['--agent=other', '--model', 'm'],
  ]) {
    const { argv } = launched(found, args);
    expect(argv.slice(2)).toEqual(['--agent', 'drover-kiro', expect.stringMatching(/^--trust-tools=/), '--model', 'm']);
  }
});

test.each([
  ['there is none', []],
  ['they use the one that is built in', [file('/h/.kiro/agents/mine.json', mine)]],
  ['theirs is not there', [SETTINGS]],
  ['theirs cannot be read', [{ path: '/h/.kiro/agents/mine.json', content: '{"name":' }, SETTINGS]],
])('no agent is derived where %s', (_why, found) => {
  const { argv, env, files } = launched(found);
  expect(argv).toEqual(['kiro-cli', 'chat']);
  expect(env['KIRO_AGENT_CONFIG_DIR']).toBeUndefined();
  expect(files.map(({ path }) => path)).toEqual(["/state/it's x-1/record/frames.jsonl"]);
});

test('agents are looked for where Kiro looks, also where the configuration has it look elsewhere', () => {
  const at = (env: Record<string, string>, own: Record<string, string> = {}) =>
    adapterFor('kiro', settingsSchema.parse({ agents: { kiro: { env: own } } })).derivesFrom!({ worktree: '/w', env });
  expect(at({ HOME: '/h' })).toEqual([
    ...['/w/.kiro/agents/*.json', '/h/.kiro/agents/*.json', '/h/.kiro/settings/cli.json'],
  ]);
  expect(at({ HOME: '/h' }, { KIRO_HOME: '/k' })[1]).toBe('/k/agents/*.json');
  expect(at({ HOME: '/h', KIRO_AGENT_CONFIG_DIR: '/a' })[0]).toBe('/a/*.json');
});

test('its hooks say what those of others say', () => {
  const read = (hook_event_name: string, more: object = {}) => kiro.readHook({ hook_event_name, ...more });
  expect(read('userPromptSubmit')).toEqual({ kind: 'working' });
  expect(read('stop', { assistant_response: 'done' })).toEqual({ kind: 'finished', summary: 'done' });
  expect(read('agentSpawn', { session_id: 's' })).toEqual({ kind: 'ready', conversation: 's' });
  expect(read('postToolUse', { tool_name: 'fs_write', tool_input: { path: '/w/a' } })).toMatchObject({
    kind: 'touched',
    path: '/w/a',
  });
});
