import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { userFile } from '../../src/daemon/config.ts';
import { runMain } from '../helpers/io.ts';
import { testRepository } from '../helpers/swarm.ts';

const place = (settings: object = { agent: 'rehearsal' }, user?: object) => {
  const repository = testRepository({ settings });
  if (user) {
    mkdirSync(dirname(userFile(repository.env)), { recursive: true });
    writeFileSync(userFile(repository.env), JSON.stringify(user));
  }
  const run = (argv: readonly string[], env: Record<string, string> = {}) =>
    runMain(['config', ...argv], { cwd: repository.root, env: { ...repository.env, ...env } });
  return { run, [Symbol.dispose]: () => repository[Symbol.dispose]() };
};

test('[CLI-4] the environment wins over the project, the project over the user, and the origin is told', async () => {
  using config = place({ agent: 'kiro', limits: { maxInstances: 6 } }, { agent: 'claude', tmux: { cols: 99 } });
  const get = async (key: string, env?: Record<string, string>) =>
    (await config.run(['get', key, '--show-origin'], env)).stdout.trim();
  expect(await get('limits.maxInstances', { DROVER_LIMITS_MAX_INSTANCES: '3' })).toBe('3 env');
  expect(await get('limits.maxInstances')).toBe('6 project');
  expect(await get('agent')).toBe('kiro project');
  expect(await get('tmux.cols')).toBe('99 user');
  expect(await get('tmux.rows')).toBe('36 default');
});

test('[CFG-1] an unknown key of the file is refused with the nearest one, file and line; the schema has descriptions', async () => {
  using config = place({ limits: { maxInstance: 3 } });
  const invalid = await config.run(['validate']);
  expect([invalid.exit, invalid.stderr]).toEqual([
    2,
    expect.stringMatching(/config\.json:1: .*"limits\.maxInstance".*\n.*"maxInstances"/u),
  ]);
  const schema = JSON.parse((await config.run(['schema'])).stdout) as {
    properties: Record<string, { description?: string }>;
  };
  expect(schema.properties['agent']?.description).toContain('agent');
});

test('settings are listed, validated and read as JSON; a wrong question is answered with what there is', async () => {
  using config = place();
  expect((await config.run(['validate'])).stdout).toMatch(/^valid: .*config\.json/u);
  expect((await config.run(['list'])).stdout).toMatch(/^limits\.maxInstances +10 {2}\(default\)/mu);
  expect(JSON.parse((await config.run(['list', '--json'])).stdout)).toContainEqual(
    expect.objectContaining({ key: 'agent', value: 'rehearsal', origin: 'project' }),
  );
  expect(JSON.parse((await config.run(['get', 'plan', '--json'])).stdout)).toMatchObject({
    value: { policy: 'siblings' },
  });
  expect(JSON.parse((await config.run(['validate', '--json'])).stdout)).toMatchObject({ valid: true });
  expect(await config.run(['get', 'limits.maxInstance'])).toMatchObject({
    exit: 3,
    stderr: expect.stringContaining('limits.maxInstances'),
  });
  expect(await config.run(['burn'])).toMatchObject({ exit: 2 });
});

test('a variable with a wrong value is named', async () => {
  using config = place();
  const { exit, stderr } = await config.run(['list'], { DROVER_LIMITS_MAX_INSTANCES: 'many' });
  expect([exit, stderr]).toEqual([2, expect.stringContaining('DROVER_LIMITS_MAX_INSTANCES')]);
});
