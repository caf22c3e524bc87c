import type { ConflictedFile, ConflictSide, Git } from '../../ports/index.ts';
import { blobText } from '../objects.ts';
import type { RunGit } from '../run.ts';
import { isFile, type Merging } from './merges.ts';
import type { MergedFile } from './parse-merges.ts';

/** The texts of so many files are read. */
const MOST_FILES = 20;

const fileOf = async (run: RunGit, { path, stages }: MergedFile): Promise<ConflictedFile> => {
  const sideOf = async (stage: number): Promise<ConflictSide | null> => {
    const staged = stages.get(stage);
    return staged ? { ...staged, text: isFile(staged.mode) ? await blobText(run, staged.id) : null } : null;
  };
  const [base, ours, theirs] = await Promise.all([1, 2, 3].map(sideOf));
  return { path, base: base!, ours: ours!, theirs: theirs! };
};

/** What two works have in the files in which they exclude each other. */
export const clashTextsWith =
  (merge: Merging): Git['clashTexts'] =>
  (ours, theirs) =>
    merge([[ours, theirs]], ([outcome = []], run) =>
      Promise.all(outcome.slice(0, MOST_FILES).map((file) => fileOf(run, file))),
    );
