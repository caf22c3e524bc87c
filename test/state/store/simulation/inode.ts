import type { Random } from './random.ts';

type Change =
  | { readonly kind: 'add'; readonly bytes: Uint8Array }
  | { readonly kind: 'cut'; readonly size: number }
  | { readonly kind: 'put'; readonly bytes: Uint8Array };

/** A file in memory: what is safe, and what was done to it since, in order. */
export type Inode = {
  readonly id: number;
  safe: Buffer;
  now: Buffer;
  changes: Change[];
  /** A sync failed: what was to be written by it is never written by another one. */
  broken: boolean;
};

let made = 0;

export const makeInode = (content: Buffer = Buffer.alloc(0)): Inode => {
  made += 1;
  return { id: made, safe: content, now: content, changes: [], broken: false };
};

const changed = (content: Buffer, change: Change): Buffer => {
  if (change.kind === 'add') return Buffer.concat([content, change.bytes]);
  if (change.kind === 'put') return Buffer.concat([change.bytes, content.subarray(change.bytes.length)]);
  return content.length <= change.size
    ? Buffer.concat([content, Buffer.alloc(change.size - content.length)])
    : content.subarray(0, change.size);
};

export const change = (inode: Inode, one: Change): void => {
  inode.now = changed(inode.now, one);
  inode.changes.push(one);
};

export const makeSafe = (inode: Inode): void => {
  if (inode.broken) return;
  inode.safe = inode.now;
  inode.changes = [];
};

/** What a power cut makes of a change that was never synced: a part of it, or as many zeros. */
const torn = (one: Change, { below, chance }: Random): Change | undefined => {
  if (one.kind !== 'add') return undefined;
  return {
    kind: 'add',
    bytes: chance(0.3) ? Buffer.alloc(one.bytes.length) : one.bytes.subarray(0, below(one.bytes.length)),
  };
};

/** The file after a power cut: what is safe, some of what came then, and perhaps a torn piece of the next. */
export const afterCut = ({ safe, changes }: Inode, random: Random): Buffer => {
  const kept = random.below(changes.length + 1);
  const next = changes[kept];
  const piece = next && random.chance(0.6) ? torn(next, random) : undefined;
  return [...changes.slice(0, kept), ...(piece ? [piece] : [])].reduce(changed, safe);
};
