import { lstatSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isRecord } from '../../lib/entry.ts';
import { includedIn } from '../../state/included.ts';

/** Whatever is longer is no list of files, in bytes. */
const LONGEST = 64 * 1024;

/** The patterns of the `.worktreeinclude` beside the folder of a file of settings; none where there is no such file. */
export const includedBeside = (file: string): readonly string[] => {
  const path = join(dirname(dirname(file)), '.worktreeinclude');
  try {
    const found = lstatSync(path);
    return found.isFile() && found.size <= LONGEST ? includedIn(readFileSync(path, 'utf8')) : [];
  } catch {
    return [];
  }
};

/** What a repository asks for: what its file of settings says, and which files of the checkout its `.worktreeinclude` names. */
export const withIncluded = (values: unknown, file: string): unknown => {
  const included = includedBeside(file);
  if (included.length === 0 || !isRecord(values)) return values;
  const worktrees = values['worktrees'] ?? {};
  return isRecord(worktrees) ? { ...values, worktrees: { ...worktrees, included } } : values;
};
