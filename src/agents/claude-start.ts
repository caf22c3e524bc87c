import type { FirstStart } from './adapter.ts';
import { homeOf } from './login.ts';

/** What Claude Code asks before its first prompt in a repository, by the `.claude.json` of its person. */
export const claudeFirstStart: FirstStart = {
  file: (env) => `${env['CLAUDE_CONFIG_DIR'] || homeOf(env)}/.claude.json`,
  asks: (content, { root, env }) => {
    const known = typeof content === 'object' && content !== null ? (content as Record<string, unknown>) : {};
    if (known['hasCompletedOnboarding'] !== true) return 'greeting';
    // Worktrees inherit the trust in their repository; a repository does not inherit that in a folder above it.
    const projects = (known['projects'] ?? {}) as Record<string, { hasTrustDialogAccepted?: unknown } | undefined>;
    const trusted =
      env['CLAUDE_CODE_SANDBOXED'] || root === undefined || projects[root]?.hasTrustDialogAccepted === true;
    return trusted ? undefined : 'trust';
  },
};
