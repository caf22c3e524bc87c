import type { Instance } from '../../state/instances.ts';
import type { Style } from '../widgets/paint.ts';

const isHex = (text: string): text is `#${string}` => /^#[\da-f]{6}$/i.test(text);

/** How an instance's name is written wherever it stands. */
export const nameStyle = ({ peacock_theme: { primary_color } }: Instance): Style =>
  isHex(primary_color) ? { color: primary_color } : {};
