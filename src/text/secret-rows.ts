import type { SecretUse } from '../state/secret-uses.ts';

/** Says that settings name a secret that does not exist, and what comes of that. */
export const missingSecretSentence = ({ name, keys }: SecretUse): string =>
  `There is no secret "${name}", which ${keys.join(' and ')} ${keys.length === 1 ? 'names' : 'name'}: what needs it is not started.`;

/** The same with the command that helps. */
export const missingSecretHint = (use: SecretUse): string =>
  `${missingSecretSentence(use)} Set it: ${setSecretCommand(use.name)}`;

/** The command by which a person gives a secret its value. */
export const setSecretCommand = (name: string): string => `drover secrets set ${name} -`;
