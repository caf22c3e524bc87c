import { expect, test, vi } from 'vitest';
import { press, stateIs, type, went } from './person.ts';
import { isInstalled, openClaudeSwarm, until } from './place.ts';

const real = test.skipIf(!isInstalled('claude'));

const COMMIT = '%%bash git add -A && git commit -qm made';

real(
  'a person who presses Escape while the real Claude Code streams has it idle, and its run stays with it',
  async () => {
    await using place = await openClaudeSwarm();
    const { swarm, id } = place;
    await place.begin('%%bash git status %%slow 200 200');
    await until(swarm, () => place.model.calls.some(({ step }) => step === 1));
    press(place, 'Escape');
    await stateIs(place, 'idle', /^interrupted$/);
    const state = await until(swarm, ({ alerts }) => alerts[`interrupted:${id}`] !== undefined);
    expect(state.instances[id]!.state.source).toBe('register');
    expect(state.tasks['t1']).toMatchObject({ state: 'running', run: { claimed_at: null } });
    expect(state.alerts[`interrupted:${id}`]).toMatchObject({ suggestion: `tell ${id} "Go on."` });
    // That person goes on in its terminal, and the end of that is the claim.
    type(place, `%%write made.txt hi ${COMMIT} %%say did it`);
    await place.shows('%%say did it');
    press(place, 'Enter');
    const after = await place.taskIs('done');
    expect(after.tasks['t1']!.run).toMatchObject({ summary: 'did it' });
    expect(after.alerts[`interrupted:${id}`]).toBeUndefined();
  },
);

real(
  'a person who allows or refuses in the terminal of the real Claude Code is followed, though no hook tells',
  async () => {
    await using place = await openClaudeSwarm();
    await place.begin('%%bash git branch one; sleep 600 %%say done');
    await place.instanceIs('waiting');
    await place.shows('Esc to cancel');
    // Drawn before it takes keys; one too many would be meant for what comes after it.
    const isAllowed = (): boolean => {
      if (place.screen().includes('Esc to cancel')) press(place, 'Enter');
      return !place.screen().includes('Esc to cancel');
    };
    await vi.waitUntil(isAllowed, { timeout: 90_000, interval: 2000 });
    await stateIs(place, 'working', /^at work$/);
    expect((await went(place)).at(-1)).toBe('working register');
    // While it turns from the dialog to the work it may take no key.
    const isInterrupted = (): boolean => {
      if (!place.screen().includes('Interrupted')) press(place, 'Escape');
      return place.screen().includes('Interrupted');
    };
    await vi.waitUntil(isInterrupted, { timeout: 90_000, interval: 2000 });
    await stateIs(place, 'idle', /^interrupted$/);
  },
);

real('a dialog that a person opens in the terminal of the real Claude Code is known until it is closed', async () => {
  await using place = await openClaudeSwarm();
  await place.swarm.say('launch claude');
  await place.instanceIs('idle');
  await place.swarm.say('tell claude-1 "%%say hi"');
  await place.shows('● hi');
  await place.instanceIs('idle');
  // Right after a turn it may take them for something else.
  const isOpen = (): boolean => {
    if (!place.screen().includes('Rewind')) press(place, 'Escape', 'Escape');
    return place.screen().includes('Rewind');
  };
  await vi.waitUntil(isOpen, { timeout: 30_000, interval: 1000 });
  const state = await place.instanceIs('waiting');
  expect(state.instances['claude-1']!.question).toBe('a dialog is open in its terminal');
  expect(state.alerts['waiting:claude-1']).toMatchObject({ suggestion: 'attach instance claude-1' });
  press(place, 'Escape');
  const after = await place.instanceIs('idle');
  expect(after.alerts['waiting:claude-1']).toBeUndefined();
});

real('what a person types into the real Claude Code between tasks is work, and claims nothing', async () => {
  await using place = await openClaudeSwarm();
  await place.swarm.say('launch claude');
  await place.instanceIs('idle');
  await place.shows('❯');
  type(place, '%%say by hand');
  await place.shows('%%say by hand');
  press(place, 'Enter');
  await stateIs(place, 'idle', /^its turn ended$/);
  expect(await went(place)).toEqual([
    'creating command',
    'starting terminal',
    // Its hook says that it has begun, and so does its own register: whichever is heard first.
    expect.stringMatching(/^idle (?:hook|register)$/u),
    'working hook',
    'idle hook',
  ]);
});

real('a half-typed line of a person is left alone until they send it, and then the task begins', async () => {
  await using place = await openClaudeSwarm();
  const { swarm } = place;
  await swarm.say('launch claude');
  await place.instanceIs('idle');
  await place.shows('❯');
  type(place, '%%say mine');
  await place.shows('%%say mine');
  await place.begin(`%%write made.txt hi ${COMMIT} %%say all done`);
  await place.taskIs('running');
  expect(await swarm.say('tell claude-1 "and more"')).toMatchObject({
    exit: 6,
    message: 'somebody has typed a line in the terminal of claude-1 and not sent it',
  });
  await until(swarm, ({ alerts }) => alerts['typing:claude-1'] !== undefined);
  press(place, 'C-u');
  await place.taskIs('done');
  expect(place.prompts()).toEqual([expect.stringMatching(/^Task t1: read /)]);
  expect((await swarm.state()).alerts['typing:claude-1']).toBeUndefined();
});
