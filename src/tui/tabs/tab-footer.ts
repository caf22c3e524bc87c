import { isNamed, KEY_TABLE } from '../control/key-table.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import type { Piece } from '../widgets/pieces.ts';
import type { OpenTab, TabKey } from './tab.ts';
import { selectedLine } from './tab-window.ts';

type Key = (label: string, help: string) => readonly Piece[];

/** The key that shows what is left out, or leaves it out again; none where nothing is. */
const foldKey = ({ tab, context: { own } }: OpenTab, key: Key): readonly Piece[] => {
  const folded = tab.folds?.(own) ?? null;
  if (folded === null) return [];
  const [more, less] = typeof folded === 'string' ? [`all ${folded}`, `fold ${folded}`] : folded;
  return key('z', own.isUnfolded ? less : more);
};

/** Whether a key does something for the line that is selected. */
const isForLine = ({ body, context }: OpenTab, { command }: TabKey): boolean => {
  const line = selectedLine(body, context.own);
  return !command || !line || command(line.id, context) !== null;
};

/** The footer of a view other than the panes, or of a filter that is being typed; null elsewhere. */
export const tabFooter = ({ screen, open }: ScreenModel, key: Key): readonly Piece[] | null => {
  const { filter } = screen.tabs.states[screen.tabs.open];
  if (screen.tabs.isFiltering)
    return [
      { text: ' / ', bold: true },
      { text: filter },
      { text: '▏', bold: true },
      { text: '   ' },
      ...key('Enter', 'keep'),
      ...key('Esc', 'show all'),
    ];
  const narrowed = filter === '' ? [] : [{ text: ` / ${filter} `, color: 'yellow', bold: true } as const];
  if (!open || screen.focus !== 'panes') return narrowed.length > 0 ? narrowed : null;
  const { tab, context } = open;
  const mode = tab.modes[context.own.mode];
  return [
    ...narrowed,
    ...tab.keys
      .filter(({ isOfUse }) => isOfUse?.(context) ?? true)
      .filter((own) => isNamed(own.action, context.attention.maySay) && isForLine(open, own))
      .flatMap(({ action, help, helpNow }) => key(KEY_TABLE[action].label, helpNow?.(context) ?? help)),
    ...foldKey(open, key),
    ...(mode === undefined ? [] : key('v', `as ${tab.modes[(context.own.mode + 1) % tab.modes.length]}`)),
    ...key('/', tab.queriesByFilter ? 'search' : 'filter'),
    ...key('Esc', filter === '' ? 'agents' : 'show all'),
    ...key('?', 'keys'),
  ];
};
