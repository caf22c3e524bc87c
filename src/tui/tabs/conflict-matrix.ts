import type { State } from '../../state/index.ts';
import { conflictText, sideName } from '../../text/conflict-text.ts';
import { isClash } from '../../state/conflicts.ts';
import { CONFLICT_SIGN } from '../model/conflict-marks.ts';
import { nameStyle } from '../model/instance-style.ts';
import { fitText, type Piece } from '../widgets/pieces.ts';
import type { TabLine } from './tab.ts';

/** So many agents have a row and a column; of more it is said how many there are. */
const MOST = 9;
/** So many of them are told in words. */
const MOST_TEXTS = 4;
/** Cells of a name. */
const NAME = 14;

/** Who would conflict with whom, and about what; nothing where no conflict is foreseen. */
export const conflictLines = ({ predicted, instances }: Pick<State, 'predicted' | 'instances'>): readonly TabLine[] => {
  const clashes = Object.values(predicted).filter(isClash);
  if (clashes.length === 0) return [];
  const all = [...new Set(clashes.flatMap((one) => one.instances))].toSorted();
  const shown = all.slice(0, MOST);
  const names = new Map(clashes.flatMap((one) => one.instances.map((id, i) => [id, sideName(one, i === 0 ? 0 : 1)])));
  const clash = (a: string, b: string): boolean =>
    clashes.some(({ instances: pair }) => pair.includes(a) && pair.includes(b));
  const cell = (a: string, b: string): Piece => {
    if (a === b) return { text: ' · ', dim: true };
    return clash(a, b) ? { text: CONFLICT_SIGN.padEnd(2), color: 'yellow', bold: true } : { text: '   ' };
  };
  const head: readonly Piece[] = [
    { text: 'would conflict'.padEnd(NAME + 2), bold: true, color: 'yellow' },
    ...shown.map((_id, i): Piece => ({ text: ` ${i + 1} `, dim: true })),
  ];
  const rows = shown.map((id, i): TabLine => {
    const instance = instances[id];
    const name: Piece = { ...(instance && nameStyle(instance)), text: fitText(id, NAME).padEnd(NAME) };
    const task = names.get(id) ?? '';
    const pieces = [{ text: `${i + 1} `, dim: true }, name, ...shown.map((other) => cell(id, other))];
    return { pieces: [...pieces, { text: task === id ? '' : ` ${task}`, dim: true }] };
  });
  const rest = all.length > MOST ? [{ pieces: [{ text: `and ${all.length - MOST} more agents`, dim: true }] }] : [];
  const about = clashes.slice(0, MOST_TEXTS).map((one): TabLine => ({ pieces: [{ text: `  ${conflictText(one)}` }] }));
  return [{ pieces: head }, ...rows, ...rest, ...about];
};
