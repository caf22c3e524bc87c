// All sequences that a terminal would act on: CSI, OSC/DCS/APC/PM/SOS with their bodies, two-character escapes, C0 and C1.
const CONTROL =
  /\u001B\[[0-?]*[ -/]*[@-~]|\u001B[\]PX^_][^\u0007\u001B]*(?:\u0007|\u001B\\)?|\u001B[ -/]*[0-~]?|\u009B[0-?]*[ -/]*[@-~]|[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/gu;

/** The text without anything a terminal would act on. Tabs and line feeds stay. */
export const withoutControls = (text: string): string => text.replace(CONTROL, '');

// Nobody sees these, or sees where they stand: controls, marks of direction, joiners, fillers, blanks that are no space.
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Z}\p{Cs}\p{Co}\p{Cn}]|[\u034F\u115F\u1160\u17B4\u17B5\u2800\u3164\uFFA0]|\p{Variation_Selector}/gu;
/** Of these a space and what lines are made of can be told from their place. */
const LAYOUT = /^[ \n\t]$/u;

const unseenIn = (text: string): readonly string[] => (text.match(UNSEEN) ?? []).filter((one) => !LAYOUT.test(one));

/** Joiners and signs for colour belong to the pictures between which they stand. */
const isPartOfPicture = (text: string, at: number, one: string): boolean =>
  /^[\u200D\uFE0F]$/u.test(one) &&
  /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)$/u.test(text.slice(Math.max(0, at - 2), at));

/** Whether there is something in a text that nobody sees. */
export const hasUnseen = (text: string): boolean => unseenIn(text).length > 0;

const escaped = (unseen: string): string =>
  Array.from({ length: unseen.length }, (_, at) => `\\u${unseen.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
    '',
  );

/**
 * The text as it is to be seen: what nobody sees, or what would turn or hide other parts of it, is written as an escape
 * like `\u202e`. Lines and tabs stay. Only what is shown goes through it; what is kept or handed on is as it was.
 */
export const shown = (text: string): string =>
  text.replace(UNSEEN, (one, at: number) => (LAYOUT.test(one) || isPartOfPicture(text, at, one) ? one : escaped(one)));

/** The same in one line, with a sign where lines end. */
export const shownLine = (text: string): string =>
  shown(text)
    .trim()
    .replace(/\s*\n\s*/gu, ' ⏎ ')
    .replace(/\s+/gu, ' ');

const WRITTEN: Readonly<Record<string, string>> = { ' ': ' ', '\n': '\\n', '\t': '\\t' };

/** The text in one line in which no two texts look the same: lines, joiners and a backslash of its own are written out too. */
export const visible = (text: string): string =>
  text.replaceAll('\\', '\\\\').replace(UNSEEN, (one) => WRITTEN[one] ?? escaped(one));

/** The lines of what a program printed, without empty ones. */
export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** The text as one printable line. */
export const oneLine = (text: string): string => withoutControls(text).replace(/\s+/gu, ' ').trim();

/** Cut to a number of characters, with an ellipsis when something is missing. */
export const shorten = (text: string, length: number): string => {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, Math.max(0, length - 1)).join('')}…`;
};

/** A word that a POSIX shell reads as exactly this text. */
export const shellQuote = (text: string): string =>
  /^[\w@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** Lower-case ASCII words joined by hyphens, for branch names and the like; may be empty. */
export const slug = (text: string, length = 40): string =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036F]/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .slice(0, length)
    .replace(/^-+|-+$/gu, '');

/** Damerau-Levenshtein distance (neighbours swapped count as one). */
export const distance = (a: string, b: string): number => {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
};

/** The candidate nearest to a mistyped word, if any is near enough to be meant. */
export const nearest = (word: string, candidates: Iterable<string>): string | undefined => {
  const limit = word.length <= 3 ? 1 : 2;
  let best: { candidate: string; cost: number } | undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const cost = distance(word.toLowerCase(), candidate.toLowerCase());
    if (cost <= limit && cost < (best?.cost ?? Number.POSITIVE_INFINITY)) best = { candidate, cost };
  }
  return best?.candidate;
};
