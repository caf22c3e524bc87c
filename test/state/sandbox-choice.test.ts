import { expect, test } from 'vitest';
import { sandboxFor } from '../../src/state/sandbox-choice.ts';
import { settingsSchema } from '../../src/state/settings.ts';

test('[SEC-9] the word of the run profile counts before that of the agent, and both before that of the repository', () => {
  const settings = settingsSchema.parse({
    sandbox: { mode: 'worktree', need: 'required' },
    agents: { codex: { sandbox: 'off' }, claude: {} },
    modes: { review: { sandbox: 'strict' } },
  });
  const wanted = (agent: string, mode: string | null) => sandboxFor(settings, { agent, mode }).mode;
  expect(wanted('claude', null)).toBe('worktree');
  expect(wanted('codex', null)).toBe('off');
  expect(wanted('codex', 'review')).toBe('strict');
  expect(wanted('codex', 'beast')).toBe('off');
  expect(wanted('constructor', 'constructor')).toBe('worktree');
  expect(sandboxFor(settings, { agent: 'codex', mode: null }).need).toBe('required');
});

test('[SEC-9] a repository that says nothing has no sandbox', () => {
  expect(sandboxFor(settingsSchema.parse({}), { agent: 'claude', mode: 'beast' })).toEqual({
    mode: 'off',
    need: 'if-available',
  });
});
