import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openKiroSwarm } from './kiro-place.ts';

const ASKS = '%%bash git branch other %%bash git add -A %%say done';
const branches = (place: Awaited<ReturnType<typeof openKiroSwarm>>): string =>
  place.swarm.git('branch', '--list', 'other', 'by*');

test.each([
  ['v2', 2, 'object'],
  ['v2', 3, 'string'],
  ['v2', 4, 'object'],
  ['v3', 4, 'object'],
] as const)(
  'a denial of the engine %s with %i rows lets nothing run, although the program swallows quick keys',
  async (engine, rows, record) => {
    await using place = await openKiroSwarm({
      behaviour: { rows, record, swallowMs: 150 },
      settings: { agents: { kiro: { env: { KIRO_AGENT_ENGINE: engine } } } },
    });
    await place.swarm.say('launch kiro');
    await place.instanceIs('idle');
    await place.swarm.say(`tell kiro-1 "${ASKS}"`);
    await place.instanceIs('waiting');
    expect(await place.swarm.say('deny kiro-1')).toMatchObject({ exit: 0, data: [{ confirmed: true }] });
    await place.instanceIs('idle');
    expect(branches(place)).toBe('');
    // It was refused, not interrupted: the turn went on to its end.
    expect(place.model.calls.filter(({ kind }) => kind === 'main').length).toBeGreaterThan(1);
  },
  120_000,
);

test('a denial in words closes the dialog, and is said then', async () => {
  await using place = await openKiroSwarm();
  await place.begin('%%bash git branch other');
  await place.instanceIs('waiting');
  await place.swarm.say('answer kiro-1 "%%say another way"');
  await place.until(() => place.model.calls.some(({ prompt }) => prompt.includes('another way')));
  expect(branches(place)).toBe('');
});

test('of two requests that stand one behind the other only the one that was approved is', async () => {
  await using place = await openKiroSwarm({ behaviour: { twoRequests: true } });
  await place.swarm.say('launch kiro');
  await place.instanceIs('idle');
  // The turn goes on behind what was approved: its end would be the end of both requests.
  await place.swarm.say('tell kiro-1 "%%bash git branch other %%hang"');
  const asked = await place.until(({ instances }) => instances['kiro-1']?.requests?.length === 2);
  expect(asked.instances['kiro-1']!.requests!.map(({ subject, helper }) => [subject, helper])).toEqual([
    ['git branch other', null],
    ['git tag by-helper', 'helper-session'],
  ]);
  expect(await place.swarm.say('approve kiro-1')).toMatchObject({ exit: 0, data: [{ confirmed: true }] });
  const left = await place.until(({ instances }) => instances['kiro-1']?.requests?.length === 1);
  expect(left.instances['kiro-1']).toMatchObject({
    state: { kind: 'waiting' },
    requests: [{ subject: 'git tag by-helper' }],
  });
  await expect.poll(() => place.screen()).toContain('helper > execute_bash requires approval');
  await place.until(() => branches(place) !== '');
});

test('a question of the third engine is answered by its choice, and by no rule', async () => {
  await using place = await openKiroSwarm({
    settings: { permissions: { policy: 'allow' }, agents: { kiro: { env: { KIRO_AGENT_ENGINE: 'v3' } } } },
  });
  await place.swarm.say('launch kiro');
  await place.instanceIs('idle');
  const input = JSON.stringify({ question: 'Which colour?', options: ['Red', 'Blue'] }).replaceAll('"', String.raw`\"`);
  await place.swarm.say(`tell kiro-1 "%%tool Ask ${input} %%say chosen"`);
  const { instances } = await place.instanceIs('waiting');
  expect(instances['kiro-1']!.question).toBe('Which colour? (Red / Blue)');
  expect(await place.swarm.say('answer kiro-1 "mauve"')).toMatchObject({
    exit: 6,
    message: expect.stringContaining('Red / Blue'),
  });
  expect(await place.swarm.say('answer kiro-1 "Blue"')).toMatchObject({ exit: 0, data: { confirmed: true } });
  await place.instanceIs('idle');
  await expect.poll(() => place.screen()).toContain('chosen');
});

test('what is answered in its terminal is known, whichever way', async () => {
  await using place = await openKiroSwarm();
  await place.swarm.say('launch kiro');
  await place.instanceIs('idle');
  await place.swarm.say('tell kiro-1 "%%bash git branch other; sleep 1 %%bash git tag by-hand %%say done"');
  await place.instanceIs('waiting');
  await place.shows('requires approval');
  place.press('Enter');
  await place.instanceIs('working');
  await place.until(({ instances }) => instances['kiro-1']?.requests?.[0]?.subject === 'git tag by-hand');
  await place.shows('git tag by-hand');
  place.press('Escape');
  const rested = await place.instanceIs('idle');
  expect(rested.instances['kiro-1']!.state).toMatchObject({ source: 'hook', evidence: 'interrupted' });
  expect(place.swarm.git('tag', '--list')).toBe('');
});

test('a rule answers what it names, by looks as well', async () => {
  await using place = await openKiroSwarm({ settings: { permissions: { allow: ['Bash(git branch other)'] } } });
  await place.swarm.say('launch kiro');
  await place.instanceIs('idle');
  await place.swarm.say(`tell kiro-1 "${ASKS}"`);
  await place.until(() => branches(place) !== '');
  const { instances } = await place.instanceIs('idle');
  expect(instances['kiro-1']!.answers).toMatchObject([
    { tool: 'Bash', subject: 'git branch other', decision: 'allow' },
  ]);
});

test('the mode that trusts all tools is accepted for this start by its row, and by no blind Enter', async () => {
  await using place = await openKiroSwarm({ settings: { modes: { beast: { enabled: true } } } });
  const launched = place.swarm.say('launch 1 kiro in beast mode');
  const { instances } = await place.instanceIs('waiting');
  expect(instances['kiro-1']!.question).toContain('No, exit / Yes, I accept');
  expect(await place.swarm.say('approve kiro-1')).toMatchObject({ exit: 0, data: [{ confirmed: true }] });
  await launched;
  await place.instanceIs('idle');
  await place.swarm.say(`tell kiro-1 "${ASKS}"`);
  await place.until(() => branches(place) !== '');
  expect(readFileSync(`${place.home}/.kiro/settings/cli.json`, 'utf8')).not.toContain('disableTrustAll');
});

test('to stop it while it asks closes its dialog and approves nothing', async () => {
  await using place = await openKiroSwarm();
  await place.swarm.say('launch kiro');
  await place.instanceIs('idle');
  await place.swarm.say(`tell kiro-1 "${ASKS}"`);
  await place.instanceIs('waiting');
  await place.shows('requires approval');
  await place.swarm.say('stop kiro-1');
  await place.instanceIs('stopped');
  expect(branches(place)).toBe('');
});
