import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFailed } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { openScriptedModel } from '../../models/anthropic.ts';

/** Where `npm run agents` installs the real programs. */
const PROGRAMS = fileURLToPath(
  new URL('../../../node_modules/.cache/drover-agents/node_modules/.bin', import.meta.url),
);

/** Whether the program of an agent is there to be run. */
export const isInstalled = (program: string): boolean => existsSync(join(PROGRAMS, program));

/** A swarm whose agent is the real Claude Code, with a scratch home, no account, and a scripted model on loopback. */
export const openClaudeSwarm = async (settings: object = {}) => {
  const model = await openScriptedModel();
  const swarm = await openSwarm({
    settings: { agent: 'claude', ...settings },
    env: {
      PATH: `${PROGRAMS}:${process.env['PATH'] ?? ''}`,
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_AUTH_TOKEN: 'none',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      DISABLE_TELEMETRY: '1',
    },
  });
  const trusted = { hasCompletedOnboarding: true, projects: { [swarm.root]: { hasTrustDialogAccepted: true } } };
  writeFileSync(join(swarm.env['HOME']!, '.claude.json'), JSON.stringify(trusted));
  let seen = '';
  onTestFailed(() => console.error(seen));
  return {
    swarm,
    model,
    [Symbol.asyncDispose]: async () => {
      const { transitions } = (await swarm.state()).instances['claude-1'] ?? {};
      seen = [
        swarm.tmux('capture-pane', '-p', '-t', '=r-claude-1:'),
        JSON.stringify(transitions, null, 1),
        JSON.stringify(model.calls),
        ...swarm.log,
      ].join('\n');
      await swarm[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
    },
  };
};
