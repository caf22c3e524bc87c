import { applyEdits, modify, visit } from 'jsonc-parser';
import { isSameValue } from '../lib/same-value.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Fields = { readonly [key: string]: Json };

/** A change that makes the merged document of ours; without a value the key goes. */
type Change = { readonly path: readonly string[]; readonly value: Json | undefined };

/** Nobody writes JSON deeper than this by hand, and a merge calls itself for each level. */
const DEEPEST = 100;

/** Beyond so many changes a document is written anew where that gives the same text, and else not merged. */
const MOST_EDITS = 200;

/** Lists in which neither order nor number means anything: what both sides added stands in the merged one. */
const SETS: ReadonlySet<string> = new Set([
  'keywords',
  'files',
  'workspaces',
  'words',
  'ignorePatterns',
  'recommendations',
  'unwantedRecommendations',
  'trustedDependencies',
  'bundledDependencies',
]);

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const own = (fields: Fields | undefined, key: string): Json | undefined =>
  fields && Object.hasOwn(fields, key) ? fields[key] : undefined;

const isSet = (value: Json | undefined): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string') && new Set(value).size === value.length;

/** The list with what either side added; undefined where that is not all that happened. */
const unitedSets = (base: Json | undefined, ours: Json, theirs: Json): readonly string[] | undefined => {
  const before = base ?? [];
  if (!isSet(before) || !isSet(ours) || !isSet(theirs)) return undefined;
  const isGrown = (side: readonly string[]) => before.every((one) => side.includes(one));
  return isGrown(ours) && isGrown(theirs) ? [...ours, ...theirs.filter((one) => !ours.includes(one))] : undefined;
};

type Sides = { readonly base: Json | undefined; readonly ours: Json | undefined; readonly theirs: Json | undefined };

/** The changes of two objects, key by key. */
const changesWithin = (
  { base, ours, theirs }: { base: Fields | undefined; ours: Fields; theirs: Fields },
  path: readonly string[],
): readonly Change[] | undefined => {
  const changes: Change[] = [];
  for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const sides = { base: own(base, key), ours: own(ours, key), theirs: own(theirs, key) };
    const inner = changesFor(sides, [...path, key]);
    if (!inner) return undefined;
    changes.push(...inner);
  }
  return changes;
};

/** The changes that bring what theirs did into ours; undefined where both did something else at the same place. */
const changesFor = ({ base, ours, theirs }: Sides, path: readonly string[]): readonly Change[] | undefined => {
  if (isSameValue(ours, theirs) || isSameValue(base, theirs)) return [];
  if (isSameValue(base, ours)) return [{ path, value: theirs }];
  if (path.length >= DEEPEST || ours === undefined || theirs === undefined) return undefined;
  if (isFields(ours) && isFields(theirs) && (base === undefined || isFields(base)))
    return changesWithin({ base, ours, theirs }, path);
  const united = SETS.has(path.at(-1) ?? '') ? unitedSets(base, ours, theirs) : undefined;
  return united && [{ path, value: united }];
};

/** The value with a change applied: keys of ours keep their places, new ones come last. */
const withChange = (value: Json | undefined, { path, value: next }: Change): Json | undefined => {
  const [key, ...rest] = path;
  if (key === undefined) return next;
  const fields = isFields(value) ? value : {};
  const inner = withChange(own(fields, key), { path: rest, value: next });
  const kept = Object.entries(fields).filter(([name]) => inner !== undefined || name !== key);
  const isNew = !Object.hasOwn(fields, key);
  const changed = kept.map(([name, one]): [string, Json] => [name, name === key ? inner! : one]);
  return Object.fromEntries(isNew && inner !== undefined ? [...changed, [key, inner]] : changed);
};

/** Whether nothing of the text is lost in its value: a key said twice, a number beyond those of JavaScript. */
const isWhole = (text: string): boolean => {
  let whole = true;
  const keys: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => void keys.push(new Set()),
    onObjectEnd: () => void keys.pop(),
    onObjectProperty: (name) => {
      whole &&= !keys.at(-1)?.has(name);
      keys.at(-1)?.add(name);
    },
    onLiteralValue: (value, offset, length) => {
      if (typeof value === 'number') whole &&= String(value) === text.slice(offset, offset + length);
    },
  });
  return whole;
};

const parsed = (text: string): Json | undefined => {
  try {
    return isWhole(text) ? (JSON.parse(text) as Json) : undefined;
  } catch {
    return undefined;
  }
};

const indentOf = (text: string): string => /^[{[]\r?\n(?<indent>[\t ]+)/u.exec(text)?.groups?.['indent'] ?? '';

/** The value written as this text is, if that is how a program would write it. */
const writtenLike = (text: string, value: Json, next: Json): string | undefined => {
  const end = /\s*$/u.exec(text)![0];
  const indent = indentOf(text);
  return `${JSON.stringify(value, null, indent)}${end}` === text
    ? `${JSON.stringify(next, null, indent)}${end}`
    : undefined;
};

/** The text with each change made at its place, everything else as it is written there. */
const edited = (text: string, changes: readonly Change[]): string | undefined => {
  if (changes.length > MOST_EDITS) return undefined;
  const indent = indentOf(text);
  const formattingOptions = {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: Math.max(1, indent.length),
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  return changes.reduce(
    (now, { path, value }) => applyEdits(now, modify(now, [...path], value, { formattingOptions })),
    text,
  );
};

/**
 * Merges two JSON documents that were one: objects key by key, everything else as a whole, as ours is written. Undefined
 * where both sides changed the same thing differently, or one of the texts is not JSON and nothing else.
 */
export const mergeJson = (texts: { base: string | null; ours: string; theirs: string }): string | undefined => {
  const base = texts.base === null ? undefined : parsed(texts.base);
  const ours = parsed(texts.ours);
  const theirs = parsed(texts.theirs);
  if (ours === undefined || theirs === undefined || (texts.base !== null && base === undefined)) return undefined;
  const changes = changesFor({ base, ours, theirs }, []);
  if (!changes) return undefined;
  if (changes.length === 0) return texts.ours;
  const merged = changes.reduce<Json | undefined>(withChange, ours)!;
  const text = writtenLike(texts.ours, ours, merged) ?? edited(texts.ours, changes);
  // What an editor of text made must be what was meant.
  return text !== undefined && isSameValue(parsed(text), merged) ? text : undefined;
};
