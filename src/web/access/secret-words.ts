import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** So many bytes cannot be guessed, whoever tries how often. */
const BYTES = 32;

/** A word that lets somebody in; whoever finds one in a text sees by its beginning what it is. */
export const newSecret = (): string => `drover_${randomBytes(BYTES).toString('base64url')}`;

/** What is kept of such a word. It is random, so that a plain hash of it tells nothing. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Whether two texts are the same, in a time that does not tell how far they are. */
export const isSame = (one: string, other: string): boolean => {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
};

/** Finds the record of a word by its hash, in a time that depends on how many there are alone. */
export const findByHash = <T extends { readonly hash: string }>(records: Iterable<T>, hash: string): T | undefined => {
  let found: T | undefined;
  for (const record of records) if (isSame(record.hash, hash)) found = record;
  return found;
};

/** A word that follows from a session and a key, for one purpose. */
export const derived = (key: string, purpose: string): string =>
  createHmac('sha256', key).update(purpose).digest('base64url');
