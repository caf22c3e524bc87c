import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';

const CIPHER = 'aes-256-gcm';
export const KEY_BYTES = 32;
const NONCE_BYTES = 12;

/** A secret as its file holds it: bytes as Base64. */
export const entrySchema = z.strictObject({
  version: z.literal(1),
  nonce: z.base64(),
  tag: z.base64(),
  data: z.base64(),
  changed_at: z.string(),
});
export type Entry = z.infer<typeof entrySchema>;

/** Encrypts a value together with its name, so that one cannot be passed off as another. `at` is the time, ISO 8601. */
export const seal = (key: Uint8Array, { name, value, at }: { name: string; value: string; at: string }): Entry => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(name));
  const data = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  return { version: 1, nonce: text(nonce), tag: text(cipher.getAuthTag()), data: text(data), changed_at: at };
};

/** Decrypts it; undefined when key, name and entry do not belong together. */
export const unseal = (key: Uint8Array, name: string, { nonce, tag, data }: Entry): string | undefined => {
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
  try {
    const decipher = createDecipheriv(CIPHER, key, bytes(nonce)).setAAD(Buffer.from(name)).setAuthTag(bytes(tag));
    return Buffer.concat([decipher.update(bytes(data)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
};
