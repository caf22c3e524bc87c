import { expect, test } from 'vitest';
import { listSecret } from '../../../src/commands/settings/list-secret.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { openDesk } from '../../helpers/desk.ts';
import { secretsOf } from '../../helpers/secrets.ts';

const settings = settingsSchema.parse({
  agents: { claude: { env: { TOKEN: 'secret:one', OTHER: 'plain' } } },
  checks: { env: { KEY: 'secret:one' } },
});

test('secrets are listed with the settings that name them, and without values', async () => {
  const desk = openDesk(listSecret, [], { secrets: secretsOf('one', 'two'), settings });
  const reply = await desk.say('list secrets');
  expect(reply.data).toEqual([
    { name: 'one', changed_at: '2026-01-01T00:00:00.000Z', used_by: ['agents.claude.env.TOKEN', 'checks.env.KEY'] },
    { name: 'two', changed_at: '2026-01-01T00:00:00.000Z', used_by: [] },
  ]);
  expect(reply.text).toContain('secret:one');
});

test('where none is kept it is said how to keep one', async () => {
  const desk = openDesk(listSecret, [], { secrets: secretsOf(), settings });
  expect((await desk.say('list secrets')).text).toContain('drover secrets set NAME -');
});
