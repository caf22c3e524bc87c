import { expect, test } from 'vitest';
import { envOf } from '../../../src/daemon/sandbox/own-env.ts';
import type { Target } from '../../../src/ports/target.ts';

const target = (env: Record<string, string>) => ({ env, paths: { sandboxes: '/data/boxes' } }) as unknown as Target;
const env = { HOME: '/home/ada', CLAUDE_CONFIG_DIR: '/etc/claude' };

test('[SEC-9] what the program of an instance writes down is found in the home that it has', () => {
  const of = (sandbox?: 'worktree' | 'missing') => ({ instance_id: 'a-1', ...(sandbox ? { sandbox } : {}) });
  expect(envOf(target(env), of())).toBe(env);
  expect(envOf(target(env), of('missing'))).toBe(env);
  expect(envOf(target(env), undefined)).toBe(env);
  const home = '/data/boxes/a-1/home';
  expect(envOf(target(env), of('worktree'))).toEqual({ HOME: home, CLAUDE_CONFIG_DIR: `${home}/.claude` });
  expect(envOf(target({ HOME: '/home/ada' }), of('worktree'))).toEqual({ HOME: home });
  const others = { CODEX_HOME: '/x', GEMINI_CLI_HOME: '/y', XDG_DATA_HOME: '/z', XDG_RUNTIME_DIR: '/run/1' };
  expect(envOf(target(others), of('worktree'))).toEqual({
    ...{ HOME: home, CODEX_HOME: `${home}/.codex`, GEMINI_CLI_HOME: home },
    ...{ XDG_DATA_HOME: `${home}/.local/share`, XDG_RUNTIME_DIR: '/run/1' },
  });
});
