import { shownLine } from '../../lib/text.ts';
import { conflictsAt, isClash, type Predicted } from '../../state/conflicts.ts';
import { sideName } from '../../text/conflict-text.ts';
import type { Piece } from '../widgets/pieces.ts';

/** The sign of work that would conflict with that of another agent. */
export const CONFLICT_SIGN = '⚡';

const mark = (text: string): readonly Piece[] => [{ text: `${CONFLICT_SIGN} ${text} `, color: 'yellow', bold: true }];

/** With whom, and where, the work of an instance would conflict: the longest text first; none where it would not. */
export const conflictMarks = (predicted: Predicted, id: string): readonly (readonly Piece[])[] => {
  const all = conflictsAt(predicted, id).filter(isClash);
  const [first] = all;
  if (!first) return [];
  const other = shownLine(sideName(first, first.instances[0] === id ? 1 : 0));
  const more = all.length > 1 ? ` +${all.length - 1}` : '';
  const path = shownLine(first.files[0]!.path);
  return [mark(`${other} ${path}${more}`), mark(`${other}${more}`)];
};
