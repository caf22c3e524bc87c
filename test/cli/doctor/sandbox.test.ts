import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { probeLogins } from '../../../src/cli/doctor/sandbox.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

/** What is found of agents that are installed, of which Claude Code is logged in by a subscription. */
const foundWith = async (settings: object, more: Readonly<Record<string, string>> = {}) => {
  using home = temporaryFolder('logins');
  mkdirSync(join(home.path, 'bin'));
  for (const program of ['claude', 'codex', 'kiro-cli']) {
    writeFileSync(join(home.path, 'bin', program), '#!/bin/sh\n');
    chmodSync(join(home.path, 'bin', program), 0o755);
  }
  mkdirSync(join(home.path, '.claude'));
  const login = { claudeAiOauth: { accessToken: 'a', refreshToken: 'r', expiresAt: 1 } };
  writeFileSync(join(home.path, '.claude/.credentials.json'), JSON.stringify(login));
  const env = { HOME: home.path, PATH: join(home.path, 'bin'), ...more };
  const found = await probeLogins({ env, settings: settingsSchema.parse(settings) });
  return found.map(({ id, severity, name, cause, repair }) => {
    expect(id).toBe('sandbox.login');
    return [severity, name, cause.replace(home.path, '~'), repair];
  });
};

const WHY =
  'the login in ~/.claude/.credentials.json renews itself, and a copy of it would end it: have the token of "claude setup-token" in CLAUDE_CODE_OAUTH_TOKEN';
const FINE = 'what it needs of your home can be in its sandboxes';
const KIRO = 'what kiro needs in a home of its own is not known';

test('[SEC-9] of agents that are to be in a sandbox it is said whether their login allows it', async () => {
  expect(await foundWith({ sandbox: { mode: 'worktree' } })).toEqual([
    ['warning', 'claude', `is to be in a sandbox, but ${WHY}`, 'claude setup-token'],
    ['ok', 'codex', FINE, undefined],
    ['note', 'kiro', `is to be in a sandbox, but ${KIRO}`, undefined],
  ]);
  const without = 'runs without the sandbox that is the default where it asks nothing:';
  expect(await foundWith({ modes: { beast: { enabled: true } } })).toEqual([
    ['warning', 'claude', `${without} ${WHY}`, 'claude setup-token'],
    ['ok', 'codex', FINE, undefined],
    ['note', 'kiro', `${without} ${KIRO}`, undefined],
  ]);
  expect(await foundWith({ agents: { claude: { sandbox: 'strict' } } }, { CLAUDE_CODE_OAUTH_TOKEN: 't' })).toEqual([
    ['ok', 'claude', FINE, undefined],
  ]);
});

test('[SEC-9] of those that nobody shuts in nothing is said', async () => {
  expect(await foundWith({})).toEqual([]);
  expect(await foundWith({ sandbox: { mode: 'worktree', need: 'off' } })).toEqual([]);
});
