import { expect, test } from 'vitest';
import { openLiveSecrets } from '../../../src/daemon/config/live-secrets.ts';
import type { Secrets } from '../../../src/secrets/store.ts';
import { partOf } from '../../helpers/context.ts';

test('[SEC-3] a secret is taken out of all that is kept from the moment in which it is handed out, whoever has set it', async () => {
  const found = new Map<string, string>();
  const store = partOf<Secrets>({ get: async (name) => found.get(name)!, values: async () => [...found.values()] });
  const secrets = await openLiveSecrets(store, () => undefined);
  found.set('token', 'correct horse');
  expect(secrets.redact('correct horse')).toBe('correct horse');
  expect(await secrets.get('token')).toBe('correct horse');
  expect(secrets.redact('it is correct horse')).toBe('it is ***');
});
