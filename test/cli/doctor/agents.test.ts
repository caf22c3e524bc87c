import { describe, expect, test } from 'vitest';
import { adapterFor } from '../../../src/agents/index.ts';
import { type AgentFacts, judgeAgent, judgeClaudeStart } from '../../../src/cli/doctor/agents.ts';
import { loginOf } from '../../../src/cli/doctor/logins.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { exit, faults } from './findings.ts';

describe('agents', () => {
  const facts: AgentFacts = {
    agent: 'claude',
    program: 'claude',
    install: 'npm install -g x',
    wanted: true,
    chosen: true,
    found: true,
    version: exit('2.1.0 (Claude Code)\n'),
    login: { kind: 'yes', by: 'ANTHROPIC_API_KEY' },
    repair: 'claude /login',
    withheld: null,
  };
  const NOW = Date.parse('2026-11-20T12:00:00Z');

  test.each<[Partial<AgentFacts>, string, string | undefined]>([
    [{}, 'ok agent.found', undefined],
    [{ login: null, version: exit('', { timedOut: true, code: null }) }, 'ok agent.found', undefined],
    [{ found: false }, 'error agent.missing', 'npm install -g x'],
    [{ found: false, chosen: false }, 'warning agent.unchosen', 'drover init'],
    [{ chosen: false }, 'ok agent.found', undefined],
    [{ login: { kind: 'no', why: 'nobody seems to be logged in' } }, 'warning agent.logged-out', 'claude /login'],
    [{ login: { kind: 'no', why: 'x' }, wanted: false }, 'note agent.logged-out', 'claude /login'],
    [{ login: { kind: 'unknown', why: 'x' } }, 'ok agent.login-unknown', undefined],
    [
      { agent: 'gem', withheld: 'GEMINI_API_KEY' },
      'warning agent.key-withheld',
      `drover config set agents.gem.pass_env '["GEMINI_API_KEY"]'`,
    ],
  ])('an agent is judged by whether it can start working: %#', (more, fault, repair) => {
    const finding = judgeAgent({ ...facts, ...more });
    expect([`${finding.severity} ${finding.id}`, finding.repair]).toEqual([fault, repair]);
  });

  const login = (program: string, env: Record<string, string>, content?: unknown) => {
    const { login: rule } = adapterFor('x', settingsSchema.parse({ agents: { x: { command: [`/opt/${program}`] } } }));
    if (!rule) throw new Error(`no rule for ${program}`);
    const files = content === undefined ? [] : [{ file: rule.files({ HOME: '/h', ...env })[0]!, content }];
    return loginOf(rule, { HOME: '/h', ...env }, files, NOW);
  };
  const PAST = NOW - 86_400_000;

  test.each([
    ['claude', { ANTHROPIC_API_KEY: 'k' }, undefined, 'yes'],
    ['claude', {}, { claudeAiOauth: { expiresAt: NOW + 1 } }, 'yes'],
    ['claude', {}, { claudeAiOauth: { expiresAt: PAST, refreshToken: 'r' } }, 'yes'],
    ['claude', {}, { claudeAiOauth: { expiresAt: PAST } }, 'no'],
    ['claude', {}, { apiKeyHelper: '/x' }, 'unknown'],
    ['claude', {}, { other: 1 }, 'no'],
    ['claude', {}, 'no object', 'no'],
    ['kiro-cli', { KIRO_API_KEY: 'k' }, undefined, 'yes'],
    ['kiro-cli', {}, null, 'unknown'],
    ['kiro-cli', {}, undefined, 'no'],
    ['codex', {}, { OPENAI_API_KEY: 'k' }, 'yes'],
    ['codex', {}, { tokens: { refresh_token: 'r' } }, 'yes'],
    ['codex', {}, { tokens: {} }, 'no'],
    ['gemini', { GEMINI_API_KEY: 'k' }, undefined, 'yes'],
    ['gemini', {}, { expiry_date: PAST }, 'no'],
    ['gemini', {}, { expiry_date: PAST, refresh_token: 'r' }, 'yes'],
    ['gemini', {}, null, 'no'],
    ['opencode', {}, { anthropic: {} }, 'yes'],
    ['opencode', {}, {}, 'unknown'],
    ['opencode', {}, undefined, 'unknown'],
  ] as const)('the login of %s with %j and a file of %j: %s', (program, env, content, kind) => {
    expect(login(program, env, content).kind).toBe(kind);
  });

  test('the day on which a login ended is told', () => {
    expect(login('claude', {}, { claudeAiOauth: { expiresAt: PAST } })).toEqual({
      kind: 'no',
      why: 'the login in /h/.claude/.credentials.json ended 2026-11-19',
    });
  });

  test('what Claude Code asks at its first start is found, where nobody would answer', () => {
    const at = { root: '/work/r', env: {} };
    const trusted = { hasCompletedOnboarding: true, projects: { '/work/r': { hasTrustDialogAccepted: true } } };
    expect(faults(judgeClaudeStart(trusted, at))).toEqual([]);
    expect(faults(judgeClaudeStart(null, at))).toEqual(['warning agent.first-start']);
    const unknown = { hasCompletedOnboarding: true };
    expect(judgeClaudeStart(unknown, { ...at, root: '/work/a b' })).toMatchObject([
      { id: 'agent.untrusted', repair: "cd '/work/a b' && claude" },
    ]);
    expect(judgeClaudeStart(unknown, { root: '/work/r', env: { CLAUDE_CODE_SANDBOXED: '1' } })).toEqual([]);
    expect(judgeClaudeStart(unknown, { root: undefined, env: {} })).toEqual([]);
    expect(judgeClaudeStart(null, { root: undefined, env: {} })).toMatchObject([{ repair: 'claude' }]);
  });
});
