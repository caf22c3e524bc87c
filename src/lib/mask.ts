const STAR = '*'.charCodeAt(0);

const isAt = (bytes: Uint8Array, secret: Uint8Array, from: number): boolean => {
  for (let i = 0; i < secret.length; i += 1) if (bytes[from + i] !== secret[i]) return false;
  return true;
};

const maskOne = (bytes: Uint8Array, secret: Uint8Array): void => {
  const first = secret[0]!;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1))
    if (at + secret.length <= bytes.length && isAt(bytes, secret, at)) bytes.fill(STAR, at, at + secret.length);
};

export type Mask = (bytes: Uint8Array) => Uint8Array;

/**
 * Puts stars over these secrets, in UTF-8, in what a terminal prints, one for each byte, so that nothing else moves. What comes in
 * two pieces, or letter by letter, is not recognised: nobody who looks at a terminal shall wait for the rest of a word.
 */
export const makeMask = (secrets: readonly Uint8Array[]): Mask => {
  const known = secrets.filter((one) => one.length > 0);
  if (known.length === 0) return (bytes) => bytes;
  return (bytes) => {
    const masked = Uint8Array.from(bytes);
    for (const secret of known) maskOne(masked, secret);
    return masked;
  };
};
