import { expect, test } from 'vitest';
import { press, type } from './person.ts';
import { isInstalled, openCodexSwarm, openGeminiSwarm, openOpencodeSwarm, type Place, until } from './place.ts';

const LONG = 240_000;

/** Types half a line as a person does, and sees that nothing is put behind it until it is gone. */
const respected = async (place: Place): Promise<void> => {
  const { swarm, id } = place;
  await swarm.say(`launch ${id.replace(/-1$/, '')}`);
  await place.instanceIs('idle');
  type(place, '%%say mine');
  await place.shows('%%say mine');
  expect(await swarm.say(`tell ${id} "and more"`)).toMatchObject({
    exit: 6,
    message: `somebody has typed a line in the terminal of ${id} and not sent it`,
  });
  expect(place.screen()).not.toContain('and more');
  press(place, 'C-u');
  await until(swarm, () => !place.screen().includes('%%say mine'));
  expect(await swarm.say(`tell ${id} "%%say heard it"`)).toMatchObject({ exit: 0 });
  await until(swarm, () => place.prompts().includes('%%say heard it'));
  expect(place.prompts()).toEqual(['%%say heard it']);
};

test.skipIf(!isInstalled('codex'))('a half-typed line of a person in the real Codex is left alone', async () => {
  await using place = await openCodexSwarm();
  await respected(place);
});

test.skipIf(!isInstalled('gemini'))('a half-typed line of a person in the real Gemini CLI is left alone', async () => {
  await using place = await openGeminiSwarm();
  await respected(place);
});

test.skipIf(!isInstalled('opencode'))(
  'a half-typed line of a person in the real opencode is left alone',
  async () => {
    await using place = await openOpencodeSwarm();
    await respected(place);
  },
  LONG,
);
