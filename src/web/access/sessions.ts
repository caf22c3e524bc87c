import { z } from 'zod';
import { WEB_ROLES, type WebRole } from '../wire.ts';
import { readPrivate, stampOf, writePrivate } from './private-file.ts';
import { derived, findByHash, hashOf, newSecret } from './secret-words.ts';
import type { Tokens } from './tokens.ts';

/** A session ends after so long, whatever it was used for. */
const SESSION_MS = 7 * 24 * 3_600_000;
/** One that is older than this gets a new word; the old one holds so long still, for what is on its way. */
const ROTATE_MS = 24 * 3_600_000;
const OVERLAP_MS = 60_000;
/** So many sessions are kept, the latest: nobody has more browsers. */
const MOST = 500;
/** A link with a one-time token is good for so long. */
const ONCE_MS = 12 * 3_600_000;

const recordSchema = z.object({
  hash: z.string(),
  name: z.string(),
  role: z.enum(WEB_ROLES),
  /** The hash of the token that it hangs on; null where a one-time token began it. */
  token: z.string().nullable(),
  since: z.number(),
  until: z.number(),
});
type SessionRecord = z.infer<typeof recordSchema>;

/** Somebody who was let in. */
export type Visitor = {
  readonly name: string;
  readonly role: WebRole;
  /** The word that its page says with each request that is no reading one; null for a script, which proves itself each time. */
  readonly csrf: string | null;
  /** When it ends, in milliseconds since 1970; null where there is no session. */
  readonly until: number | null;
  /** By what they were let in, for counting: the token, else the session; null where everybody is. */
  readonly key: string | null;
  /** Whether it still holds. */
  readonly holds: () => boolean;
};

/** Whether somebody may stay; where that cannot be read nobody may. */
export const holdsStill = ({ holds }: Pick<Visitor, 'holds'>): boolean => {
  try {
    return holds();
  } catch {
    return false;
  }
};

/** A visitor with the word for its cookie. */
type Admitted = Visitor & { readonly secret: string };

export type Sessions = {
  /** Makes a word that lets somebody in once. */
  once(wanted: { readonly name: string; readonly role: WebRole }): string;
  /** Begins a session for a token or a one-time word; undefined when it is neither. */
  begin(secret: string): Admitted | undefined;
  /** Whose session has this word. */
  find(secret: string): Visitor | undefined;
  /** The new word of a session whose word is old; undefined while it is not. */
  renew(secret: string): Admitted | undefined;
  end(secret: string): void;
};

type Options = {
  /** Where the sessions are kept, by their hashes, so that a new server knows them. */
  readonly file: string;
  readonly tokens: Pick<Tokens, 'find' | 'has'>;
  readonly now: () => number;
};

const readSessions = (file: string): SessionRecord[] => {
  try {
    return z.array(recordSchema).parse(JSON.parse(readPrivate(file) ?? '[]'));
  } catch {
    // What cannot be read lets nobody in: whoever was has to come again with a token.
    return [];
  }
};

/** The sessions of a file, which other servers of the same repository write as well: read again where it has changed. */
const makeReader = (file: string): (() => readonly SessionRecord[]) => {
  let stamp: string | undefined;
  let records: readonly SessionRecord[] = [];
  return () => {
    const now = stampOf(file);
    if (now !== stamp) records = readSessions(file);
    stamp = now;
    return records;
  };
};

/** Who is let in by one-time words and tokens, and stays so by a word in a cookie. */
export const openSessions = ({ file, tokens, now }: Options): Sessions => {
  const read = makeReader(file);
  let onces: readonly { hash: string; name: string; role: WebRole; until: number }[] = [];

  const keep = (next: readonly SessionRecord[]): void => {
    const records = next.filter(({ until }) => until > now()).slice(-MOST);
    writePrivate(file, `${JSON.stringify(records)}\n`);
  };
  const holds = (hash: string): boolean => {
    const record = read().find((one) => one.hash === hash);
    return record !== undefined && record.until > now() && (record.token === null || tokens.has(record.token));
  };
  const visitor = (secret: string, { hash, name, role, until, token }: SessionRecord): Admitted => ({
    ...{ secret, name, role, until, key: token ?? hash },
    csrf: derived(secret, 'csrf'),
    holds: () => holds(hash),
  });
  const add = (whose: Pick<SessionRecord, 'name' | 'role' | 'token' | 'until'>): Admitted => {
    const secret = newSecret();
    const record = { ...whose, hash: hashOf(secret), since: now() };
    keep([...read(), record]);
    return visitor(secret, record);
  };
  const recordOf = (secret: string): SessionRecord | undefined => {
    const found = findByHash(read(), hashOf(secret));
    return found && holds(found.hash) ? found : undefined;
  };
  return {
    once: (wanted) => {
      const secret = newSecret();
      onces = [...onces, { ...wanted, hash: hashOf(secret), until: now() + ONCE_MS }].slice(-MOST);
      return secret;
    },
    begin: (secret) => {
      const until = now() + SESSION_MS;
      onces = onces.filter((one) => one.until > now());
      const once = findByHash(onces, hashOf(secret));
      const token = once ? null : tokens.find(secret);
      const found = once ?? token;
      if (!found) return undefined;
      const admitted = add({ name: found.name, role: found.role, token: token?.hash ?? null, until });
      // What could not be written down has let nobody in, and is not used up.
      onces = onces.filter((one) => one !== once);
      return admitted;
    },
    find: (secret) => {
      const record = recordOf(secret);
      return record && visitor(secret, record);
    },
    renew: (secret) => {
      const record = recordOf(secret);
      if (!record || now() - record.since < ROTATE_MS) return undefined;
      const { name, role, token, until } = record;
      keep(
        read().map((one) =>
          one.hash === record.hash ? { ...one, since: now(), until: Math.min(until, now() + OVERLAP_MS) } : one,
        ),
      );
      return add({ name, role, token, until });
    },
    end: (secret) => {
      const hash = hashOf(secret);
      keep(read().filter((one) => one.hash !== hash));
    },
  };
};
