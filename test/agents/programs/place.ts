import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFailed, vi } from 'vitest';
import type { State } from '../../../src/state/index.ts';
import type { InstanceStateName } from '../../../src/state/instances.ts';
import type { TaskStateName } from '../../../src/state/tasks.ts';
import { until as untilWithin } from '../../commands/stage.ts';
import { below, processes } from '../../daemon/tree.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { openScriptedModel } from '../../models/anthropic.ts';
import { openScriptedGemini } from '../../models/gemini.ts';
import type { ScriptedModel } from '../../models/http.ts';
import { openScriptedOpenAi } from '../../models/openai.ts';

/** Where `npm run agents` installs the real programs. */
export const PROGRAMS = fileURLToPath(
  new URL('../../../node_modules/.cache/drover-agents/node_modules/.bin', import.meta.url),
);

/** Whether the program of an agent is there to be run. */
export const isInstalled = (program: string): boolean => existsSync(join(PROGRAMS, program));

// The programs weigh hundreds of megabytes: where they are read from the disk first, their start takes its time.
const PATIENCE = 90_000;

/** Waits until the state is so, as long as a real program may take. */
export const until = (swarm: Swarm, holds: (state: State) => boolean): Promise<State> =>
  untilWithin(swarm, holds, PATIENCE);

type Program = {
  readonly agent: string;
  readonly model: ScriptedModel;
  /** Milliseconds that may pass until something is so (default: `PATIENCE`). */
  readonly patience?: number;
  /** What it is started with beside the common variables. */
  readonly env: Readonly<Record<string, string>>;
  readonly settings: object;
  /** Files in its home, by their path in it. */
  readonly files: (swarm: Swarm) => Readonly<Record<string, string>>;
};

