import type { Mutex } from '../lib/mutex.ts';
import { oneLine } from '../lib/text.ts';
import type { Exit, Git } from '../ports/index.ts';
import { refOf } from './parse.ts';
import { checkoutOf, resolveWith } from './refs.ts';
import { LONG_MS, type RunGit, reasonOf } from './run.ts';

type Context = { readonly run: RunGit; readonly exclusive: Mutex; readonly moveUnused: Git['moveBranch'] };

/** Why git did not bring a checkout forward: the files that it would have overwritten, or what it said. */
const whyNot = (exit: Exit, root: string): string => {
  const files = [...exit.stderr.matchAll(/^\t(?<file>.+)$/gmu)].map(({ groups }) => oneLine(groups?.['file'] ?? ''));
  return files.length > 0
    ? `${files.join(', ')} ${files.length === 1 ? 'is' : 'are'} changed in ${root}, and would be overwritten`
    : reasonOf(exit);
};

/**
 * A fast-forward of a person's own branch. Where it is checked out git itself brings files, index and branch forward
 * together, and refuses to touch a file that was changed.
 */
export const fastForwardWith =
  ({ run, exclusive, moveUnused }: Context): Git['fastForward'] =>
  async (branch, from, to) => {
    const root = await exclusive(() => checkoutOf(run, branch));
    if (root === undefined)
      return (await moveUnused(branch, from, to))
        ? { kind: 'moved' }
        : { kind: 'refused', why: `${branch} was moved meanwhile` };
    if ((await resolveWith(run, refOf(branch))) !== from)
      return { kind: 'refused', why: `${branch} was moved meanwhile` };
    const args = ['merge', '--ff-only', '--no-stat', '--quiet', '--no-autostash', to];
    const exit = await run(args, { cwd: root, accept: 'any', outlives: true, timeoutMs: LONG_MS });
    return exit.code === 0 ? { kind: 'moved' } : { kind: 'refused', why: whyNot(exit, root) };
  };
