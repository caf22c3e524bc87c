import type { Criterion } from './spec/spec-requirements.ts';

const STOP: ReadonlySet<string> = new Set(
  'the and for with when then shall system that can want all each from this must while where are not its into'.split(
    ' ',
  ),
);

/** Words without their commonest endings, so that `tracking` and `track` are one. */
const wordsIn = (text: string): Set<string> =>
  new Set(
    (text.toLowerCase().match(/\p{L}{3,}/gu) ?? [])
      .filter((word) => !STOP.has(word))
      .map((word) => word.replace(/(?:ing|ed|es|s|ly|tion|ions)$/u, '').slice(0, 8)),
  );

/** `19` of `19.3`. */
export const requirementOf = (id: string): string => id.split('.')[0]!;

/** How much a text is about each requirement, 0 to 1, by its number: rare words that both have count most. */
export type Likeness = (text: string) => ReadonlyMap<string, number>;

/** Compares texts with the requirements of a spec. */
export const likenessTo = (criteria: ReadonlyMap<string, Criterion>): Likeness => {
  const texts = new Map<string, string>();
  for (const [id, { title, text }] of criteria) {
    const key = requirementOf(id);
    texts.set(key, `${texts.get(key) ?? title} ${text}`);
  }
  const words = new Map([...texts].map(([key, text]) => [key, wordsIn(text)]));
  const count = new Map<string, number>();
  for (const set of words.values()) for (const word of set) count.set(word, (count.get(word) ?? 0) + 1);
  const rarity = (word: string): number => (count.has(word) ? Math.log((words.size + 1) / count.get(word)!) ** 2 : 0);
  return (text) => {
    const own = [...wordsIn(text)];
    const whole = own.reduce((sum, word) => sum + rarity(word), 0);
    return new Map(
      [...words].map(([key, set]) => {
        const shared = own.reduce((sum, word) => sum + (set.has(word) ? rarity(word) : 0), 0);
        return [key, whole === 0 ? 0 : shared / whole];
      }),
    );
  };
};
