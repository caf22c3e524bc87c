import type { Instance } from '../../state/instances.ts';
import type { Style } from '../widgets/paint.ts';

const isHex = (text: string): text is `#${string}` => /^#[\da-f]{6}$/i.test(text);

/** The colour in which the name of an instance is written everywhere. */
export const nameStyle = ({ peacock_theme: { primary_color } }: Instance): Style =>
  isHex(primary_color) ? { color: primary_color } : {};
