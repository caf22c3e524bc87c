import { openScriptedOpenAi } from '../../test/models/openai.ts';

/** The real Codex without an account: its person has trusted the repository, and its model is a scripted one. */
export const codex = {
  agent: 'codex',
  program: 'codex',
  openModel: openScriptedOpenAi,
  box: /Ask\s*Codex\s*to\s*do\s*anything/u,
  transcripts: '.codex/none',
  /** A program in Node starts the one that counts and ends with it. */
  process: 'MainThread',
  starter: true,
  factOf: () => undefined,
  /** How the script asks for a command that needs a permission. */
  asking: 'esc',
  /** So often it calls where the answer is cut, and then gives up. */
  drops: 6,
  /** What it says when it ends its turn because it was refused something. */
  refused: /Conversation\s*interrupted/u,
  interrupt: ['Escape'],
  leave: '/quit',
  env: () => ({}),
  files: (root, { trusted = true }, model) => ({
    '.codex/config.toml': `
model = "scripted"
model_provider = "scripted"
analytics.enabled = false
model_providers.scripted = { name = "scripted", base_url = "${model.url}", wire_api = "responses" }
${trusted ? `projects.${JSON.stringify(root)}.trust_level = "trusted"\n` : ''}`,
  }),
};
