import type { Mistake } from '../items/item.ts';
import { ancestors } from './number.ts';
import type { Reading, SpecDraft } from './spec-reading.ts';

/** A name as it is compared: without marks, case, and what says only that the thing is finished. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[*_`#“”"'’]/gu, '')
    .replace(/\([^)]*\)/gu, ' ')
    .replace(/^all .* (?:from|of|in) (?=\S+ \d)/u, '')
    .replace(/\b(?:is |are |must be )?(?:completed?|done|finished|merged)\b/gu, ' ')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .replace(/\s+/gu, ' ')
    .trim();

/** Whether a title is meant by a name: it is the name, or begins with it as a whole. */
const means = (name: string, title: string): boolean =>
  title === name || (title.startsWith(name) && /^[^\p{L}\p{N}]/u.test(title.slice(name.length)));

const SHORTEST = 3;

type Titles = { readonly draft: SpecDraft; readonly own: string; readonly around: readonly string[] };

/** Numbers of the tasks whose own title, or the title of a heading around them, is meant by a name. */
const meantBy = (all: readonly Titles[], name: string, by: SpecDraft): string[] => {
  const wanted = plain(name);
  if (wanted.length < SHORTEST) return [];
  const byTitle = all.filter(({ draft, own }) => draft !== by && means(wanted, own));
  const found = byTitle.length > 0 ? byTitle : all.filter(({ around }) => around.some((title) => means(wanted, title)));
  return found.some(({ draft }) => draft === by) ? [] : found.map(({ draft }) => draft.number);
};

const unclear = (number: string, { line, text }: { line: number; text: string }): Mistake => ({
  line,
  message: `task ${number} depends on “${text}”, which is no task of this plan`,
  fix: 'Name tasks by their numbers, e.g. `_Depends: 2.1, 3_`, or write `_Depends: none_` and the rest as a plain bullet.',
});

/** Adds the tasks that a draft names by words to what it depends on; gives the mistakes of names that nothing has. */
const addNamed = (draft: SpecDraft, all: readonly Titles[]): Mistake[] =>
  draft.names.flatMap((name) => {
    const numbers = meantBy(all, name.text, draft);
    for (const number of numbers) draft.depends.add(number);
    return numbers.length === 0 ? [unclear(draft.number, name)] : [];
  });

/** Turns prerequisites that are named by words into numbers; a name that nothing has is a mistake. */
export const resolveNames = ({ drafts, mistakes }: Reading): void => {
  const list = [...drafts.values()];
  if (list.every(({ maybe, names }) => maybe.length === 0 && names.length === 0)) return;
  const known = new Set(list.flatMap(({ number }) => [number, ...ancestors(number)]));
  for (const draft of list) for (const id of draft.maybe) if (known.has(id)) draft.depends.add(id);
  const naming = list.filter(({ names }) => names.length > 0);
  const all = list.map((draft) => ({
    draft,
    own: plain(draft.title),
    around: draft.sections.map(({ title }) => plain(title)),
  }));
  for (const draft of naming) mistakes.push(...addNamed(draft, all));
};
