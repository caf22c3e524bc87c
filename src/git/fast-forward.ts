import type { Mutex } from '../lib/mutex.ts';
import { oneLine } from '../lib/text.ts';
import type { Exit, Git } from '../ports/index.ts';
import { gitBusy } from './errors.ts';
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

/** So often somebody else's lock is waited for, each time as long as a call of git waits by itself. */
const TURNS = 20;

/** Makes a call once nobody is at work there; the last time it is refused as busy that stands. */
const untilFree = async (call: () => Promise<Exit>): Promise<Exit> => {
  for (let left = TURNS; ; left -= 1)
    try {
      return await call();
    } catch (error) {
      if (!gitBusy.matches(error) || left === 1) throw error;
    }
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
    const bring = () => run(args, { cwd: root, accept: 'any', outlives: true, timeoutMs: LONG_MS });
    // The one that a killed process ordered goes on to its end; after it there is nothing left to do.
    const exit = await untilFree(bring);
    return exit.code === 0 ? { kind: 'moved' } : { kind: 'refused', why: whyNot(exit, root) };
  };
