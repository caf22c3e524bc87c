import { missingSecretsBelow } from '../../state/secret-uses.ts';
import { missingSecretHint } from '../../text/secret-rows.ts';
import { settingsOf } from '../../text/setting-rows.ts';
import type { Context, Outcome } from '../define.ts';

/** What is to be known of a setting, or of all, beside the value: the secrets that are named there and that nobody has set. */
export const missingSecretsHint = async (
  context: Pick<Context, 'configuration' | 'secrets'>,
  setting?: string,
): Promise<Pick<Outcome, 'hint'>> => {
  const { layers } = context.configuration;
  const missing = await missingSecretsBelow(settingsOf(layers), () => context.secrets.list(), setting);
  return missing.length === 0 ? {} : { hint: missing.map(missingSecretHint).join(' ') };
};
