import { openScriptedModel } from '../../test/models/anthropic.ts';

/** The real Claude Code without an account: a scratch home past its first start, and a scripted model on loopback. */
export const claude = {
  agent: 'claude',
  program: 'claude',
  openModel: openScriptedModel,
  /** What it prints when its input box is there. */
  box: /─❯/u,
  /** The folder in its home where it writes its conversations down. */
  transcripts: '.claude/projects',
  /** The name of its process, and what a line of its conversation says of the moment that it bears. */
  process: 'claude',
  factOf: ({ type, isMeta, message }) => {
    const words = [message?.content ?? []].flat().map((one) => (typeof one === 'string' ? one : (one.text ?? '')));
    if (type !== 'user' || isMeta || words.join('').trim() === '') return undefined;
    if (words.some((text) => text.startsWith('[Request interrupted by user'))) return 'rests';
    return words.some((text) => /^\s*</u.test(text)) ? undefined : 'works';
  },
  env: (model, { login = { ANTHROPIC_AUTH_TOKEN: 'none' } }) => ({
    ANTHROPIC_BASE_URL: model.url,
    ...login,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_TELEMETRY: '1',
  }),
  /** Files in its home by their path, from the root of the repository. */
  files: (root, { trusted = true, mcpServers = {} }) => ({
    '.claude.json': JSON.stringify({
      hasCompletedOnboarding: true,
      mcpServers,
      projects: trusted ? { [root]: { hasTrustDialogAccepted: true } } : {},
    }),
  }),
};
