import { expect, test } from 'vitest';
import { listConfig } from '../../../src/commands/settings/list-config.ts';
import { openDesk } from '../../helpers/desk.ts';
import { secretsOf } from '../../helpers/secrets.ts';

const configuration = {
  layers: [{ origin: 'project', values: { limits: { maxInstances: 4 } } }],
  files: { project: '/r/.drover/config.json', user: '/home/ada/.config/drover.json' },
  change: async () => expect.unreachable('nothing may be written'),
} as const;

test('every setting is listed with its value and where that comes from', async () => {
  const { data, text } = await openDesk(listConfig, [], { configuration }).say('list config');
  const rows = data as { key: string; value: unknown; origin: string }[];
  expect(rows.find(({ key }) => key === 'limits.maxInstances')).toMatchObject({ value: 4, origin: 'project' });
  expect(rows.find(({ key }) => key === 'agent')).toMatchObject({ origin: 'default' });
  expect(text).toMatch(/^limits\.maxInstances +4 +project/m);
});

test('an agent may not look at the configuration', async () => {
  expect((await openDesk(listConfig, [], { configuration }).sayAs('c-1', 'list config')).exit).toBe(4);
});

test('[SEC-3] a secret that is named there and that nobody has set is told of beside the value', async () => {
  const named = {
    origin: 'project',
    values: { checks: { env: { KEY: 'secret:nope', OTHER: 'secret:kept' } } },
  } as const;
  const secrets = secretsOf('kept');
  const desk = openDesk(listConfig, [], { configuration: { ...configuration, layers: [named] }, secrets });
  const hint =
    'There is no secret "nope", which checks.env.KEY names: what needs it is not started. Set it: drover secrets set nope -';
  expect(await desk.say('list config')).toMatchObject({ exit: 0, hint });
});
