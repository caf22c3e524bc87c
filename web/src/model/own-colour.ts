import { shadesOf } from '../../../src/lib/palette.ts';
import { makeReadable } from '../../../src/tui/theme/contrast.ts';
import { BY_BACKGROUND } from '../../../src/tui/theme/themes.ts';

/** What the system prefers. */
export type Scheme = 'dark' | 'light';

/** The background of panels, as styles/theme.css has it. */
const PANEL: Readonly<Record<Scheme, number>> = { dark: 0x161a20, light: 0xffffff };

const hex = (rgb: number): `#${string}` => `#${rgb.toString(16).padStart(6, '0')}`;

/**
 * The colour in which an agent is written: the shade of its primary colour that the screen uses, so that both show the
 * same, made readable where a colour has no shade of its own.
 */
export const ownColour = (primary: string, scheme: Scheme): `#${string}` | undefined => {
  if (!/^#[\da-f]{6}$/iu.test(primary)) return undefined;
  const rgb = Number.parseInt(primary.slice(1), 16);
  const shade = shadesOf(rgb)?.[scheme === 'light' ? 'onLight' : 'onDark'] ?? rgb;
  return hex(makeReadable(shade, PANEL[scheme], BY_BACKGROUND[scheme].contrast));
};
