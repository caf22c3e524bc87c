import { messageOf } from '../../lib/errors.ts';
import type { Git } from '../../ports/index.ts';

/** Ends what was cut off in worktrees: what was being made, and updates and checkouts. One that fails keeps no other from it. */
export const finishCutOffs = async (
  git: Pick<Git, 'clearHalfMade' | 'finishAdvances'>,
  log: (line: string) => void,
): Promise<void> => {
  const tellEach = async (end: () => Promise<readonly string[]>, line: (path: string) => string): Promise<void> => {
    try {
      for (const path of await end()) log(line(path));
    } catch (error) {
      log(`what was cut off in a worktree stays so: ${messageOf(error)}`);
    }
  };
  await tellEach(
    () => git.clearHalfMade(),
    (path) => `the worktree ${path} was being made, and is not there any more`,
  );
  await tellEach(
    () => git.finishAdvances(),
    (path) => `an update of ${path} was cut off, and is at an end now, or taken back`,
  );
};
