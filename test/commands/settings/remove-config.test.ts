import { expect, test } from 'vitest';
import { removeConfig } from '../../../src/commands/settings/remove-config.ts';
import { openDesk } from '../../helpers/desk.ts';

/** The layers of a repository whose file says this, and what is written into it. */
const configured = (values: Record<string, unknown> = {}) => {
  const written: [string, unknown][] = [];
  const configuration = {
    layers: [{ origin: 'project', values }],
    files: { project: '/r/.drover/config.json', user: '/home/ada/.config/drover.json' },
    change: async (key: string, value: unknown) => {
      written.push([key, value]);
      return true;
    },
  } as const;
  return { written, configuration };
};

test('a setting is taken out of the file of the repository', async () => {
  const { configuration, written } = configured({ checks: { task: 'npm test' } });
  expect(await openDesk(removeConfig, [], { configuration }).propose('remove config checks.task')).toMatchObject({
    exit: 0,
    message: 'checks.task is taken out of /r/.drover/config.json.',
    data: { key: 'checks.task', file: '/r/.drover/config.json' },
  });
  expect(written).toEqual([['checks.task', undefined]]);
});

test('what is not set there, and a key that does not exist, are refused; what is guarded is asked about first', async () => {
  const { configuration } = configured();
  const desk = openDesk(removeConfig, [], { configuration: { ...configuration, change: async () => false } });
  expect(await desk.say('remove config limits.maxInstances')).toMatchObject({
    exit: 6,
    hint: 'Look where it comes from: drover config get limits.maxInstances --show-origin',
  });
  expect((await desk.say('remove config colour')).exit).toBe(2);
  expect((await desk.propose('remove config limits.maxInstances')).exit).toBe(5);
});
