import { TAB_IDS, type TabId } from './tab-ids.ts';

/** What one tab shows of its lines: the selection, how far it is scrolled, its mode and its filter. */
export type TabState = {
  /** The id of the selected line. */
  readonly cursor: string | null;
  readonly column: number;
  /** The first line that is shown, by the number of the column; one that was not scrolled is not in it. */
  readonly tops: Readonly<Record<number, number>>;
  readonly mode: number;
  readonly filter: string;
  /** What is open in the view, where it shows one thing at a time; null: the list of them. */
  readonly subject: string | null;
  /** Whether what the view leaves out at first is shown. */
  readonly isUnfolded: boolean;
  /** Where a scale of time that was scrolled begins, in milliseconds since 1970; null: it ends with what is latest. */
  readonly from: number | null;
};

export const initialTab: TabState = {
  cursor: null,
  column: 0,
  tops: {},
  mode: 0,
  filter: '',
  subject: null,
  isUnfolded: false,
  from: null,
};

export type TabStates = Readonly<Record<TabId, TabState>>;

export const initialTabs = Object.fromEntries(TAB_IDS.map((id) => [id, initialTab])) as TabStates;

/** A view as it is shown; by its name alone it is meant as it is at first. */
export type ShownView = TabId | { readonly view: TabId; readonly own: TabState };
