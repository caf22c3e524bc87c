import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AgentAdapter } from '../../../src/agents/adapter.ts';
import { claude } from '../../../src/agents/claude.ts';
import { rehearsal } from '../../../src/agents/rehearsal.ts';
import { levelFor } from '../../../src/daemon/sandbox/level.ts';
import type { DaemonServices } from '../../../src/daemon/services.ts';
import type { Instance } from '../../../src/state/instances.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { servicesOn } from '../../helpers/target.ts';

type Given = {
  readonly settings?: object;
  readonly adapter?: AgentAdapter;
  readonly instance?: Partial<Instance>;
  readonly env?: Readonly<Record<string, string>>;
};

/** How far an agent is shut in on a machine that has a sandbox. */
const levelWith = ({ settings = {}, adapter = rehearsal, instance = {}, env = { HOME: '/nobody' } }: Given) => {
  const services = {
    ...servicesOn({ sandbox: { lack: async () => null }, env }),
    settings: settingsSchema.parse(settings),
    adapterFor: () => adapter,
    log: () => undefined,
  } as unknown as DaemonServices;
  const known = { instance_id: 'a-1', agent: adapter.agent, mode: null, conversation: null };
  return levelFor(services, { ...known, ...instance } as Instance, adapter);
};

/** A home in which Claude Code is logged in by a subscription. */
const subscribed = () => {
  const home = temporaryFolder('login');
  mkdirSync(join(home.path, '.claude'));
  const login = { claudeAiOauth: { accessToken: 'a', refreshToken: 'r', expiresAt: 1 } };
  writeFileSync(join(home.path, '.claude/.credentials.json'), JSON.stringify(login));
  return home;
};

const WORKTREE = { sandbox: { mode: 'worktree' } };
const OFF = { sandbox: { mode: 'off' } };

test('[SEC-9] a conversation is not gone on with from another home, and that is told', async () => {
  const conversation = 'c1';
  const began = 'a-1 began a new conversation';
  const told = async (settings: object, instance: Partial<Instance>) => {
    const { isInOtherHome, notes } = await levelWith({ settings, instance });
    return [isInOtherHome, notes];
  };
  expect(await told(WORKTREE, { conversation })).toEqual([
    true,
    [{ severity: 'info', text: `${began}: it is in a sandbox now, and the one before lies in your home` }],
  ]);
  expect(await told(OFF, { conversation, sandbox: 'strict' })).toEqual([
    true,
    [
      {
        severity: 'info',
        text: `${began}: it is in no sandbox any more, and the one before lies in the home that it had there`,
      },
    ],
  ]);
  const same = [false, []];
  expect(await told(WORKTREE, {})).toEqual(same);
  expect(await told(WORKTREE, { conversation, sandbox: 'strict' })).toEqual(same);
  expect(await told(OFF, { conversation })).toEqual(same);
  expect(await told(OFF, { conversation, sandbox: 'missing' })).toEqual(same);
});

test('[SEC-9] who asks for a sandbox in which copies of one login end each other is warned, with what helps', async () => {
  using home = subscribed();
  const env = { HOME: home.path };
  const { mode, notes } = await levelWith({ settings: WORKTREE, adapter: claude, env });
  const help = 'have the token of "claude setup-token" in CLAUDE_CODE_OAUTH_TOKEN';
  const why = `the login in ${home.path}/.claude/.credentials.json renews itself, and a copy of it would end it: ${help}`;
  expect({ mode, notes }).toEqual({
    mode: 'worktree',
    notes: [{ severity: 'warning', text: `a-1 is in a sandbox as was asked for, but ${why}` }],
  });
  const lasting = { ...env, CLAUDE_CODE_OAUTH_TOKEN: 't' };
  expect(await levelWith({ settings: WORKTREE, adapter: claude, env: lasting })).toMatchObject({ notes: [] });
  expect(await levelWith({ settings: WORKTREE })).toMatchObject({ mode: 'worktree', notes: [] });
});

test('[SEC-9] an agent that is to be in a sandbox for what was left in its worktree alone is not started where that ends a login', async () => {
  using home = subscribed();
  const env = { HOME: home.path };
  const instance = { was_shut_in: 'worktree' } as const;
  await expect(levelWith({ instance, adapter: claude, env })).rejects.toMatchObject({
    code: 'sandbox/kept',
    message: expect.stringContaining('renews itself'),
    hint: expect.stringContaining('drover config set agents.claude.sandbox off'),
  });
  const lasting = { ...env, CLAUDE_CODE_OAUTH_TOKEN: 't' };
  expect(await levelWith({ instance, adapter: claude, env: lasting })).toMatchObject({ mode: 'worktree', notes: [] });
  // What it loses there ends no login.
  const { mode, notes } = await levelWith({
    instance,
    adapter: claude,
    env: { HOME: '/nobody', CLAUDE_CODE_USE_BEDROCK: '1' },
  });
  expect([mode, notes[0]!.text]).toEqual([
    'worktree',
    expect.stringMatching(
      /^a-1 is in a sandbox as programs before it in its worktree were, but with CLAUDE_CODE_USE_BEDROCK /u,
    ),
  ]);
  const out = { agents: { claude: { sandbox: 'off' } } };
  expect(await levelWith({ instance, adapter: claude, env, settings: out })).toMatchObject({ mode: 'off' });
});

test('[SEC-9] who may do everything and has no sandbox for want of a login that lasts is warned of', async () => {
  using home = subscribed();
  const beast = { instance: { mode: 'beast' }, settings: { modes: { beast: { enabled: true } } } };
  const { isMissing, notes } = await levelWith({ ...beast, adapter: claude, env: { HOME: home.path } });
  expect({ isMissing, notes }).toMatchObject({ isMissing: true, notes: [{ severity: 'warning' }] });
  expect(notes[0]!.text).toContain('claude setup-token');
  const unknown = await levelWith({ ...beast, adapter: { ...claude, broughtIn: undefined } as never });
  expect(unknown).toMatchObject({ isMissing: true, notes: [{ severity: 'info' }] });
});

test('[SEC-9] an agent whose sandbox has no network, so that it reaches its own model no more, is warned of', async () => {
  const told = async (sandbox: object, adapter: AgentAdapter = claude) =>
    (await levelWith({ settings: { sandbox: { mode: 'worktree', ...sandbox } }, adapter })).notes;
  expect(await told({ network: 'off' })).toEqual([
    {
      severity: 'warning',
      text: 'a-1 reaches nobody, its own model neither, for sandbox.network is off: with allow-list it reaches that from its next start on',
      suggestion: 'set config sandbox.network allow-list',
    },
  ]);
  for (const network of ['on', 'allow-list']) expect(await told({ network })).toEqual([]);
  expect(await told({ network: 'off', mode: 'off' })).toEqual([]);
  expect(await told({ network: 'off' }, rehearsal)).toEqual([]);
  // Nobody knows where a model of one that only settings describe is, or whether it has one.
  expect(await told({ network: 'off' }, { ...rehearsal, pretends: undefined } as never)).toEqual([]);
});
