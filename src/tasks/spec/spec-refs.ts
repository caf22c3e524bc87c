/** Ids that a `_Requirements:_` or `_Depends:_` line names. */
export type Refs = {
  readonly ids: readonly string[];
  /** “All requirements”. */
  readonly all: boolean;
  /** Pieces that are neither an id nor a range that can be spelled out. */
  readonly unknown: readonly string[];
};

const REQUIREMENTS =
  /^(?:requirements?(?:[ \t]+covered)?|validates|(?:validates|implements|covers|satisfies)[ \t]+requirements?)[ \t]*[*_]*[ \t]*:[ \t]*(?<list>.+)$/iu;
const DEPENDS =
  /^(?:depends(?:[ \t]+on)?|dependency|dependencies|prerequisites?|blocked[ \t]+by)[ \t]*[*_]*[ \t]*:[ \t]*(?<list>.+)$/iu;
const NOISE = /\b(?:requirements?|reqs?|criteria|criterion|tasks?|and)\b|&/giu;
const PIECE =
  /(?:(?<major>\d+)\.)?(?<from>\d+)[ \t]*(?:[-–—]|\.\.|\bto\b)[ \t]*(?:(?<major2>\d+)\.)?(?<to>\d+)(?![\w.])|(?<id>[A-Z]{0,6}-?\d+(?:\.\d+)*)(?![\w.])/giu;
const LONGEST_RANGE = 200;

const spelledOut = (range: Record<string, string | undefined>): string[] | undefined => {
  const { major, major2, from, to } = range;
  const count = Number(to) - Number(from);
  if (count < 0 || count >= LONGEST_RANGE || (major2 !== undefined && major2 !== major)) return undefined;
  const prefix = major === undefined ? '' : `${major}.`;
  return Array.from({ length: count + 1 }, (_, index) => `${prefix}${Number(from) + index}`);
};

const dotted = (major: string | undefined, minor: string | undefined): string =>
  major === undefined ? `${minor}` : `${major}.${minor}`;

/** Ids of one piece between commas; undefined when there is anything else in it. */
const idsOf = (piece: string): { ids: string[]; whole: boolean } | undefined => {
  const text = piece.replace(NOISE, ' ').trim();
  if (text === '' || text.replace(PIECE, '').trim() !== '') return undefined;
  const ids: string[] = [];
  let whole = true;
  for (const { groups = {} } of text.matchAll(PIECE)) {
    if (groups['id'] !== undefined) ids.push(groups['id'].replace(/^R(?=\d)/iu, ''));
    else {
      const range = spelledOut(groups);
      whole &&= range !== undefined;
      ids.push(...(range ?? [dotted(groups['major'], groups['from']), dotted(groups['major2'], groups['to'])]));
    }
  }
  return { ids, whole };
};

/** Reads a list such as `1.1, 2.1-2.3, All requirements - quality`. Prose is never cut up into ids. */
export const readRefs = (list: string): Refs => {
  const ids = new Set<string>();
  const unknown: string[] = [];
  let all = false;
  const text = list.replace(/^[\s*_`[(]+|[\s*_`\]).]+$/gu, '');
  for (const piece of text.split(/[,;]/u).map((part) => part.trim())) {
    if (piece === '' || /^(?:none|n\/a|-|—)$/iu.test(piece)) continue;
    const found = idsOf(piece);
    if (/^all(?:[ \t]+requirements?\b|$)/iu.test(piece)) all = true;
    else if (found) for (const id of found.ids) ids.add(id);
    if (found ? !found.whole : !/^all(?:[ \t]+requirements?\b|$)/iu.test(piece)) unknown.push(piece);
  }
  return { ids: [...ids], all, unknown };
};

/** The list behind `_Requirements:` and the like, or behind `_Depends:`. */
export const labelled = (text: string): { label: 'requirements' | 'depends'; list: string } | undefined => {
  const plain = text.replace(/^[\s*_`]+/u, '');
  const requirements = REQUIREMENTS.exec(plain)?.groups?.['list'];
  if (requirements !== undefined) return { label: 'requirements', list: requirements };
  const depends = DEPENDS.exec(plain)?.groups?.['list'];
  return depends === undefined ? undefined : { label: 'depends', list: depends };
};
