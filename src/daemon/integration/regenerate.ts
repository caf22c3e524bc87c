import { checkProblem } from '../../tasks/check-problem.ts';
import { runCheck } from '../actions/run-check.ts';
import { integrationPorts } from '../actions/worktree-ports.ts';
import { readRealFile } from '../real-file.ts';
import type { DaemonServices } from '../services.ts';
import { integrationWorktree } from './integration-worktree.ts';

/** A file made by a program is read up to this size. */
const LARGEST = 32 * 1024 * 1024;

/** A merge that is resolved but for files which programs make anew. */
export type Draft = { readonly ours: string; readonly theirs: string; readonly tree: string };

/**
 * Has a program of the person's configuration make a file anew, in the integration worktree with everything else as it is
 * merged; the text of the file, or why there is none.
 */
export const regenerate = async (
  services: DaemonServices,
  { ours, theirs, tree }: Draft,
  { path, command }: { readonly path: string; readonly command: string },
): Promise<{ readonly content: string } | { readonly problem: string }> => {
  const { git, files } = services.home;
  const cwd = await integrationWorktree(services);
  const commit = await git.commitMerge({ ours, theirs, tree, edits: [], message: `Before ${path} is made anew` });
  await git.checkout(cwd, commit);
  const exit = await runCheck(services, services.home, { command, cwd, ports: integrationPorts(services) });
  const problem = checkProblem(command, exit);
  if (problem !== undefined) return { problem };
  const made = await readRealFile(files, { folder: cwd, path: `${cwd}/${path}`, limit: LARGEST });
  if (made === null) return { problem: `"${command}" left no ${path} behind` };
  return 'text' in made ? { content: made.text } : { problem: `what "${command}" made is not read: ${made.refused}` };
};
