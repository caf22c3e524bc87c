import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claude } from '../../../src/agents/claude.ts';
import { furnishHome } from '../../../src/daemon/sandbox/furnish-home.ts';
import type { DaemonServices } from '../../../src/daemon/services.ts';
import type { Target } from '../../../src/ports/target.ts';
import { type EventDraft, reduce, type State } from '../../../src/state/index.ts';
import type { Instance } from '../../../src/state/instances.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { servicesOn } from '../../helpers/target.ts';
import { stateOf } from '../../state/fold.ts';

test('[SEC-9] what a home did not get is told once for each agent, with the setting that shows it there', async () => {
  using folder = temporaryFolder('home');
  const at = (...names: string[]) => join(folder.path, ...names);
  const own = at('ada/.claude');
  mkdirSync(join(own, 'hooks'), { recursive: true });
  mkdirSync(join(own, 'plugins'));
  mkdirSync(at('ada/dotfiles'));
  writeFileSync(join(own, 'hooks/check.sh'), 'mine');
  symlinkSync(at('ada/dotfiles'), join(own, 'rules'));
  symlinkSync(at('ada/dotfiles'), join(own, '.credentials.json'));
  for (let n = 0; n <= 5000; n += 1) writeFileSync(join(own, 'plugins', `${n}`), '');
  const { home: target } = servicesOn({ env: { HOME: at('ada') }, paths: { home: at('ada'), sandboxes: at('own') } });
  let state: State = stateOf();
  const furnish = async (id: string, sandbox: object): Promise<readonly string[]> => {
    const facts: EventDraft[] = [];
    const services = {
      settings: settingsSchema.parse({ sandbox }),
      log: () => undefined,
      decide: async (decide: (now: State) => EventDraft[]) => void facts.push(...decide(state)),
    } as unknown as DaemonServices;
    await furnishHome(services, target as Target, { instance_id: id } as Instance, claude);
    state = facts.reduce(
      (now, fact, n) => reduce(now, { ...fact, seq: n + 1, at: '2026-01-01T00:00:00Z' } as never),
      state,
    );
    return facts.map(({ type }) => type);
  };
  expect(await furnish('claude-1', { read: ['/srv/data'] })).toEqual(['alert.raised']);
  expect(readdirSync(at('own/claude-1/home/.claude'))).toEqual(['hooks']);
  expect(state.alerts['home:claude']).toMatchObject({
    text: 'claude has not all of yours in its sandbox: ~/.claude/.credentials.json (it is a link that leads elsewhere), ~/.claude/rules (it is a link that leads elsewhere), ~/.claude/plugins (it holds more than 5000 files)',
    suggestion: `set config sandbox.read '["/srv/data","~/.claude/rules","~/.claude/plugins"]'`,
  });
  expect(await furnish('claude-2', { read: ['/srv/data'] })).toEqual([]);
  expect(await furnish('claude-2', { read: ['~/.claude'] })).toEqual(['alert.raised']);
  rmSync(join(own, '.credentials.json'));
  expect(await furnish('claude-2', { read: ['~/.claude/rules', '~/.claude/plugins'] })).toEqual(['alert.cleared']);
});

test('[SEC-9] what is proposed goes by what was in the way, in whatever words that is said', async () => {
  using folder = temporaryFolder('home');
  const { home: target } = servicesOn({
    ...{ env: { HOME: '/home/ada' }, paths: { home: '/home/ada', sandboxes: join(folder.path, 'own') } },
    files: {
      folders: async (path: string) => (path === '/home/ada' ? [] : null),
      makeFolder: async () => undefined,
      furnish: async () => ({
        ...{ copied: 0, linked: 0 },
        refused: [
          { path: '.claude/rules', kind: 'leads-elsewhere', why: 'somebody linked it' },
          { path: '.claude/skills', kind: 'occupied', why: 'it is a link that somebody left there' },
        ],
      }),
    },
  });
  const facts: EventDraft[] = [];
  const services = {
    settings: settingsSchema.parse({}),
    log: () => undefined,
    decide: async (decide: (now: State) => EventDraft[]) => void facts.push(...decide(stateOf())),
  } as unknown as DaemonServices;
  await furnishHome(services, target as Target, { instance_id: 'claude-1' } as Instance, claude);
  expect(facts).toMatchObject([{ data: { suggestion: `set config sandbox.read '["~/.claude/rules"]'` } }]);
});
