import { expect, test } from 'vitest';
import { settingsSchema } from '../../src/state/settings.ts';

const PLACES = [
  ['agents.claude.env', (env: object) => ({ agents: { claude: { env } } })],
  ['checks.env', (env: object) => ({ checks: { env } })],
  ['worktrees.env', (env: object) => ({ worktrees: { env } })],
] as const;

test.each(PLACES)(
  '[SEC-3] in %s a value that begins like a secret and cannot be the name of one is refused, and not handed on as it stands',
  (place, settings) => {
    for (const value of [
      'secret:TEST_DATABASE',
      'secret:',
      'secret: github',
      'secret:a b',
      `secret:${'a'.repeat(65)}`,
    ]) {
      const { error } = settingsSchema.safeParse(settings({ URL: value }));
      expect(error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([
        [`${place}.URL`, expect.stringContaining('as in secret:test-database')],
      ]);
    }
  },
);

test.each(PLACES)('in %s secrets by their names and all other texts hold', (_place, settings) => {
  const env = { A: 'secret:test-database', B: 'secret:a.b_c-1', C: 'my secret:NAME', D: 'secrets:NAME', E: '' };
  expect(settingsSchema.safeParse(settings(env)).error).toBeUndefined();
});
