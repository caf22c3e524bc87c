import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { AgentAdapter } from '../../../src/agents/adapter.ts';
import { claude } from '../../../src/agents/claude.ts';
import { codex } from '../../../src/agents/codex.ts';
import { gemini } from '../../../src/agents/gemini.ts';
import { opencode } from '../../../src/agents/opencode.ts';
import { rehearsal } from '../../../src/agents/rehearsal.ts';
import { lossOf } from '../../../src/daemon/sandbox/loss.ts';
import { localFiles } from '../../../src/files/open.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

type Given = {
  readonly files?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly settings?: object;
};

/** What an agent would lose in a home of its own that has copies of these files. */
const lossWith = async (adapter: AgentAdapter, { files = {}, env = {}, settings = {} }: Given = {}) => {
  using home = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(home.path, name)), { recursive: true });
    writeFileSync(join(home.path, name), JSON.stringify(content));
  }
  const target = { env: { HOME: home.path, ...env }, files: localFiles };
  const loss = await lossOf({ settings: settingsSchema.parse(settings) }, target, adapter);
  return loss?.why.replace(home.path, '~') ?? null;
};

const CLAUDE = '.claude/.credentials.json';
const renewing = { claudeAiOauth: { accessToken: 'a', refreshToken: 'r', expiresAt: 1 } };

test('[SEC-9] a login that a copy would end is not copied where nobody asked for a sandbox', async () => {
  expect(await lossWith(claude, { files: { [CLAUDE]: renewing } })).toBe(
    `the login in ~/${CLAUDE} renews itself, and a copy of it would end it: have the token of "claude setup-token" in CLAUDE_CODE_OAUTH_TOKEN`,
  );
  const tokens = { tokens: { refresh_token: 'r' } };
  expect(await lossWith(codex, { files: { '.codex/auth.json': tokens }, env: { OPENAI_API_KEY: 'k' } })).toContain(
    'the login in ~/.codex/auth.json renews itself',
  );
  const oauth = { anthropic: { type: 'oauth', refresh: 'r', access: 'a' }, other: { type: 'api', key: 'k' } };
  expect(await lossWith(opencode, { files: { '.local/share/opencode/auth.json': oauth } })).toContain(
    'a key by "opencode auth login"',
  );
});

test('[SEC-9] a key, a token that lasts and no login at all are no reason', async () => {
  const files = { [CLAUDE]: renewing };
  const key = { CLAUDE_CODE_OAUTH_TOKEN: 't' };
  expect(await lossWith(claude)).toBeNull();
  expect(await lossWith(claude, { files: { [CLAUDE]: { claudeAiOauth: { accessToken: 'a' } } } })).toBeNull();
  expect(await lossWith(claude, { files: { [CLAUDE]: 'no login' } })).toBeNull();
  expect(await lossWith(claude, { files, env: key })).toBeNull();
  expect(await lossWith(claude, { files, settings: { agents: { claude: { env: key } } } })).toBeNull();
  // It is not handed on to the agent.
  expect(await lossWith(claude, { files, env: { OPENAI_API_KEY: 'k' } })).toContain('renews itself');
  expect(await lossWith(codex, { files: { '.codex/auth.json': { OPENAI_API_KEY: 'k' } } })).toBeNull();
  expect(await lossWith(opencode, { files: { '.local/share/opencode/auth.json': { a: { key: 'k' } } } })).toBeNull();
  expect(await lossWith(gemini, { files: { '.gemini/oauth_creds.json': { refresh_token: 'r' } } })).toBeNull();
});

test('[SEC-9] where its keys are kept by others, or its files elsewhere, its home would lack them', async () => {
  const files = { [CLAUDE]: renewing };
  const bedrock = (value: string) => lossWith(claude, { env: { CLAUDE_CODE_USE_BEDROCK: value } });
  expect(await bedrock('1')).toBe('with CLAUDE_CODE_USE_BEDROCK its keys are in your home, which it would not see');
  expect(await bedrock('0')).toBeNull();
  expect(await lossWith(claude, { files, env: { CLAUDE_CODE_USE_BEDROCK: '0' } })).toContain('renews itself');
  expect(
    await lossWith(gemini, { settings: { agents: { gemini: { env: { GOOGLE_APPLICATION_CREDENTIALS: '/k' } } } } }),
  ).toContain('with GOOGLE_APPLICATION_CREDENTIALS');
  const moved = { agents: { claude: { env: { CLAUDE_CONFIG_DIR: '/h/work' } } } };
  expect(await lossWith(claude, { settings: moved })).toBe(
    'agents.claude.env sets CLAUDE_CONFIG_DIR, so that its files are elsewhere',
  );
  expect(await lossWith(claude, { files: { '.claude/settings.json': { apiKeyHelper: '~/bin/key' } } })).toBe(
    '~/.claude/settings.json names a helper for its key',
  );
  // It may have been refused where the program asked.
  expect(await lossWith(claude, { files, env: { ANTHROPIC_API_KEY: 'k' } })).toContain('renews itself');
});

test('[SEC-9] an agent of which nobody knows what it needs has no home of its own by itself', async () => {
  expect(await lossWith(rehearsal)).toBe('what rehearsal needs in a home of its own is not known');
});
