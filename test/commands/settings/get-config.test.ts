import { expect, test } from 'vitest';
import { getConfig } from '../../../src/commands/settings/get-config.ts';
import { openDesk } from '../../helpers/desk.ts';
import { secretsOf } from '../../helpers/secrets.ts';

const configuration = {
  layers: [{ origin: 'project', values: { limits: { maxInstances: 4 } } }],
  files: { project: '/r/.drover/config.json', user: '/home/ada/.config/drover.json' },
  change: async () => expect.unreachable('nothing may be written'),
} as const;

test('the value of a setting is said, with the layer that decides', async () => {
  const desk = openDesk(getConfig, [], { configuration });
  const { message, data } = await desk.say('get config limits.maxInstances');
  expect([message, data]).toMatchObject([
    '4',
    { key: 'limits.maxInstances', origin: 'project', source: '/r/.drover/config.json' },
  ]);
  expect((await desk.say('get config limits.restarts')).exit).toBe(2);
});

test('a key that does not exist is refused with the nearest one', async () => {
  expect(await openDesk(getConfig, [], { configuration }).say('get config limits.maxInstance')).toMatchObject({
    exit: 2,
    hint: expect.stringContaining('limits.maxInstances'),
  });
});

test('[SEC-3] a secret that is named there and that nobody has set is told of beside the value', async () => {
  const named = {
    origin: 'project',
    values: { checks: { env: { KEY: 'secret:nope', OTHER: 'secret:kept' } } },
  } as const;
  const secrets = secretsOf('kept');
  const desk = openDesk(getConfig, [], { configuration: { ...configuration, layers: [named] }, secrets });
  const hint =
    'There is no secret "nope", which checks.env.KEY names: what needs it is not started. Set it: drover secrets set nope -';
  expect(await desk.say('get config checks.env.KEY')).toMatchObject({ exit: 0, hint });
  expect((await desk.say('get config agent')).hint).toBeNull();
});
