/** A number of 53 bits in hexadecimal that another text hardly ever has: it tells whether a text has changed, nothing more. */
export const digestOf = (text: string): string => {
  // Two multiplicative hashes side by side, as in cyrb53: 32 bits alone would meet too often.
  let low = 0x41c6ce57;
  let high = 0xdeadbeef;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    low = Math.imul(low ^ unit, 1597334677);
    high = Math.imul(high ^ unit, 2654435761);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(16);
};
