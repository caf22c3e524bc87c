/** Ids that a `_Requirements:_` or `_Depends:_` line names. */
type Refs = {
  readonly ids: readonly string[];
  /** “All requirements”. */
  readonly all: boolean;
  /** Pieces that are neither an id nor a range that can be spelled out. */
  readonly unknown: readonly string[];
};

const REQUIREMENTS =
  /^(?:requirements?(?:[ \t]+covered)?|validates|(?:validates|implements|covers|satisfies)[ \t]+requirements?|要件|対応要件|需求|要求|요구사항|requisitos?|anforderung(?:en)?|exigences?|требовани[ея])[ \t]*[*_]*[ \t]*[:：][ \t]*(?<list>.+)$/iu;
const DEPENDS =
  /^(?:depends(?:[ \t]+on)?|dependency|dependencies|prerequisites?|blocked[ \t]+by)[ \t]*[*_]*[ \t]*[:：][ \t]*(?<list>.+)$/iu;
const NOISE = /\b(?:requirements?|reqs?|criteria|criterion|tasks?|tests?|and)\b(?!-)|&/giu;
const PIECE =
  /(?:(?<major>\d+)\.)?(?<from>\d+)[ \t]*(?:[-–—]|\.\.|\bto\b)[ \t]*(?:(?<major2>\d+)\.)?(?<to>\d+)(?![\w.])|(?<id>(?:[A-Z][A-Z_]{0,19}(?:-[A-Z][A-Z_]{0,19}){0,3})?-?\d+(?:\.\d+)*(?:\.?[a-z]|\.x)?)(?![\w.])/giu;
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

/** `R1.1` and `REQ-1.1` mean 1.1, and `4.x` all of 4. */
const plainId = (id: string): string => id.replace(/^(?:R|REQ)-?(?=\d)/iu, '').replace(/\.x$/iu, '');

const TOKEN_RANGE =
  /(?<![\w.])(?<head>[A-Z]{1,10}-?)(?<from>\d{1,6})[ \t]*(?:[-–—]|\.\.|\bto\b|\bthrough\b)[ \t]*\k<head>(?<to>\d{1,6})(?![\w.])/gu;

/** `T003-T005` → `T003, T004, T005`. */
const withTokenRanges = (text: string): string =>
  text.replace(TOKEN_RANGE, (whole, head: string, from: string, to: string) => {
    const numbers = spelledOut({ from, to });
    return numbers?.map((number) => `${head}${number.padStart(from.length, '0')}`).join(', ') ?? whole;
  });

type Ids = { readonly ids: readonly string[]; readonly whole: boolean };

/** Ids of a piece that holds nothing else; undefined when there is anything else in it. */
const onlyIds = (piece: string): Ids | undefined => {
  const text = piece.replace(NOISE, ' ').trim();
  if (text === '' || text.replace(PIECE, '').trim() !== '') return undefined;
  const ids: string[] = [];
  let whole = true;
  for (const { groups = {} } of text.matchAll(PIECE)) {
    if (groups['id'] !== undefined) ids.push(plainId(groups['id']));
    else {
      const range = spelledOut(groups);
      whole &&= range !== undefined;
      ids.push(...(range ?? [dotted(groups['major'], groups['from']), dotted(groups['major2'], groups['to'])]));
    }
  }
  return { ids, whole };
};

const EXPLAINED = /^(?<id>(?:[A-Z]{1,6}-?)?\d+(?:\.\d+)*)[ \t]+[-–—:][ \t]+\p{L}/iu;

/** Ids of one piece between commas; `US-011.6 - upload` names the id and says what it is. */
const idsOf = (piece: string): Ids | undefined => {
  const id = EXPLAINED.exec(piece)?.groups?.['id'];
  return id === undefined ? onlyIds(piece) : { ids: [plainId(id)], whole: true };
};