/** A swarm whose agent is a real program with a scratch home, no account, and a scripted model on loopback. */
const openPlace = async ({ agent, model, patience = PATIENCE, env, settings, files }: Program) => {
  // What a program leaves among the temporary files of its person goes with the place.
  const scratch = temporaryFolder('agents');
  const swarm = await openSwarm({
    settings: { agent, ...settings },
    env: {
      TMPDIR: scratch.path,
      PATH: `${PROGRAMS}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      ...env,
    },
  });
  for (const [path, text] of Object.entries(files(swarm))) {
    const file = join(swarm.env['HOME']!, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const id = `${agent}-1`;
  const screen = (): string => swarm.tmux('capture-pane', '-p', '-t', `=r-${id}:`);
  const wait = (holds: (state: State) => boolean): Promise<State> => untilWithin(swarm, holds, patience);
  let seen = '';
  onTestFailed(() => console.error(seen));
  return {
    swarm,
    model,
    id,
    screen,
    /** Hands out a task whose brief holds the script of the model. */
    begin: async (script: string, task = 't1'): Promise<void> => {
      await swarm.say(`create task "Make a file" id=${task} description="${script}"`);
      await swarm.say(`run task ${task}`);
    },
    taskIs: (kind: TaskStateName, task = 't1'): Promise<State> => wait((state) => state.tasks[task]?.state === kind),
    /** Ends its program as a crash would. */
    kill: (): void =>
      void process.kill(Number(swarm.tmux('list-panes', '-t', `=r-${id}:`, '-F', '#{pane_pid}')), 'SIGKILL'),
    instanceIs: (kind: InstanceStateName): Promise<State> => wait((state) => state.instances[id]?.state.kind === kind),
    /** Waits until it has drawn that: its hooks tell of what happened before it does. */
    shows: (text: string | RegExp): Promise<State> =>
      wait(() => (typeof text === 'string' ? screen().includes(text) : text.test(screen()))),
    /** What the agent asked the model first for each prompt, in order. */
    prompts: (): string[] =>
      model.calls.filter(({ kind, step }) => kind === 'main' && step === 0).map(({ prompt }) => prompt),
    [Symbol.asyncDispose]: async () => {
      const { transitions } = (await swarm.state()).instances[id] ?? {};
      seen = [screen(), JSON.stringify(transitions, null, 1), JSON.stringify(model.calls), ...swarm.log].join('\n');
      // A program writes its last words into its home, whoever has removed that.
      const shells = swarm.tmux('list-panes', '-a', '-F', '#{pane_pid}').split('\n').filter(Boolean).map(Number);
      const programs = shells.flatMap((pid) => [pid, ...below(pid).map((one) => one.pid)]);
      swarm.tmux('kill-server');
      await vi.waitUntil(() => !processes().some(({ pid }) => programs.includes(pid)), {
        timeout: 30_000,
        interval: 50,
      });
      await swarm[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
      scratch[Symbol.dispose]();
    },
  };
};

export type Place = Awaited<ReturnType<typeof openPlace>>;

/** The settings of a swarm, which may name the model of its agents. */
type Settings = object | ((model: ScriptedModel) => object);

const settingsFor = (settings: Settings, model: ScriptedModel): object =>
  typeof settings === 'function' ? settings(model) : settings;

type ClaudeHome = {
  /** Whether its person has trusted the repository, and chosen its colours. */
  readonly trusted?: boolean;
  readonly onboarded?: boolean;
  /** How it proves who it is. */
  readonly login?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
};

/** The real Claude Code, past the dialogs of its first start unless its home says otherwise. */
export const openClaudeSwarm = async (
  settings: Settings = {},
  { trusted = true, onboarded = true, login = { ANTHROPIC_AUTH_TOKEN: 'none' }, env = {} }: ClaudeHome = {},
): Promise<Place> => {
  const model = await openScriptedModel();
  return openPlace({
    agent: 'claude',
    model,
    settings: settingsFor(settings, model),
    env: {
      ANTHROPIC_BASE_URL: model.url,
      ...login,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      DISABLE_TELEMETRY: '1',
      ...env,
    },
    files: ({ root }) => ({
      '.claude.json': JSON.stringify({
        hasCompletedOnboarding: onboarded,
        projects: trusted ? { [root]: { hasTrustDialogAccepted: true } } : {},
      }),
    }),
  });
};

/** The real Codex, whose person has trusted the repository unless `trusted` is false. */
export const openCodexSwarm = async ({
  trusted = true,
  settings = {},
}: {
  readonly trusted?: boolean;
  readonly settings?: Settings;
} = {}): Promise<Place> => {
  const model = await openScriptedOpenAi();
  const config = `
model = "scripted"
model_provider = "scripted"
analytics.enabled = false
model_providers.scripted = { name = "scripted", base_url = "${model.url}", wire_api = "responses" }
`;
  return openPlace({
    agent: 'codex',
    model,
    settings: settingsFor(settings, model),
    env: {},
    files: ({ root }) => ({
      '.codex/config.toml': `${config}${trusted ? `projects.${JSON.stringify(root)}.trust_level = "trusted"\n` : ''}`,
    }),
  });
};

/** Of opencode where it cannot reach what it asks for its models. */
const START_MS = 180_000;

/** The real opencode, which asks before it makes a branch. */
export const openOpencodeSwarm = async (settings: Settings = {}): Promise<Place> => {
  const model = await openScriptedOpenAi();
  const scripted = {
    npm: '@ai-sdk/openai-compatible',
    name: 'Scripted',
    options: { baseURL: model.url, apiKey: 'none' },
    models: { scripted: { name: 'Scripted' } },
  };
  const config = {
    model: 'scripted/scripted',
    small_model: 'scripted/scripted',
    autoupdate: false,
    share: 'disabled',
    provider: { scripted },
    permission: { bash: { '*': 'allow', 'git branch*': 'ask' } },
  };
  return openPlace({
    agent: 'opencode',
    model,
    // It takes a minute and more to start on a busy machine, and as long to begin its first turn.
    patience: START_MS,
    settings: { timeouts: { start_ms: START_MS }, ...settingsFor(settings, model) },
    env: { OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_LSP_DOWNLOAD: '1' },
    files: () => ({ '.config/opencode/opencode.json': JSON.stringify(config) }),
  });
};

/** The real Gemini CLI, whose person asks for no trust in folders unless `trusting` is false. */
export const openGeminiSwarm = async (settings: Settings = {}, { trusting = true } = {}): Promise<Place> => {
  const model = await openScriptedGemini();
  const own = {
    security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: !trusting } },
    privacy: { usageStatisticsEnabled: false },
    general: { disableAutoUpdate: true, disableUpdateNag: true },
  };
  return openPlace({
    agent: 'gemini',
    model,
    settings: settingsFor(settings, model),
    env: { GOOGLE_GEMINI_BASE_URL: model.url, GEMINI_API_KEY: 'none' },
    files: () => ({ '.gemini/settings.json': JSON.stringify(own) }),
  });
};
