import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readSettingsText } from '../../src/daemon/config/config.ts';
import { writeTrust } from '../../src/daemon/config/trust-store.ts';
import { splitPowers } from '../../src/state/trust.ts';

type Env = Readonly<Record<string, string | undefined>>;

const powersIn = (file: string, text: string) => splitPowers(readSettingsText(file, text).values).powers;

/** Writes a repository's settings as their owner would, who trusts them. */
export const writeTrusted = (file: string, env: Env, settings: object | string): void => {
  const text = typeof settings === 'string' ? settings : JSON.stringify(settings);
  mkdirSync(dirname(file), { recursive: true });
  // First of all trusted: whoever follows the file sees nothing that waits.
  writeTrust(file, env, powersIn(file, text));
  writeFileSync(file, text);
};
