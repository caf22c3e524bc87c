import { createHash } from 'node:crypto';
import { constants, statSync } from 'node:fs';
import { deflateSync, inflateSync, constants as zip } from 'node:zlib';
import { bytesIn, within } from '../small-file.ts';

/** Less than this, in KiB, comes as single objects. */
export const LITTLE_KIB = 128;

/**
 * So much is put together here: so many objects, so many bytes in them, and so many names looked for. More is git's to do,
 * for nothing else is done meanwhile.
 */
const MOST_OBJECTS = 100;
const MOST_BYTES = 256 * 1024;
const MOST_NAMES = 2000;

/** The numbers of kinds of objects in a pack. */
const KINDS: ReadonlyMap<string, number> = new Map([
  ['commit', 1],
  ['tree', 2],
  ['blob', 3],
  ['tag', 4],
]);

type Loose = { readonly kind: number; readonly body: Buffer };

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** Whether there is something in the place of an object. */
const isThere = (folder: string, id: string): boolean =>
  statSync(`${folder}/${id.slice(0, 2)}/${id.slice(2)}`, { throwIfNoEntry: false }) !== undefined;

/** A folder by its number: nobody puts another one in its place. */
const held = (folder: number): string => `/proc/self/fd/${folder}`;

/** Reads the file of an object. Whoever works inside may put a link in the place of anything at any moment: none is followed. */
const readFileOf = (own: number, id: string, most: number): Buffer =>
  within(`${held(own)}/${id.slice(0, 2)}`, FOLDER, (folder) => {
    const bytes = bytesIn(`${held(folder)}/${id.slice(2)}`, most);
    if (!bytes) throw new Error('this is no small file');
    return bytes;
  });

/** What is in such a file; throws where that has more bytes. */
const objectIn = (packed: Buffer, most: number): Loose => {
  const all = inflateSync(packed, { maxOutputLength: most });
  const end = all.indexOf(0);
  const [name = '', size] = all.toString('latin1', 0, Math.max(0, end)).split(' ');
  const body = all.subarray(end + 1);
  const kind = KINDS.get(name);
  if (kind === undefined || size !== `${body.length}`) throw new Error('this is no object');
  return { kind, body };
};

const SPACE = 0x20;
const SUBMODULE = '160000';

const linksOfTree = (body: Buffer, size: number): string[] => {
  const links: string[] = [];
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf(0, at);
    if (end < 0) break;
    const mode = body.toString('latin1', at, body.indexOf(SPACE, at));
    at = end + 1 + size;
    if (mode !== SUBMODULE) links.push(body.toString('hex', end + 1, at));
  }
  return links;
};

/** The objects that one leads to, by ids of so many bytes. */
const linksOf = ({ kind, body }: Loose, size: number): readonly string[] => {
  if (kind === KINDS.get('tree')) return linksOfTree(body, size);
  if (kind !== KINDS.get('commit')) return [];
  const [head = ''] = body.toString('latin1').split('\n\n', 1);
  return [...head.matchAll(/^(?:tree|parent) (?<id>[0-9a-f]+)$/gmu)].map(({ groups }) => groups!['id']!);
};

/** What stands before an object in a pack: its kind, and seven bits of its size after the other. */
const headOf = ({ kind, body }: Loose): Buffer => {
  const bytes = [(kind << 4) | (body.length & 15)];
  for (let left = body.length >> 4; left > 0; left >>= 7) {
    bytes[bytes.length - 1]! |= 0x80;
    bytes.push(left & 0x7f);
  }
  return Buffer.from(bytes);
};

const packOf = (all: readonly Loose[], hash: string): Buffer => {
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(2);
  numbers.writeUInt32BE(all.length, 4);
  const parts = all.flatMap((one) => [headOf(one), deflateSync(one.body, { level: zip.Z_BEST_SPEED })]);
  const pack = Buffer.concat([Buffer.from('PACK'), numbers, ...parts]);
  return Buffer.concat([pack, createHash(hash).update(pack).digest()]);
};

type Asked = {
  /** The folder of the objects of whoever works inside, and that of those which the repository has. */
  readonly own: string;
  readonly borrowed: string;
  readonly commits: readonly string[];
  /** A commit that the repository has, with all that it leads to. */
  readonly known: string | null;
};

/** Reads what the commits lead to, as far as it lies there and the repository has it not; undefined where that is too much. */
const gather = (own: number, { borrowed, commits, known }: Asked): readonly Loose[] | undefined => {
  const seen = new Set(known === null ? [] : [known]);
  const all: Loose[] = [];
  const left = { packed: 1024 * LITTLE_KIB, bytes: MOST_BYTES };
  const isNew = (id: string): boolean => isThere(held(own), id) && !isThere(borrowed, id);
  for (let ids = commits; ids.length > 0; ) {
    const fresh = [...new Set(ids)].filter((id) => !seen.has(id));
    for (const id of fresh) seen.add(id);
    if (seen.size > MOST_NAMES) return undefined;
    const links: string[] = [];
    for (const id of fresh.filter(isNew)) {
      if (all.length === MOST_OBJECTS) return undefined;
      const packed = readFileOf(own, id, left.packed);
      const one = objectIn(packed, left.bytes);
      left.packed -= packed.length;
      left.bytes -= one.body.length;
      all.push(one);
      links.push(...linksOf(one, commits[0]!.length / 2));
    }
    ids = links;
  }
  return all;
};

/**
 * A pack of what the commits lead to and the repository has not, out of single objects: for little this takes less time than
 * a program that has to be shut in first. Nothing is believed of what lies there. git checks this pack like any other, and
 * refuses it where an object is missing because it lies elsewhere. Undefined where the commits are not for here.
 */
export const packLoose = (asked: Asked): Buffer | undefined => {
  const { own, borrowed, commits } = asked;
  try {
    if (!commits.every((id) => isThere(own, id) || isThere(borrowed, id))) return undefined;
    const all = within(own, FOLDER, (folder) => gather(folder, asked));
    const pack = all && packOf(all, commits[0]!.length === 40 ? 'sha1' : 'sha256');
    return pack && pack.length <= 1024 * LITTLE_KIB ? pack : undefined;
  } catch {
    // What is closed, too large or no object, git says in its own words.
    return undefined;
  }
};
