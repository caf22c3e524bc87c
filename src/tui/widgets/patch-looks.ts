import type { PatchPart } from '../../text/patch-parts.ts';
import type { Style } from './paint.ts';

/** How the parts of a change look, wherever one is shown. */
export const PATCH_LOOKS = {
  head: { bold: true },
  hunk: { color: 'cyan', dim: true },
  added: { color: 'green' },
  removed: { color: 'red' },
} as const satisfies Readonly<Record<PatchPart, Style>>;
