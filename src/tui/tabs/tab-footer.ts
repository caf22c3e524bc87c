import { isNamed, KEY_TABLE } from '../control/key-table.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import type { Piece } from '../widgets/pieces.ts';
import type { OpenTab, TabKey } from './tab.ts';
import { isRead, placeOfMatch } from './tab-search.ts';
import { selectedLine } from './tab-window.ts';

type Key = (label: string, help: string) => readonly Piece[];

/** The key that shows what is left out, or leaves it out again; none where nothing is. */
const foldKey = ({ tab, context: { own } }: OpenTab, key: Key): readonly Piece[] => {
  const folded = tab.folds?.(own) ?? null;
  if (folded === null) return [];
  const [more, less] = typeof folded === 'string' ? [`all ${folded}`, `fold ${folded}`] : folded;
  return key('z', own.isUnfolded ? less : more);
};

/** Whether a key does something for what is shown, and for the line that is selected. */
const isOfUse = ({ body, context }: OpenTab, { action, command, isOfUse: is }: TabKey): boolean => {
  const selected = selectedLine(body, context.own);
  const line = selected && body.columns[selected.column]?.lines[selected.index];
  if (line?.about === null) return action === 'open' && line.shows !== undefined;
  const id = line?.about ?? line?.id ?? null;
  return (is?.(context, id) ?? true) && (!command || id === null || command(id, context) !== null);
};

/** A text that is looked for, as it is typed. */
const searchLine = (text: string): readonly Piece[] => [
  { text: ' / ', bold: true },
  { text },
  { text: '▏', bold: true },
  { text: '   ' },
];

/** What is looked for, which of its matches is gone to, and the keys that go to the others. */
export const searchKeys = (text: string, { place, count }: { place: number; count: number }, key: Key) => [
  ...searchLine(text),
  ...(text === ''
    ? []
    : [count === 0 ? { text: 'nothing found ', color: 'red' as const } : { text: `${place} of ${count} `, dim: true }]),
  ...(count > 1 ? [...key('Enter ↓', 'next'), ...key('↑', 'before')] : []),
  ...key('Esc', 'end the search'),
];

/** The footer of a view other than the panes, or of a filter that is being typed; null elsewhere. */
export const tabFooter = ({ screen, open }: ScreenModel, key: Key): readonly Piece[] | null => {
  const { filter } = screen.tabs.states[screen.tabs.open];
  if (screen.tabs.isFiltering) return [...searchLine(filter), ...key('Enter', 'keep'), ...key('Esc', 'show all')];
  const { searched } = screen.tabs;
  if (searched !== null && open && screen.focus === 'panes')
    return searchKeys(searched, placeOfMatch(open, searched), key);
  const narrowed = filter === '' ? [] : [{ text: ` / ${filter} `, color: 'yellow', bold: true } as const];
  if (!open || screen.focus !== 'panes') return narrowed.length > 0 ? narrowed : null;
  const { tab, context } = open;
  const mode = tab.modes[context.own.mode];
  return [
    ...narrowed,
    ...tab.keys
      .filter((own) => isNamed(own.action, context.attention.maySay) && isOfUse(open, own))
      .flatMap(({ action, help, helpNow }) => key(KEY_TABLE[action].label, helpNow?.(context) ?? help)),
    ...foldKey(open, key),
    ...(mode === undefined ? [] : key('v', `as ${tab.modes[(context.own.mode + 1) % tab.modes.length]}`)),
    ...key('/', tab.queriesByFilter || isRead(screen.tabs) ? 'search' : 'filter'),
    ...key('Esc', filter === '' ? 'agents' : 'show all'),
    ...key('?', 'keys'),
  ];
};
