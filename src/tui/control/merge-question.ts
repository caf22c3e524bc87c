import { FEW_MERGES } from '../../attention/step.ts';
import type { Hint } from '../../ports/hint.ts';
import { askingText } from '../../text/hint-words.ts';

/** Whether the screen asks before so many tasks are merged at once. */
export const isMuch = (merges: readonly unknown[] | undefined): boolean => (merges?.length ?? 0) > FEW_MERGES;

/** Whether a command asks first, the daemon or the screen, in two or three words; undefined where it does not. */
export const askingOf = (known: Extract<Hint, { readonly kind: 'ok' }>): string | undefined =>
  isMuch(known.merges) ? 'asks first' : askingText(known);
