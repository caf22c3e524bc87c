const plainTextOf = (bytes: Buffer): string => bytes.toString('utf8');

/** Collects bytes and keeps only the last `limit` of them. */
export const makeTail = (limit: number, textOf: (bytes: Buffer) => string = plainTextOf) => {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    push: (chunk: Buffer): void => {
      chunks.push(chunk);
      size += chunk.length;
      while (chunks.length > 1 && size - chunks[0]!.length >= limit) size -= chunks.shift()!.length;
    },
    /** What is kept, as text that does not begin in the middle of a character. */
    text: (): string => {
      const all = Buffer.concat(chunks);
      if (all.length <= limit) return textOf(all);
      let from = all.length - limit;
      while (from < all.length && (all[from]! & 0xc0) === 0x80) from += 1;
      return textOf(all.subarray(from));
    },
  };
};
