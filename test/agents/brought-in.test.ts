import { expect, test } from 'vitest';
import { codex } from '../../src/agents/codex.ts';
import { gemini } from '../../src/agents/gemini.ts';
import { opencode } from '../../src/agents/opencode.ts';

const HOME = '/home/ada';
const OWN = { HOME, CODEX_HOME: '/own/codex', GEMINI_CLI_HOME: '/own', XDG_CONFIG_HOME: '/c', XDG_DATA_HOME: '/d' };

test.each([
  [codex, ['/home/ada/.codex → .codex'], ['/own/codex → .codex'], 'auth.json'],
  [gemini, ['/home/ada/.gemini → .gemini'], ['/own/.gemini → .gemini'], 'oauth_creds.json'],
  [
    opencode,
    ['/home/ada/.config/opencode → .config/opencode', '/home/ada/.local/share/opencode → .local/share/opencode'],
    ['/c/opencode → .config/opencode', '/d/opencode → .local/share/opencode'],
    'auth.json',
  ],
])(
  '[SEC-9] a home of $title’s own gets settings and login of the person, and no conversation',
  (adapter, usual, own, login) => {
    const places = (env: Readonly<Record<string, string>>) =>
      adapter.broughtIn!(env).map(({ from, into }) => `${from} → ${into}`);
    expect(places({ HOME })).toEqual(usual);
    expect(places(OWN)).toEqual(own);
    const copies = adapter.broughtIn!({ HOME }).flatMap((one) => one.copies);
    expect(copies).toContain(login);
    expect(copies.filter((name) => /session|history|tmp|storage|\.(?:db|sqlite)/u.test(name))).toEqual([]);
    // The login is looked for where it is brought from.
    expect(
      adapter.login!.files(OWN).some((file) => adapter.broughtIn!(OWN).some(({ from }) => file === `${from}/${login}`)),
    ).toBe(true);
  },
);
