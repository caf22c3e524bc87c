import type { PromptState, Search } from './prompt-state.ts';
import { charactersOf, lineOf } from './prompt-text.ts';

/** Where an entry contains the query, or -1. Capitals count only where the query has some, as in many editors. */
const placeIn = (entry: string, query: string): number =>
  query === query.toLowerCase() ? entry.toLowerCase().indexOf(query) : entry.indexOf(query);

type Way = { readonly from: number; readonly step: 1 | -1; readonly other?: string | undefined };

/** The state with the first entry that has the query, from an entry on; as it is where there is none. */
const findEntry = (state: PromptState, search: Search, { from, step, other }: Way): PromptState => {
  const { history } = state;
  for (let at = from; at >= 0 && at < history.length; at += step) {
    const entry = history[at]!;
    const place = entry === other ? -1 : placeIn(entry, search.query);
    if (place < 0) continue;
    const line = lineOf(entry.slice(0, place), entry.slice(place));
    return { ...state, ...line, search: { ...search, at, missing: false } };
  }
  return { ...state, search: { ...search, missing: true } };
};

/** The search for another query: a longer one goes on where the search is, any other begins at the latest entry. */
export const searchFor = (state: PromptState, query: string): PromptState => {
  const { search, history } = state;
  if (!search) return state;
  const next = { ...search, query };
  // A query that only adds to one that was not found is not found either.
  if (search.missing && query.startsWith(search.query) && search.query !== '') return { ...state, search: next };
  const from = query.startsWith(search.query) ? (search.at ?? history.length - 1) : history.length - 1;
  if (query === '') return { ...state, ...search.before, search: { ...next, at: null, missing: false } };
  return findEntry(state, next, { from, step: -1 });
};

/** Begins a search, for the text of the line if there is any; in a search it goes on to the next match. */
export const searchHistory = (state: PromptState, direction: 'older' | 'newer'): PromptState => {
  const { search, characters, cursor, history } = state;
  if (!search) {
    const begun = { query: '', at: null, missing: false, before: { characters, cursor } };
    return searchFor({ ...state, search: begun, completion: null, recall: null, last: null }, characters.join(''));
  }
  const step = direction === 'older' ? -1 : 1;
  const at = search.at ?? history.length;
  return findEntry(state, search, {
    from: at + step,
    step,
    other: search.at === null ? undefined : history[search.at],
  });
};

/** The query without its last character. */
export const shorterQuery = ({ query }: Search): string => charactersOf(query).slice(0, -1).join('');
