import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AgentAdapter } from '../../../src/agents/adapter.ts';
import { codex } from '../../../src/agents/codex.ts';
import { kiro } from '../../../src/agents/kiro.ts';
import { rehearsal } from '../../../src/agents/rehearsal.ts';
import { levelFor } from '../../../src/daemon/sandbox/level.ts';
import { sandboxFacts } from '../../../src/daemon/sandbox/notes.ts';
import { shutIn } from '../../../src/daemon/sandbox/shut-in.ts';
import type { DaemonServices } from '../../../src/daemon/services.ts';
import type { SandboxSpec } from '../../../src/ports/sandbox.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import type { Instance } from '../../../src/state/instances.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { servicesOn } from '../../helpers/target.ts';

const state = (): State => ({ alerts: {} }) as State;

const instance = {
  ...{ instance_id: 'rehearsal-1', agent: 'rehearsal', mode: null, workspace_path: '/w', conversation: null },
} as Instance;

/** A daemon on a machine that has no sandbox. */
const without = (sandbox: object, lack: string | null = 'bubblewrap is not installed') => {
  const log: string[] = [];
  const shared: string[] = [];
  const parts = {
    sandbox: { lack: async () => lack },
    git: { sharedGit: async (worktree: string) => void shared.push(worktree) },
  };
  const services = {
    ...servicesOn(parts),
    settings: settingsSchema.parse({ sandbox }),
    store: { state: state() },
    log: (line: string) => void log.push(line),
  } as unknown as DaemonServices;
  return {
    log,
    shared,
    shutIn: async (mode: string | null = null, adapter: AgentAdapter = rehearsal) => {
      const one = { ...instance, mode };
      return shutIn(services, one, { adapter, level: await levelFor(services, one, adapter) });
    },
  };
};

test('[SEC-9] who is to be in a sandbox is not started where there is none', async () => {
  const one = without({ mode: 'strict', need: 'required' });
  await expect(one.shutIn()).rejects.toMatchObject({
    code: 'sandbox/missing',
    message:
      'rehearsal-1 is not started: it is to be in a sandbox (strict), and can have none: bubblewrap is not installed.',
  });
  expect(one.shared).toEqual([]);
});

test('[SEC-9] who is to be in one where it is available is started without, and that is said and recorded', async () => {
  const one = without({ mode: 'worktree' });
  const shut = await one.shutIn();
  expect(shut).toMatchObject({ env: {}, sandbox: 'missing' });
  const [told] = sandboxFacts(state(), 'rehearsal-1', shut.notes);
  expect(told).toMatchObject({
    type: 'alert.raised',
    data: {
      severity: 'warning',
      text: 'rehearsal-1 runs without the sandbox that it was to have: bubblewrap is not installed',
    },
  });
  const alert = { ...(told as { data: { id: string } }).data, at: '', acknowledged: false };
  const alerts = { [alert.id]: alert } as unknown as State['alerts'];
  expect(sandboxFacts({ ...state(), alerts }, 'rehearsal-1', [])).toMatchObject([{ type: 'alert.cleared' }]);
  expect(sandboxFacts(state(), 'rehearsal-1', [])).toEqual([]);
  expect(one.log).toEqual(['rehearsal-1 is started without a sandbox (worktree): bubblewrap is not installed']);
  expect(one.shared).toEqual(['/w']);
});

test('[SEC-9] where it is off nobody asks for one, and nothing of it is recorded', async () => {
  const one = without({});
  expect(await one.shutIn()).toEqual({ env: {}, notes: [] });
  expect(one.log).toEqual([]);
});

test('[SEC-9] who may do everything and has no sandbox that nobody asked for is started, and that is said calmly', async () => {
  const one = without({});
  const shut = await one.shutIn('beast', kiro);
  const text = 'rehearsal-1 runs without the sandbox that it was to have';
  expect(shut).toEqual({
    ...{ env: {}, sandbox: 'missing' },
    notes: [{ severity: 'info', text: `${text}: bubblewrap is not installed` }],
  });
  expect(await without({}).shutIn('beast', rehearsal)).toEqual({ env: {}, notes: [] });
  const why = 'what kiro needs in a home of its own is not known';
  expect(await without({}, null).shutIn('beast', kiro)).toMatchObject({
    ...{ sandbox: 'missing', notes: [{ severity: 'info', text: `${text}: ${why}` }] },
  });
  await expect(without({ need: 'required' }, null).shutIn('beast', kiro)).rejects.toMatchObject({
    message: `rehearsal-1 is not started: it is to be in a sandbox (worktree), and can have none: ${why}.`,
  });
});

test('[SEC-9] what is brought into a home goes nowhere else, whatever its agent has left there', async () => {
  using folder = temporaryFolder('home');
  const at = (...names: string[]) => join(folder.path, ...names);
  const paths = { root: at('r'), commonDir: at('r/.git'), state: at('s'), home: at('ada'), sandboxes: at('own/r') };
  const env = { HOME: at('ada') };
  const log: string[] = [];
  const told: EventDraft[] = [];
  const seen: string[] = [];
  for (const name of ['ada/.codex', 'ada/.ssh', 'own/r/codex-1/home']) mkdirSync(at(name), { recursive: true });
  writeFileSync(at('ada/.codex/config.toml'), 'mine');
  symlinkSync(at('ada/.ssh'), at('own/r/codex-1/home/.codex'));
  const services = {
    ...servicesOn({
      ...{
        env,
        paths: {
          ...paths,
          socket: at('socket'),
          spool: at('spool'),
          worktrees: at('w'),
          data: at('data'),
          bin: at('bin'),
          instances: at('i'),
        },
      },
      ...{
        shipped: { assets: at('a/b'), node: at('ada/.local/bin/node') },
        processes: { run: async () => ({}), find: async () => at('ada/.local/codex') },
      },
      git: { ownPlaces: async () => [], privateGit: async () => ({ folder: at('p'), admin: 'a' }) },
      sandbox: {
        lack: async () => null,
        wall: async ({ read }: SandboxSpec) => {
          seen.push(...read);
          return ['bwrap'];
        },
      },
    }),
    settings: settingsSchema.parse({ sandbox: { mode: 'worktree' } }),
    store: { state: state() },
    adapterFor: () => codex,
    decide: async (facts: (now: State) => EventDraft[]) => void told.push(...facts(state())),
    log: (line: string) => void log.push(line),
  } as unknown as DaemonServices;
  const one = { ...instance, instance_id: 'codex-1', agent: 'codex' };
  await shutIn(services, one, { adapter: codex, level: await levelFor(services, one, codex) });
  expect(readdirSync(at('ada/.ssh'))).toEqual([]);
  expect(log.join()).toContain('.codex is no folder');
  expect(told).toMatchObject([
    {
      type: 'alert.raised',
      data: {
        id: 'home:codex',
        text: expect.stringMatching(/^codex has not all of yours in its sandbox: ~\/\.codex \(.+ is no folder\)$/u),
        suggestion: 'show config sandbox',
      },
    },
  ]);
  // Of a folder that holds keys there are the programs alone.
  for (const name of ['codex', 'bin/node', 'lib/node_modules', 'bin']) expect(seen).toContain(at('ada/.local', name));
  for (const name of ['ada', 'ada/.local']) expect(seen).not.toContain(at(name));
});
