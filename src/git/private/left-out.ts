import { fieldsOf } from '../parse.ts';
import { occupantOf } from '../places.ts';
import { isSparse, LEFT_OUT, withMarks } from '../sparse.ts';
import { type Both, hereAt } from './both.ts';

/** Of more files than these all are asked about: an argument list has an end. */
const MOST_NAMED = 200;

/**
 * Has the repository's own index of a sparse worktree leave out what the private one does. Somebody works at a left-out file, and
 * the next checkout inside takes it away again: here alone it would look deleted.
 */
export const leaveOutAlike = async (both: Both): Promise<void> => {
  const { admin, run, inside, note } = both;
  if (!(await isSparse(admin)) || (await occupantOf(note.folder)) === 'nothing') return;
  const at = hereAt(both);
  const gone = fieldsOf((await run(['ls-files', '--deleted', '-z'], at)).stdout);
  if (gone.length === 0) return;
  const marked = new Set(await withMarks(inside.runWhole, gone.length > MOST_NAMED ? [] : gone));
  const out = gone.filter((path) => marked.has(`${LEFT_OUT}${path}`));
  const input = out.map((path) => `${path}\0`).join('');
  if (out.length > 0) await run(['update-index', '--skip-worktree', '-z', '--stdin'], { ...at, input });
};
