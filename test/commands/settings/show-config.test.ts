import { expect, test } from 'vitest';
import { showConfig } from '../../../src/commands/settings/show-config.ts';
import { openDesk } from '../../helpers/desk.ts';
import { secretsOf } from '../../helpers/secrets.ts';

const configuration = {
  layers: [{ origin: 'project', values: { limits: { maxInstances: 4 } } }],
  files: { project: '/r/.drover/config.json', user: '/home/ada/.config/drover.json' },
  change: async () => expect.unreachable('nothing may be written'),
} as const;

test('a setting is shown with what it means and where it comes from, and without a key all are listed', async () => {
  const desk = openDesk(showConfig, [], { configuration });
  const { text } = await desk.say('show config limits.maxInstances');
  expect(text).toMatch(
    /^limits\.maxInstances = 4\n {2}.+\n {2}origin: +project \(\/r\/\.drover\/config\.json\)\n {2}variable: DROVER_/,
  );
  expect((await desk.say('show config')).message).toMatch(/^\d+ settings\.$/);
});

test('a key that does not exist is refused', async () => {
  expect((await openDesk(showConfig, [], { configuration }).say('show config colour')).exit).toBe(2);
});

test('[SEC-3] a secret that is named there and that nobody has set is told of beside the value', async () => {
  const named = {
    origin: 'project',
    values: { checks: { env: { KEY: 'secret:nope', OTHER: 'secret:kept' } } },
  } as const;
  const secrets = secretsOf('kept');
  const desk = openDesk(showConfig, [], { configuration: { ...configuration, layers: [named] }, secrets });
  const hint =
    'There is no secret "nope", which checks.env.KEY names: what needs it is not started. Set it: drover secrets set nope -';
  expect(await desk.say('show config checks.env')).toMatchObject({ exit: 0, hint });
  expect((await desk.say('show config')).hint).toBe(hint);
  expect((await desk.say('show config agent')).hint).toBeNull();
});
