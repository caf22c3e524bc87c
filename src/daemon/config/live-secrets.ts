import { messageOf } from '../../lib/errors.ts';
import { makeRedact, type Redact } from '../../lib/redact.ts';
import type { Secrets } from '../../secrets/store.ts';
import { secretNamed } from '../../state/variables-schema.ts';

/** The person's secrets, with what takes them out of everything that is kept or shown. */
export type LiveSecrets = Secrets & {
  readonly redact: Redact;
  /** Reads again which there are. */
  refresh(): Promise<void>;
};

/**
 * Secrets as they are now. One that cannot be read is no reason to end, and neither is a folder that cannot. Whatever is
 * handed out is taken out of texts from then on, also where nobody has told that it was set.
 */
export const openLiveSecrets = async (secrets: Secrets, log: (line: string) => void): Promise<LiveSecrets> => {
  let known: ReadonlySet<string> = new Set();
  let redact = makeRedact([]);
  const know = (values: readonly string[]): void => {
    known = new Set(values);
    redact = makeRedact(values);
  };
  const refresh = async (): Promise<void> => {
    try {
      know(await secrets.values());
    } catch (error) {
      log(`the secrets cannot be read: ${messageOf(error)}`);
    }
  };
  await refresh();
  return {
    ...secrets,
    redact: (text) => redact(text),
    refresh,
    get: async (name) => {
      const value = await secrets.get(name);
      if (!known.has(value)) know([...known, value]);
      return value;
    },
    set: async (name, value) => {
      await secrets.set(name, value);
      await refresh();
    },
    remove: async (name) => {
      const was = await secrets.remove(name);
      await refresh();
      return was;
    },
  };
};

/** Variables of a configuration with the secrets that they name in their place. Rejects when one is not there. */
export const resolveSecrets = async (
  env: Readonly<Record<string, string>>,
  secrets: Pick<Secrets, 'get'>,
): Promise<Record<string, string>> => {
  const pairs = Object.entries(env).map(async ([key, value]) => {
    const name = secretNamed(value);
    return [key, name === undefined ? value : await secrets.get(name)] as const;
  });
  return Object.fromEntries(await Promise.all(pairs));
};
