const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);

/** What the stars and question marks of a path stand for. */
const PATH_WILDCARDS: ReadonlyMap<string, string> = new Map([
  ['?', '[^/]'],
  ['**/', '(?:.*/)?'],
  ['*', '[^/]*'],
]);

const partSource = (part: string, isPath: boolean): string => {
  if (isPath && /^(?:\?|\*+\/?)$/u.test(part)) return PATH_WILDCARDS.get(part) ?? (part.endsWith('/') ? '.*/' : '.*');
  return /^\*+$/u.test(part) ? '.*' : escapeRegExp(part);
};

/** `*` stands for anything; in paths for anything but `/`, `**` for anything, and `?` for one character. */
export const wildcard = (pattern: string, isPath: boolean): RegExp => {
  const parts = pattern.split(isPath ? /(?<star>\*\*\/|\*+|\?)/u : /(?<star>\*+)/u);
  return new RegExp(`^${parts.map((part) => partSource(part, isPath)).join('')}$`, 'su');
};
