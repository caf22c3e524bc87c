import { AppError } from '../../lib/errors.ts';
import { idsOf } from '../../protocol/complete-values.ts';
import { missing } from '../../protocol/errors.ts';
import { knownIdsIn } from '../../protocol/known-ids.ts';
import { saidId } from '../../protocol/say.ts';
import type { State } from '../../state/index.ts';

/** The command that the grammar, which knows no state, proposes where it is not said which conflict is meant. */
const EXAMPLE = /(?<verb>\w+) conflict conflict-1\b/u;

/** A refusal that proposes a conflict, with one that there is: whoever says what is proposed would be refused again. */
export const namingConflicts = (error: unknown, state: State): unknown => {
  if (!missing.matches(error)) return error;
  const verb = EXAMPLE.exec(error.hint)?.groups?.['verb'];
  if (verb === undefined) return error;
  // Only what a batch has met is remembered, and can be forgotten.
  const [id] = verb === 'forget' ? Object.keys(state.conflicts) : idsOf('conflict', knownIdsIn(state));
  const hint =
    id === undefined
      ? 'Look at "list conflicts".'
      : error.hint.replace(EXAMPLE, () => `${verb} conflict ${saidId(id)}`);
  return new AppError(error.code, error.exit, { message: error.message, hint }, error);
};
