import { z } from 'zod';
import { badTokenName, badTokens, noToken, tokenExists } from '../errors.ts';
import { WEB_ROLES, type WebRole } from '../wire.ts';
import { readPrivate, writePrivate } from './private-file.ts';
import { findByHash, hashOf, newSecret } from './secret-words.ts';

const recordSchema = z.object({
  name: z.string(),
  role: z.enum(WEB_ROLES),
  hash: z.string().regex(/^[0-9a-f]{64}$/u),
  created_at: z.string(),
  expires_at: z.string().nullable(),
});
const fileSchema = z.object({ v: z.literal(1), tokens: z.array(recordSchema) });

/** A token as it is kept: the word itself is shown once, when it is made. */
export type TokenRecord = z.infer<typeof recordSchema>;

const NAME = /^[a-z0-9][a-z0-9._-]{0,39}$/u;

export type Tokens = {
  list(): readonly TokenRecord[];
  /** Makes a token; gives the word that lets in. */
  create(wanted: { name: string; role: WebRole; expiresAt: string | null }): string;
  /** Changes the word of a token, and of no other; gives the new one. The old one lets nobody in any more. */
  rotate(name: string): string;
  revoke(name: string): void;
  /** The token that a word is, if it holds still. */
  find(secret: string): TokenRecord | undefined;
  /** Whether the token with this hash holds still: one of the same name that was made since is another one. */
  has(hash: string): boolean;
};

/** The file of a repository's tokens, below its state folder. */
export const tokenFile = (stateFolder: string): string => `${stateFolder}/web/tokens.json`;

/** The tokens of a repository: in a file that its owner alone can read, by their hashes. */
export const openTokens = (file: string, now: () => string): Tokens => {
  const list = (): readonly TokenRecord[] => {
    try {
      const text = readPrivate(file);
      return text === undefined ? [] : fileSchema.parse(JSON.parse(text)).tokens;
    } catch (error) {
      throw badTokens({ file }, error);
    }
  };
  const write = (tokens: readonly TokenRecord[]): void =>
    writePrivate(file, `${JSON.stringify({ v: 1, tokens }, null, 2)}\n`);
  const named = (name: string): TokenRecord => {
    const found = list().find((one) => one.name === name);
    if (!found) throw noToken({ name });
    return found;
  };
  const holds = ({ expires_at }: TokenRecord): boolean => expires_at === null || expires_at > now();
  return {
    list,
    create: ({ name, role, expiresAt }) => {
      if (!NAME.test(name)) throw badTokenName({ name });
      const all = list();
      if (all.some((one) => one.name === name)) throw tokenExists({ name });
      const secret = newSecret();
      write([...all, { name, role, hash: hashOf(secret), created_at: now(), expires_at: expiresAt }]);
      return secret;
    },
    rotate: (name) => {
      const old = named(name);
      const secret = newSecret();
      write([...list().filter((one) => one.name !== name), { ...old, hash: hashOf(secret), created_at: now() }]);
      return secret;
    },
    revoke: (name) => {
      named(name);
      write(list().filter((one) => one.name !== name));
    },
    find: (secret) => {
      const found = findByHash(list(), hashOf(secret));
      return found && holds(found) ? found : undefined;
    },
    has: (hash) => list().some((one) => one.hash === hash && holds(one)),
  };
};
