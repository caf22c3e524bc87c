import { type Label, labelled, readRefs } from './spec-refs.ts';

/** Where something begins, behind other text of its line, that may be a labelled list: marked, or in brackets. */
const BEGIN =
  /(?:^|(?<=[\s(（[]))(?=[_*]{1,2}\p{L}[\p{L} \t]{1,40}[*_]{0,2}[ \t]{0,3}[:：])|(?<=[(（[])(?=\p{L}[\p{L} \t]{1,40}[:：])/gu;
const MARK = /^[_*]{1,2}/u;
/** What follows a `_` that stands within a word or a path and marks nothing. */
const GOES_ON = /^[\p{L}\p{N}_*/.]*[\p{L}\p{N}/]/u;

/** The piece up to its closing mark or bracket. */
const closed = (piece: string): string => {
  const mark = MARK.exec(piece)?.[0];
  if (mark === undefined) return piece.replace(/[)）\]].*$/su, '');
  for (let end = piece.indexOf(mark, mark.length); end >= 0; end = piece.indexOf(mark, end + 1)) {
    const next = piece.slice(end + mark.length);
    // `**Depends:** 3` marks the label alone.
    const isLabel = /[:：][ \t]*$/u.test(piece.slice(0, end));
    if (!isLabel && !GOES_ON.test(next)) return piece.slice(0, end + mark.length);
  }
  return piece;
};

/** What is labelled in a text behind its other words: `Build it _Depends: 2_ _Files: src/**_`. */
export const trailersIn = (text: string): readonly string[] =>
  /[:：]/u.test(text) ? text.split(BEGIN).slice(1).map(closed) : [];

/** The labelled lists of a line, which stand alone on it or behind its other words. */
export const labelsIn = (text: string): readonly Label[] => {
  const alone = labelled(text);
  return alone ? [alone] : trailersIn(text).flatMap((trailer) => labelled(trailer) ?? []);
};

const LOOSE =
  /[\s,;.–—-](?<said>(?:depends|dependency|dependencies|prerequisites?)[ \t]*[:：]\s*(?<list>[^()（）:：]+)|(?:depends[ \t]+on|blocked[ \t]+by)[ \t]*[:：]?\s*(?<bare>[^()（）:：]+))$/iu;

/** Words at the end of a text that look as if they said what it waits for, and are not read so. */
export const looseOrderIn = (text: string): string | undefined => {
  const { said, list, bare } = LOOSE.exec(text)?.groups ?? {};
  if (said === undefined || trailersIn(text).length > 0) return undefined;
  const { ids, unknown } = readRefs(list ?? bare!);
  return ids.length > 0 && unknown.length === 0 ? said : undefined;
};
