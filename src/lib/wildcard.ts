const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);

/** What the stars of a path stand for, and `**` anywhere else as well. */
const STARS: ReadonlyMap<string, string> = new Map([
  ['**/', '(?:.*/)?'],
  ['*', '[^/]*'],
  ['**', '.*'],
]);

/** A star, or the letters between two of them, of which each has one place. */
type Part = { readonly star: string } | { readonly letters: string };

const partOf = (part: string, isPath: boolean): Part => {
  if (isPath && part === '?') return { letters: '[^/]' };
  if (isPath && STARS.has(part)) return { star: part };
  return /^\*+$/u.test(part) ? { star: '**' } : { letters: escapeRegExp(part) };
};

/** The parts with the letters that stand side by side put together. */
const joined = (parts: readonly Part[]): readonly Part[] =>
  parts.reduce<Part[]>((all, part) => {
    const before = all.at(-1);
    if ('letters' in part && before && 'letters' in before)
      all.splice(-1, 1, { letters: before.letters + part.letters });
    else if (!('letters' in part) || part.letters !== '') all.push(part);
    return all;
  }, []);

/**
 * Whether the first place of the letters behind a star will do, because the next star takes whatever this one would have. To try
 * the others as well takes a time that grows with each star by the length of the text, which may be an agent's.
 */
const willFirstDo = (star: string, next: Part | undefined): boolean =>
  next !== undefined && 'star' in next && ['*', '**'].includes(star) && (next.star === '**' || next.star === star);

const sourceOf = (parts: readonly Part[]): string => {
  let source = '';
  let groups = 0;
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at]!;
    const following = parts[at + 1];
    if ('letters' in part) source += part.letters;
    else if (following && 'letters' in following && willFirstDo(part.star, parts[at + 2])) {
      groups += 1;
      // What a look ahead has found is never looked for anew.
      source += `(?=(${STARS.get(part.star)!}?${following.letters}))\\${groups}`;
      at += 1;
    } else source += STARS.get(part.star)!;
  }
  return source;
};

/** `*` stands for anything; in paths for anything but `/`, `**` for anything, and `?` for one character. */
export const wildcard = (pattern: string, isPath: boolean): RegExp => {
  const parts = pattern.split(isPath ? /(?<star>\*\*\/|\*+|\?)/u : /(?<star>\*+)/u).map((part) => partOf(part, isPath));
  return new RegExp(`^${sourceOf(joined(parts))}$`, 'su');
};
