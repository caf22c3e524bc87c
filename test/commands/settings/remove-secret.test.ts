import { expect, test } from 'vitest';
import { removeSecret } from '../../../src/commands/settings/remove-secret.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { openDesk } from '../../helpers/desk.ts';

const settings = settingsSchema.parse({ agents: { claude: { env: { TOKEN: 'secret:gh' } } } });

test('a secret is removed after a confirmation that says what is lost', async () => {
  const kept = new Set(['gh']);
  const secrets = {
    list: async () => [...kept].map((name) => ({ name, changed_at: '' })),
    has: async (name: string) => kept.has(name),
    remove: async (name: string) => kept.delete(name),
  };
  const desk = openDesk(removeSecret, [], { secrets, settings });
  expect(await desk.propose('remove secret gh')).toMatchObject({ exit: 5 });
  expect([...kept]).toEqual(['gh']);
  const reply = await desk.say('remove secret gh');
  expect([reply.exit, reply.message]).toEqual([
    0,
    'The secret gh is forgotten. agents.claude.env.TOKEN still names it.',
  ]);
  expect(await desk.say('remove secret gh')).toMatchObject({ exit: 3 });
  // Of one that is not there nothing is lost, so that nothing is asked.
  expect(await desk.propose('remove secret gh')).toMatchObject({ exit: 3, message: 'There is no secret "gh".' });
});
