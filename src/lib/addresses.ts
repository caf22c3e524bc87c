/** An address of the internet protocol as a number. */
export type Address = { readonly family: 4 | 6; readonly value: bigint };

const OCTET = /^(?:0|[1-9]\d{0,2})$/u;

const parseFour = (text: string): bigint | undefined => {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => OCTET.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((all, part) => (all << 8n) | BigInt(part), 0n);
};

/** The groups of one side of `::`; the last may be an address of the other family. */
const groupsOf = (text: string): bigint[] | undefined => {
  if (text === '') return [];
  const groups: bigint[] = [];
  const words = text.split(':');
  for (const [i, word] of words.entries()) {
    const four = i === words.length - 1 && word.includes('.') ? parseFour(word) : undefined;
    if (four !== undefined) groups.push(four >> 16n, four & 0xffffn);
    else if (/^[\da-f]{1,4}$/iu.test(word)) groups.push(BigInt(`0x${word}`));
    else return undefined;
  }
  return groups;
};

const parseSix = (text: string): bigint | undefined => {
  const sides = text.split('::');
  if (sides.length > 2) return undefined;
  const [left, right] = [groupsOf(sides[0]!), groupsOf(sides[1] ?? '')];
  if (!left || !right) return undefined;
  const missing = 8 - left.length - right.length;
  if (sides.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => 0n), ...right];
  return groups.reduce((all, group) => (all << 16n) | group, 0n);
};

/** Reads an address as systems write it; undefined for names, and for numbers in any other way of writing. */
export const parseAddress = (text: string): Address | undefined => {
  const six = text.includes(':');
  const value = six ? parseSix(text) : parseFour(text);
  return value === undefined ? undefined : { family: six ? 6 : 4, value };
};

/** Whom an address leads to. `machine` is the one that it is used on, and those that clouds answer from in its place. */
export type Reach = 'public' | 'machine' | 'link' | 'private' | 'none';

type Range = readonly [base: string, bits: number, reach: Exclude<Reach, 'public'>];

/** Addresses that lead to nobody on the internet: https://www.iana.org/assignments/iana-ipv4-special-registry. */
const FOUR: readonly Range[] = [
  ['0.0.0.0', 8, 'machine'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'private'],
  ['127.0.0.0', 8, 'machine'],
  // Among these is 169.254.169.254, where clouds hand out the keys of a machine.
  ['169.254.0.0', 16, 'link'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'none'],
  ['192.0.2.0', 24, 'none'],
  ['192.88.99.0', 24, 'none'],
  ['192.168.0.0', 16, 'private'],
  ['198.18.0.0', 15, 'private'],
  ['198.51.100.0', 24, 'none'],
  ['203.0.113.0', 24, 'none'],
  ['224.0.0.0', 3, 'none'],
  // Azure's answer to the same question, in the midst of public addresses.
  ['168.63.129.16', 32, 'machine'],
];

/** The same of the other family; of 2000::/3, the only part that is public, these are not. */
const SIX: readonly Range[] = [
  ['::', 127, 'machine'],
  ['64:ff9b:1::', 48, 'private'],
  ['fc00::', 7, 'private'],
  ['fe80::', 10, 'link'],
  ['fec0::', 10, 'private'],
  ['2001::', 23, 'none'],
  ['2001:db8::', 32, 'none'],
  ['2002::', 16, 'none'],
  ['3fff::', 20, 'none'],
];
/** Prefixes of 96 bits behind which an address of the other family stands. */
const CARRIERS = ['::ffff:0:0', '64:ff9b::'].map((text) => parseSix(text)!);

const LENGTH = { 4: 32, 6: 128 } as const;

/** Whether an address is one of those that have so many bits with another one in common. */
export const isInNetwork = ({ family, value }: Address, base: Address, bits: number): boolean => {
  const length = LENGTH[family];
  return (
    family === base.family && bits <= length && value >> BigInt(length - bits) === base.value >> BigInt(length - bits)
  );
};

/** Whom an address leads to, also where it stands in one of the other family. */
export const reachOf = (address: Address): Reach => {
  const { family, value } = address;
  if (family === 6 && CARRIERS.includes((value >> 32n) << 32n))
    return reachOf({ family: 4, value: value & 0xffff_ffffn });
  const known = (family === 4 ? FOUR : SIX).find(([base, bits]) => isInNetwork(address, parseAddress(base)!, bits));
  if (known) return known[2];
  return family === 4 || value >> 125n === 1n ? 'public' : 'none';
};
