import { openScriptedOpenAi } from '../../test/models/openai.ts';

/** The real opencode, which asks before it makes a branch. */
export const opencode = {
  agent: 'opencode',
  program: 'opencode',
  openModel: openScriptedOpenAi,
  box: /ctrl\+pcommands/u,
  /** What it shows while it works, seconds before its first call. */
  works: /escinterrupt/u,
  transcripts: '.local/none',
  process: 'opencode',
  factOf: () => undefined,
  /** Milliseconds that its start may take on a busy machine. */
  patience: 120_000,
  asking: 'bash',
  /** It tries again what was too much, and whatever else went wrong, without an end. */
  patient: true,
  stubborn: true,
  interrupt: ['Escape', 'Escape'],
  leave: '/exit',
  env: () => ({ OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_LSP_DOWNLOAD: '1' }),
  files: (_root, _home, model) => ({
    '.config/opencode/opencode.json': JSON.stringify({
      model: 'scripted/scripted',
      small_model: 'scripted/scripted',
      autoupdate: false,
      share: 'disabled',
      provider: {
        scripted: {
          npm: '@ai-sdk/openai-compatible',
          name: 'Scripted',
          options: { baseURL: model.url, apiKey: 'none' },
          models: { scripted: { name: 'Scripted' } },
        },
      },
      permission: { bash: { '*': 'allow', 'git branch*': 'ask' } },
    }),
  }),
};
