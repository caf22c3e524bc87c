import { secretPlaces } from '../../secrets/places.ts';
import { openSecrets } from '../../secrets/store.ts';
import { missingSecrets } from '../../state/secret-uses.ts';
import { missingSecretSentence, setSecretCommand } from '../../text/secret-rows.ts';
import type { Probe } from './examination.ts';
import { warning } from './finding.ts';

/** Secrets that the settings name and nobody has set. */
export const probeSecrets: Probe = async ({ place, settings, env }) => {
  if (!place || !settings) return [];
  const kept = await openSecrets({ ...secretPlaces(place, env), now: () => new Date().toISOString() }).list();
  return missingSecrets(settings, kept).map((use) => ({
    ...warning(
      'config.secret-missing',
      'configuration',
      missingSecretSentence(use).replace(/\.$/u, ''),
      setSecretCommand(use.name),
    ),
    label: 'set it, with its value on standard input, by',
  }));
};
