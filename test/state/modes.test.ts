import { expect, test } from 'vitest';
import { allowedMode, findMode, launchModeOf, modeNamed, modeNames } from '../../src/state/modes.ts';
import { settingsSchema } from '../../src/state/settings.ts';

const settings = (modes: object = {}) => settingsSchema.parse({ modes });

test('the built-in modes are there without configuration, and beast alone is not allowed', () => {
  expect(modeNames(settings())).toEqual(['beast', 'safe', 'review', 'tdd']);
  expect(modeNames(settings()).filter((name) => !modeNamed(name, settings()).enabled)).toEqual(['beast']);
});

test('[AGT-7] every built-in mode tells the agent how to plan, do, check and act', () => {
  for (const name of modeNames(settings()))
    expect(modeNamed(name, settings()).preamble).toMatch(/- Plan: .*\n- Do: .*\n- Check: .*\n- Act: /u);
});

test('a configured key changes that key of a built-in mode and leaves the others', () => {
  const changed = modeNamed('beast', settings({ beast: { enabled: true, retries: 5 } }));
  expect(changed).toEqual({ ...modeNamed('beast', settings()), enabled: true, retries: 5 });
  expect(changed.autonomy).toBe('full');
});

test('a mode of the configuration is one of its own, with harmless defaults', () => {
  const own = settings({ zebra: {}, deploy: { autonomy: 'auto', args: { claude: ['--model', 'x'] } } });
  expect(modeNames(own)).toEqual(['beast', 'safe', 'review', 'tdd', 'deploy', 'zebra']);
  expect(modeNamed('zebra', own)).toEqual({
    name: 'zebra',
    description: '',
    enabled: true,
    autonomy: 'edit',
    args: {},
    retries: 0,
    preamble: '',
    read_only: false,
    gates: [],
  });
  expect(launchModeOf(modeNamed('deploy', own), 'claude')).toEqual({
    name: 'deploy',
    leeway: 'auto',
    args: ['--model', 'x'],
  });
  expect(launchModeOf(modeNamed('deploy', own), 'constructor').args).toEqual([]);
});

test('a mode that changes nothing is started so, whatever its autonomy is', () => {
  const reading = settings({ review: { autonomy: 'full' } });
  expect(launchModeOf(modeNamed('review', reading), 'claude').leeway).toBe('read');
});

test('an unknown mode is an error that names the nearest, a switched-off one an error that says how to enable it', () => {
  expect(findMode('constructor', settings())).toBeUndefined();
  expect(() => modeNamed('baest', settings())).toThrow(
    expect.objectContaining({ exit: 3, hint: expect.stringMatching(/^Did you mean beast\? Known: beast, safe/u) }),
  );
  expect(() => modeNamed('nothing-like-it', settings())).toThrow(
    expect.objectContaining({ hint: expect.stringMatching(/^Known: /u) }),
  );
  expect(() => allowedMode('beast', settings())).toThrow(
    expect.objectContaining({ exit: 4, hint: 'Enable it with: drover config set modes.beast.enabled true' }),
  );
  const odd = settings({ 'a b': { enabled: false } });
  expect(() => allowedMode('a b', odd)).toThrow(
    expect.objectContaining({ hint: "Enable it with: drover config set 'modes.a b.enabled' true" }),
  );
  expect(allowedMode('safe', settings()).name).toBe('safe');
});
