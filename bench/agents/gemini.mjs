import { openScriptedGemini } from '../../test/models/gemini.ts';

/** The real Gemini CLI, whose person asks for no trust in folders. */
export const gemini = {
  agent: 'gemini',
  program: 'gemini',
  openModel: openScriptedGemini,
  box: /Type\s*your\s*message/u,
  /** What it shows while it works, before its first call. */
  works: /esctocancel/u,
  transcripts: '.gemini/none',
  process: 'MainThread',
  starter: true,
  factOf: () => undefined,
  /** Milliseconds that its start may take on a busy machine. */
  patience: 120_000,
  asking: 'bash',
  /** It tries again what was too much. */
  patient: true,
  /** What its dialog says. */
  dialog: /Allow\s*execution/u,
  /** What it says when it ends its turn because it was refused something. */
  refused: /Request\s*cancelled/u,
  interrupt: ['Escape'],
  leave: '/quit',
  env: (model) => ({ GOOGLE_GEMINI_BASE_URL: model.url, GEMINI_API_KEY: 'none' }),
  files: () => ({
    '.gemini/settings.json': JSON.stringify({
      security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
      privacy: { usageStatisticsEnabled: false },
      general: { disableAutoUpdate: true, disableUpdateNag: true },
    }),
  }),
};
