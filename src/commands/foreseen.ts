import type { Standing } from './define.ts';
import type { Understood } from './dispatch.ts';
import { nothingToDo } from './errors.ts';
import { namesUnknown } from './named.ts';
import { requireSome } from './selection.ts';

/** Whether only git, files, terminals or the journal tell if a command can be done. */
export const isUnsure = ({ command, params, meaning }: Understood, standing: Standing): boolean =>
  namesUnknown(standing.state, command, params) ||
  command.unsure?.(standing, params as never, meaning.modifiers) === true;

/** Refuses a command whose words select nobody, as the command itself does. */
export const refuseNobody = ({ command, params }: Understood): void => void requireSome([], command.noun, params);

/** Whether a command was refused because it says nothing that could be done: words may be missing. */
export const isNothing = (error: unknown): boolean => nothingToDo.matches(error);