/** What is not in parentheses, and what is: `1.1 (speed)` explains, `Core (1.1, 1.2)` names. */
const splitParentheses = (list: string): { text: string; inside: readonly string[] } => {
  const inside: string[] = [];
  if (!/[(（]/u.test(list)) return { text: list, inside };
  const text = list.replace(/[(（](?<inside>[^()（）]*)[)）]/gu, (_, content: string) => {
    inside.push(content);
    return ' ';
  });
  return { text, inside };
};

const ALL = /^all(?:[ \t]+(?:\p{L}+[ \t]+)?requirements?\b|$)/iu;
const NOTHING = /^(?:none\b.*|n\/a|-|—|nothing|なし|无|無)$/iu;

const piecesOf = (text: string): string[] =>
  text
    .split(/[,;、，；]/u)
    .map((part) => part.replace(/^[\s*_`[(]+|[\s*_`\]).]+$/gu, ''))
    .filter((piece) => piece !== '' && !NOTHING.test(piece));

/** Ids, “all” and what is neither, in a text that has no parentheses. */
const readPieces = (text: string): { ids: ReadonlySet<string>; all: boolean; unknown: readonly string[] } => {
  const ids = new Set<string>();
  const unknown: string[] = [];
  let all = false;
  for (const piece of piecesOf(text)) {
    const found = idsOf(piece);
    const isAll = ALL.test(piece);
    if (isAll) all = true;
    else for (const id of found?.ids ?? []) ids.add(id);
    if (found ? !found.whole : !isAll) unknown.push(piece);
  }
  return { ids, all, unknown };
};

/** Reads a list such as `1.1, 2.1-2.3 (speed), All requirements - quality`. Prose is never cut up into ids. */
export const readRefs = (list: string): Refs => {
  const { text, inside } = splitParentheses(withTokenRanges(list));
  const { ids, all, unknown } = readPieces(text);
  if (ids.size > 0 || all || unknown.length === 0) return { ids: [...ids], all, unknown };
  // Nothing but words before the parentheses: what they hold may be meant.
  const named = inside.flatMap(piecesOf).map(onlyIds);
  if (named.length === 0 || named.includes(undefined)) return { ids: [], all, unknown };
  return { ids: [...new Set(named.flatMap((found) => found!.ids))], all, unknown: [] };
};

export type Label = { readonly label: 'requirements' | 'depends'; readonly list: string };

/** The list behind `_Requirements:` and the like, or behind `_Depends:`. */
export const labelled = (text: string): Label | undefined => {
  const plain = text.replace(/^[\s*_`]+/u, '');
  const requirements = REQUIREMENTS.exec(plain)?.groups?.['list'];
  if (requirements !== undefined) return { label: 'requirements', list: requirements };
  const depends = DEPENDS.exec(plain)?.groups?.['list'];
  return depends === undefined ? undefined : { label: 'depends', list: depends };
};

const BARE = /^[*_]*(?:depends[ \t]+on|blocked[ \t]+by)[ \t]+(?<list>.+?)[*_]*$/iu;
const IN_WORDS = /[(（](?<how>depends[ \t]+on|blocked[ \t]+by|needs|requires|after)[ \t]+(?<list>[^()（）]+)[)）]/giu;

/** Prerequisites that a title or a bullet names in its own words: `(depends on 3)`, `Depends on 3`. */
type Worded = {
  readonly ids: readonly string[];
  /** Numbers that are meant only where tasks have them: `(needs 4.1)` is one, `(requires 18)` may be none. */
  readonly maybe: readonly string[];
  readonly unknown: readonly string[];
};

const NO_WORDS: Worded = { ids: [], maybe: [], unknown: [] };

export const worded = (text: string): Worded => {
  if (!/[(（]|^[*_]*(?:depends|blocked)/iu.test(text)) return NO_WORDS;
  const found = { ids: [] as string[], maybe: [] as string[], unknown: [] as string[] };
  const bare = BARE.exec(text)?.groups?.['list'];
  const refs = bare === undefined ? undefined : readRefs(bare);
  if (refs && refs.unknown.length === 0) found.ids.push(...refs.ids);
  for (const { groups = {} } of text.matchAll(IN_WORDS)) {
    const said = groups['list']!;
    const { ids, unknown } = readRefs(said.split(';')[0]!);
    const isPlain = /^(?:depends|blocked)/iu.test(groups['how']!);
    if (unknown.length > 0 && isPlain && /\d|\b(?:tasks?|phase|step)\b/iu.test(said)) found.unknown.push(said);
    if (unknown.length === 0) found[isPlain ? 'ids' : 'maybe'].push(...ids);
  }
  return found;
};
