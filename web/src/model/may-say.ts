import type { Role } from '../../../src/protocol/signature.ts';
import { commandOf } from '../link/use-language.ts';
import type { LanguageAnswer } from '../../../src/web/wire.ts';
import { atLeast } from './board.ts';

type Now = {
  readonly role: Role;
  readonly language: LanguageAnswer | null;
  /** Whether somebody hears what is said. */
  readonly isLive: boolean;
};

/** Why a line may not be said; null when it may. What a line needs the registry says; of what is not read, the least that changes anything. */
export const refusalOf = (line: string, { role, language, isLive }: Now): string | null => {
  if (!isLive) return 'There is no connection: nothing can be said now.';
  const least = (language && commandOf(line, language)?.role) ?? 'operator';
  return atLeast(role, least) ? null : `This takes the role ${least}; yours is ${role}.`;
};
