import { expect, test } from 'vitest';
import { setConfig } from '../../../src/commands/settings/set-config.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { begin } from '../../tasks/journal.ts';
import { openDesk } from '../../helpers/desk.ts';
import { secretsOf } from '../../helpers/secrets.ts';

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

const machine = () => ({ cores: 4, memoryMb: 16_384 });

test('a setting is written into the file of the repository', async () => {
  const { configuration, written } = configured();
  const reply = await openDesk(setConfig, [], { configuration, machine }).say('set config limits.maxInstances 4');
  expect(reply).toMatchObject({
    exit: 0,
    message: 'limits.maxInstances is now 4 in /r/.drover/config.json.',
    data: { key: 'limits.maxInstances', value: 4, origin: 'project' },
    sideEffects: ['/r/.drover/config.json written'],
  });
  expect(written).toEqual([['limits.maxInstances', 4]]);
});

test('a bad value is refused before it is said', () => {
  const standing = { state: begin(), settings: settingsSchema.parse({}) };
  const say = (value: string) => () => setConfig.refuses?.(standing, { id: ['limits.maxInstances'], value }, []);
  expect(say('0')).toThrowError('limits.maxInstances');
  expect(say('4')).not.toThrow();
});

test('what is guarded is asked about first, and a bad key or value is refused and not written', async () => {
  const { configuration, written } = configured();
  const desk = openDesk(setConfig, [], { configuration, machine });
  expect(await desk.propose('set config limits.maxInstances 9')).toMatchObject({
    exit: 5,
    message: 'limits.maxInstances will be 9 for everybody who works on this repository.',
  });
  for (const text of ['set config limits.maxInstances many', 'set config limits.maxInstance 4', 'set config agent'])
    expect([text, (await desk.say(text)).exit]).toEqual([text, 2]);
  expect(written).toEqual([]);
});

test.each([
  [{ cores: 4, memoryMb: 16_384 }, '4 cores and 16.0 GiB of memory, which is enough for about 12'],
  [{ cores: 2, memoryMb: 65_536 }, '2 cores and 64.0 GiB of memory, which is enough for about 8'],
  [{ cores: 1, memoryMb: 1_024 }, '1 core and 1.0 GiB of memory, which is enough for about 1'],
])(
  '[CFG-2] more instances than the machine carries are asked about, with the number that %o carries',
  async (size, text) => {
    const { configuration, written } = configured();
    const desk = openDesk(setConfig, [], { configuration, machine: () => size });
    const asked = await desk.propose('set config limits.maxInstances=500');
    expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining(text)]);
    expect(written).toEqual([]);
    const confirmed = await desk.say('set config limits.maxInstances=500');
    expect([confirmed.exit, confirmed.hint]).toEqual([0, expect.stringContaining(text)]);
    expect((await desk.propose('set config limits.maxInstances 1')).message).not.toContain('enough for');
  },
);

test('[SEC-3] a setting that names a secret that nobody has set is told of as it is written', async () => {
  const key = 'agents.claude.env';
  const line = `set config ${key} '{"TOKEN":"secret:nope"}'`;
  const told =
    'There is no secret "nope", which agents.claude.env names: what needs it is not started. Set it: drover secrets set nope -';
  const desk = openDesk(setConfig, [], { ...configured(), machine, secrets: secretsOf('other') });
  expect(await desk.say(line)).toMatchObject({ exit: 0, hint: told });
  const known = openDesk(setConfig, [], { ...configured(), machine, secrets: secretsOf('nope') });
  expect((await known.say(line)).hint).toBeNull();
});
